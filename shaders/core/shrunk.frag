#version 330
// A picture as a few colours, every one the mean of 4x4 points spread over its cell. What is not
// inside counts as what is next to it inside.
uniform sampler2D picture;
uniform vec2 size;    // of this target
uniform vec4 inside;  // texels: left, top, right, bottom
in vec2 uv;
out vec4 colour;

void main() {
    vec4 limits = inside / vec2(textureSize(picture, 0)).xyxy;
    vec3 sum = vec3(0.0);
    for (int i = 0; i < 16; i++) {
        vec2 p = (vec2(i & 3, i >> 2) - 1.5) * 0.25 / size;
        sum += textureLod(picture, clamp(uv + p, limits.xy, limits.zw), 0.0).rgb;
    }
    colour = vec4(sum / 16.0, 1.0);
}
