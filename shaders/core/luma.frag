#version 330
// 16x9 means of the luma that was presented, each from 25 points spread over its cell.
uniform sampler2D picture;
in vec2 uv;
out vec4 colour;

void main() {
    vec2 size = vec2(textureSize(picture, 0));
    vec2 cell = size / vec2(16.0, 9.0);
    vec2 corner = floor(gl_FragCoord.xy) * cell;
    float sum = 0.0;
    for (int i = 0; i < 25; i++) {
        vec2 p = corner + cell * (vec2(i % 5, i / 5) + 0.5) / 5.0;
        sum += dot(texelFetch(picture, ivec2(p), 0).rgb, vec3(0.2126, 0.7152, 0.0722));
    }
    colour = vec4(sum / 25.0);
}
