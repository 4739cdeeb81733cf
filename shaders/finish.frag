#version 330
// The house's finish: the picture repainted at the wall's own resolution. Strokes follow the
// picture's flow, drag its colour along, stand up as bristle marks in raking light, and crests
// catch the light. Then the grade, a vignette and grain.
//
// Line integral convolution (Cabral and Leedom 1993) of the canvas grain and of the picture at
// once: nine steps along the flow.

uniform sampler2D picture;
uniform sampler2D soft;
uniform sampler2D flow;
uniform sampler2D grain;
uniform vec2 resolution;
uniform float time;

uniform float stroke;      // 0.6 [0, 1] how far the brush drags the colours along the flow
uniform float bristle;     // 0.35 [0, 1] relief of the brush hairs
uniform float sharpen;     // 0.5 [0, 2] edges drawn after the strokes
uniform float sparkle;     // 0.3 [0, 1] glints on bright crests
uniform float exposure;    // 0 [-2, 2] stops
uniform float contrast;    // 1.06 [0.5, 1.6] around a middle grey
uniform float saturation;  // 1.08 [0, 2] colour; 0 is grey
uniform float vignette;    // 0.25 [0, 1] darker corners
uniform float film;        // 0.03 [0, 0.2] moving grain

in vec2 uv;
out vec4 colour;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);
const int REACH = 4;           // steps to either side
const float CALM = 0.0004;     // change below which the brush goes level, as in a clear sky
const vec2 LAMP = vec2(-0.5, -0.87);  // raking light from the upper left

// The unit vector along the strokes, from a double-angle vector.
vec2 along(vec2 twice) {
    vec2 d = normalize(twice);
    float x = sqrt(max(0.5 + 0.5 * d.x, 1e-4));
    return vec2(x, 0.5 * d.y / x);
}

void main() {
    float unit = max(resolution.y / 360.0, 1.0);
    ivec2 here = ivec2(gl_FragCoord.xy);
    ivec2 last = ivec2(resolution) - 1;
    vec2 way = along(texture(flow, uv).xy + vec2(CALM, 0.0));

    vec3 paint = vec3(0.0);
    vec4 hairs = vec4(0.0);
    float total = 0.0;
    for (int i = -REACH; i <= REACH; i++) {
        float w = 1.0 - abs(float(i)) / float(REACH + 1);
        ivec2 at = here + ivec2(round(way * float(i) * 2.0 * unit));
        vec4 hair = texelFetch(grain, at & 511, 0);
        hairs += (hair - 0.5) * w;
        w *= 0.25 + hair.r;
        paint += texelFetch(picture, clamp(at, ivec2(0), last), 0).rgb * w;
        total += w;
    }
    paint /= total;
    hairs *= 0.35;

    vec3 here_light = texelFetch(picture, here, 0).rgb;
    vec3 light = mix(here_light, paint, stroke);
    vec3 blurred = texture(soft, uv).rgb;
    float luma = dot(sqrt(light), LUMA);
    float crest = luma - dot(blurred, LUMA);

    float relief = dot(hairs.gb, LAMP) * bristle;
    light *= exp2(relief + crest * sharpen * 2.0);
    colour = vec4(light, 1.0);
}
