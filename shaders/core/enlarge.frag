#version 330
// One half of an enlargement: along `axis` by Catmull-Rom (1974) over four texels, kept near the
// range of the inner two, so that edges have no halos. Two such passes cost a third of one pass
// over sixteen texels.
uniform sampler2D picture;
uniform vec2 axis;     // (1, 0) across, (0, 1) down
uniform vec2 mapping;  // texel = mapping.x * pixel + mapping.y, along the axis
uniform float share;   // scales the light: the deck's part of a crossfade
out vec4 colour;

const float TAMING = 0.85;  // how far overshoot is pulled back; all of it would draw stair-steps

vec4 catmull_rom(float t) {
    return vec4(t * (-0.5 + t * (1.0 - 0.5 * t)), 1.0 + t * t * (1.5 * t - 2.5),
                t * (0.5 + t * (2.0 - 1.5 * t)), t * t * (0.5 * t - 0.5));
}

void main() {
    float texel = dot(gl_FragCoord.xy, axis) * mapping.x + mapping.y - 0.5;
    ivec2 along = ivec2(axis);
    ivec2 base = ivec2(gl_FragCoord.xy) * (1 - along);
    ivec4 at = clamp(int(floor(texel)) + ivec4(-1, 0, 1, 2), 0,
                     int(dot(textureSize(picture, 0), axis)) - 1);
    vec4 w = catmull_rom(fract(texel));
    vec3 b = texelFetch(picture, base + along * at.y, 0).rgb;
    vec3 c = texelFetch(picture, base + along * at.z, 0).rgb;
    vec3 sum = b * w.y + c * w.z + texelFetch(picture, base + along * at.x, 0).rgb * w.x
             + texelFetch(picture, base + along * at.w, 0).rgb * w.w;
    sum = mix(sum, clamp(sum, min(b, c), max(b, c)), TAMING);
    colour = vec4(max(sum, 0.0) * share, 1.0);
}
