#version 330
// The house's finish: the picture repainted at the wall's own resolution. Strokes run along the
// picture's flow, drag its colours with them, and stand up as bristle marks in a raking light;
// crests glint. Then the grade, a vignette and grain. Light is linear all the way.

uniform sampler2D picture;
uniform sampler2D flow;
uniform sampler2DArray strokes;
uniform vec2 resolution;
uniform float unit;
uniform float time;

uniform float stroke;      // 0.55 [0, 1] how far the brush drags the colours
uniform float bristle;     // 0.35 [0, 1] relief of the brush
uniform float sharpen;     // 0.5 [0, 2] local contrast
uniform float sparkle;     // 0.35 [0, 1] glints on bright crests
uniform float exposure;    // 0 [-2, 2] stops
uniform float contrast;    // 1.08 [0.5, 1.6] around middle grey
uniform float saturation;  // 1.1 [0, 2] colour; 0 is grey
uniform float vignette;    // 0.3 [0, 1] darker corners
uniform float film;        // 0.2 [0, 1] moving grain

in vec2 uv;
out vec4 colour;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);
const float DIRECTIONS = 12.0;
const float MIDDLE_GREY = 0.18;

// Two sheets of strokes mixed, for the double angle of their direction.
vec4 brush(vec2 twice) {
    float turn = mod(atan(twice.y, twice.x) * (DIRECTIONS / 6.2831853), DIRECTIONS);
    float low = floor(turn);
    float high = low + 1.0 < DIRECTIONS ? low + 1.0 : 0.0;
    vec2 at = gl_FragCoord.xy / (unit * 256.0);
    vec4 a = textureLod(strokes, vec3(at, low), 0.0);
    vec4 b = textureLod(strokes, vec3(at, high), 0.0);
    return mix(a, b, turn - low) - 0.5;
}

vec3 under(vec2 pixel) {
    return texelFetch(picture, ivec2(clamp(pixel, vec2(0.0), resolution - 1.0)), 0).rgb;
}

// White noise that changes 12 times a second, each pixel as good as any other.
float flicker() {
    float beat = floor(mod(time * 12.0, 289.0));
    return fract(52.9829189 * fract(dot(gl_FragCoord.xy + beat * 5.588238, vec2(0.06711056, 0.00583715))));
}

void main() {
    vec4 around = texture(flow, uv);
    vec2 twice = normalize(around.xy);
    float x = sqrt(max(0.5 + 0.5 * twice.x, 1e-4));
    vec2 way = vec2(x, 0.5 * twice.y / x) * unit;
    vec4 hair = brush(twice);

    // The colours under the stroke, dragged as far as each hair is loaded.
    vec2 here = gl_FragCoord.xy + way * (hair.r + hair.b) * 16.0 * stroke;
    vec2 reach = way * 3.5 * stroke;
    vec3 light = under(here) * 0.3 + (under(here - reach) + under(here + reach)) * 0.22
               + (under(here - 2.0 * reach) + under(here + 2.0 * reach)) * 0.13;

    float luma = sqrt(dot(light, LUMA));
    float crest = luma - around.a;
    float stops = exposure + crest * sharpen * 2.5 + bristle * (hair.g * (0.5 + luma) + hair.b * 0.5);
    stops -= vignette * dot(uv - 0.5, uv - 0.5) * 2.5;
    stops += film * (flicker() - 0.5) * (1.0 - luma);
    light *= exp2(stops);

    // Contrast by luma alone, so that it does not shift hues; then colour.
    float grey = max(dot(light, LUMA), 1e-5);
    light *= pow(grey / MIDDLE_GREY, contrast - 1.0);
    light = max(mix(vec3(dot(light, LUMA)), light, saturation), 0.0);

    // Glints: the ridges of single hairs on bright crests, each swelling in its own slow rhythm.
    float beat = abs(fract(time * 0.15 + hair.b * 3.0) * 2.0 - 1.0);
    float glint = smoothstep(0.02, 0.14, crest) * smoothstep(0.02, 0.22, hair.r);
    light *= 1.0 + sparkle * 3.0 * glint * beat;
    colour = vec4(light, 1.0);
}
