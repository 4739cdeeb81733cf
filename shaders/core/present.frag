#version 330
// The canvas as it goes to the wall: the remembered picture dissolving away, the master's light, the
// flash guard's easing, the ceiling, and sRGB in eight bits, dithered so that dark skies do not band.
uniform sampler2D canvas;
uniform sampler2D ghost;
uniform float ghost_weight;
uniform float light;
uniform sampler2D easing;  // below 0 the share of light to take, above 0 the light to add
uniform float ceiling;     // the brightest light, 1 is white
in vec2 uv;
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
    shown = clamp(shown * light, 0.0, 1.0);
    vec3 ease = texture(easing, uv).rgb;
    shown += mix(ease, ease * shown, vec3(lessThan(ease, vec3(0.0))));
    // Lights near the ceiling roll off together below it, so that hues stay.
    float peak = max(max(shown.r, shown.g), max(shown.b, 1e-5));
    float over = max(peak - 0.7 * ceiling, 0.0) / (0.3 * ceiling);
    if (ceiling < 1.0 && over > 0.0) shown *= ceiling * (0.7 + 0.3 * over / (1.0 + over)) / peak;
    colour = vec4(encode(shown) + dither(gl_FragCoord.xy), 1.0);
}
