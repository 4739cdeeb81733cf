#version 330
// A Gaussian along one axis, sigma 2 pixels, by nine texels.
uniform sampler2D picture;
uniform ivec2 axis;
out vec4 colour;

const float W[5] = float[](0.2042, 0.1802, 0.1238, 0.0663, 0.0276);

void main() {
    ivec2 p = ivec2(gl_FragCoord.xy);
    ivec2 last = textureSize(picture, 0) - 1;
    vec4 sum = texelFetch(picture, p, 0) * W[0];
    for (int i = 1; i < 5; i++) {
        sum += texelFetch(picture, min(p + axis * i, last), 0) * W[i];
        sum += texelFetch(picture, max(p - axis * i, ivec2(0)), 0) * W[i];
    }
    colour = sum;
}
