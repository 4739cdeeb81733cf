#version 330
// Darker towards the corners, by the fourth power of the cosine as in a lens; round on any wall.

uniform sampler2D picture;
uniform vec2 resolution;

uniform float amount;  // 0.4 [0, 1] how dark the corners are
uniform float middle;  // 0.25 [0, 1] how large the part is that stays bright

in vec2 uv;
out vec4 colour;

void main() {
    vec2 from = (uv - 0.5) * resolution / length(resolution) * 2.0;
    float out_there = max(length(from) - middle, 0.0) / (1.0 - middle + 1e-3);
    float cosine = inversesqrt(1.0 + out_there * out_there * 1.4 * amount);
    cosine *= cosine;
    colour = texelFetch(picture, ivec2(gl_FragCoord.xy), 0) * (cosine * cosine);
}
