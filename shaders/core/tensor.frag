#version 330
// The structure tensor of the soft picture (Förstner and Gülch 1987), as the double-angle vector
// of the direction along which the picture does not change, the strength of the change, and luma.
// Double angles have no sign, so they can be averaged and interpolated.
uniform sampler2D soft;
in vec2 uv;
out vec4 colour;

const float CALM = 0.0009;  // change below which the brush finds its own way, as in a clear sky

vec3 at(ivec2 p) {
    return texelFetch(soft, clamp(p, ivec2(0), textureSize(soft, 0) - 1), 0).rgb;
}

// A hand's habit where the picture gives no direction: nearly level, in long arcs. Perfectly level
// strokes look like the lines of an old television.
vec2 habit() {
    float turn = 0.5 * sin(7.0 * uv.x + 2.0 * sin(5.0 * uv.y)) + 0.45 * sin(11.0 * uv.y - 4.0 * uv.x)
               + 0.35 * sin(19.0 * uv.x + 13.0 * uv.y);
    return vec2(cos(turn), sin(turn)) * CALM;
}

void main() {
    ivec2 p = ivec2(gl_FragCoord.xy);
    vec3 a = at(p + ivec2(-1, -1)), b = at(p + ivec2(0, -1)), c = at(p + ivec2(1, -1));
    vec3 d = at(p + ivec2(-1, 0)), f = at(p + ivec2(1, 0));
    vec3 g = at(p + ivec2(-1, 1)), h = at(p + ivec2(0, 1)), i = at(p + ivec2(1, 1));
    vec3 x = (c + 2.0 * f + i - a - 2.0 * d - g) * 0.25;
    vec3 y = (g + 2.0 * h + i - a - 2.0 * b - c) * 0.25;
    float xx = dot(x, x), yy = dot(y, y), xy = dot(x, y);
    float luma = dot(at(p), vec3(0.2126, 0.7152, 0.0722));
    colour = vec4(vec2(yy - xx, -2.0 * xy) + habit(), xx + yy, luma);
}
