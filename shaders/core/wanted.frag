#version 330
// What would be presented, as the means of 64x36 cells in linear light, each from 16 points.
uniform sampler2D canvas;
uniform sampler2D ghost;
uniform float ghost_weight;
uniform float light;
out vec4 colour;

void main() {
    vec2 cell = vec2(textureSize(canvas, 0)) / vec2(64.0, 36.0);
    vec2 corner = floor(gl_FragCoord.xy) * cell;
    vec3 sum = vec3(0.0);
    for (int i = 0; i < 16; i++) {
        ivec2 p = ivec2(corner + cell * (vec2(i % 4, i / 4) + 0.5) / 4.0);
        vec3 shown = texelFetch(canvas, p, 0).rgb;
        if (ghost_weight > 0.0) shown = mix(shown, texelFetch(ghost, p, 0).rgb, ghost_weight);
        sum += clamp(shown * light, 0.0, 1.0);
    }
    colour = vec4(sum / 16.0, 1.0);
}
