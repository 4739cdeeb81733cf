#version 330
// The canvas as it goes to the wall: the remembered picture dissolving away, the master's light,
// and sRGB in eight bits, dithered so that dark skies do not band.
uniform sampler2D canvas;
uniform sampler2D ghost;
uniform float ghost_weight;
uniform float light;
out vec4 colour;

vec3 encode(vec3 x) {
    vec3 high = 1.055 * pow(max(x, 1e-6), vec3(1.0 / 2.4)) - 0.055;
    return mix(high, x * 12.92, vec3(lessThanEqual(x, vec3(0.0031308))));
}

// Interleaved gradient noise (Jimenez 2014), in (-0.5, 0.5) of one of 255 steps.
float dither(vec2 p) {
    return (fract(52.9829189 * fract(dot(p, vec2(0.06711056, 0.00583715)))) - 0.5) * (0.98 / 255.0);
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    vec3 shown = texelFetch(canvas, here, 0).rgb;
    if (ghost_weight > 0.0) shown = mix(shown, texelFetch(ghost, here, 0).rgb, ghost_weight);
    colour = vec4(encode(clamp(shown * light, 0.0, 1.0)) + dither(gl_FragCoord.xy), 1.0);
}
