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
const float KNEE = 0.75;   // light above which highlights roll off
const float WHITE = 1.5;  // the light that comes out as white

// Two sheets of strokes mixed, for a double angle. Sheets stand evenly on the diamond angle, which
// goes round like an angle but needs no arctangent: 1.5 of 10 ms in software.
vec4 brush(vec2 twice) {
    float level = twice.x / (abs(twice.x) + abs(twice.y) + 1e-6);
    float turn = (twice.y < 0.0 ? 3.0 + level : 1.0 - level) * (DIRECTIONS / 4.0);
    float low = min(floor(turn), DIRECTIONS - 1.0);
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

// Brightest lights roll off together and pale a little, as paint does; clipped one by one, an orange
// sun would turn a flat yellow.
vec3 shoulder(vec3 light) {
    float peak = max(max(light.r, light.g), light.b);
    float over = max(peak - KNEE, 0.0) / (1.0 - KNEE);
    float white = (WHITE - KNEE) / (1.0 - KNEE);
    float rolled = KNEE + (1.0 - KNEE) * over * (1.0 + over / (white * white)) / (1.0 + over);
    vec3 shown = over > 0.0 ? light * (rolled / peak) : light;
    return mix(shown, vec3(rolled), 0.15 * over / (1.0 + over));
}

void main() {
    vec4 around = texture(flow, uv);
    vec2 twice = normalize(around.xy);
    float x = sqrt(max(0.5 + 0.5 * twice.x, 1e-4));
    vec2 way = vec2(x, 0.5 * twice.y / x) * unit;
    vec4 hair = brush(twice);

    // The colours under the stroke, dragged as far as each hair is loaded. Upright strokes are not:
    // there `way` changes its sign, and what is dragged would jump.
    float drag = (hair.r + hair.b) * min(3.0 * x, 1.0);
    vec2 here = gl_FragCoord.xy + way * drag * 16.0 * stroke;
    vec2 reach = way * 3.5 * stroke;
    vec3 light = under(here) * 0.3 + (under(here - reach) + under(here + reach)) * 0.22
               + (under(here - 2.0 * reach) + under(here + 2.0 * reach)) * 0.13;

    float grey = max(dot(light, LUMA), 1e-5);
    float luma = sqrt(grey);
    float crest = luma - around.a;
    float stops = exposure + crest * sharpen * 2.5 + bristle * (hair.g * (0.5 + luma) + hair.b * 0.5);
    stops -= vignette * dot(uv - 0.5, uv - 0.5) * 2.5;
    stops += film * (flicker() - 0.5) * (1.0 - luma);

    // Contrast by luma alone, so that it does not shift hues; then colour.
    light *= exp2(stops + (contrast - 1.0) * (log2(grey / MIDDLE_GREY) + stops));
    light = max(mix(vec3(dot(light, LUMA)), light, saturation), 0.0);

    // Glints: the ridges of single hairs on bright crests, each swelling in its own slow rhythm.
    float beat = abs(fract(time * 0.15 + hair.b * 3.0) * 2.0 - 1.0);
    float glint = smoothstep(0.02, 0.14, crest) * smoothstep(0.02, 0.22, hair.r);
    light *= 1.0 + sparkle * 3.0 * glint * beat;
    colour = vec4(shoulder(light), 1.0);
}
