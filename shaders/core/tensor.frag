#version 330
// The structure tensor of the soft picture (Förstner and Gülch 1987), as the double-angle vector
// of the direction along which the picture does not change, and the strength of the change.
// Double angles have no sign, so they can be averaged and interpolated.
uniform sampler2D soft;
out vec4 colour;

vec3 at(ivec2 p) {
    return texelFetch(soft, clamp(p, ivec2(0), textureSize(soft, 0) - 1), 0).rgb;
}

void main() {
    ivec2 p = ivec2(gl_FragCoord.xy);
    vec3 a = at(p + ivec2(-1, -1)), b = at(p + ivec2(0, -1)), c = at(p + ivec2(1, -1));
    vec3 d = at(p + ivec2(-1, 0)), f = at(p + ivec2(1, 0));
    vec3 g = at(p + ivec2(-1, 1)), h = at(p + ivec2(0, 1)), i = at(p + ivec2(1, 1));
    vec3 x = (c + 2.0 * f + i - a - 2.0 * d - g) * 0.25;
    vec3 y = (g + 2.0 * h + i - a - 2.0 * b - c) * 0.25;
    float xx = dot(x, x), yy = dot(y, y), xy = dot(x, y);
    colour = vec4(yy - xx, -2.0 * xy, xx + yy, 1.0);
}
