#version 330
// What a wall shows beside a picture that does not fill it: the picture's own borders going on,
// softer and darker the further out. It goes on as in a mirror, but into a tenth of the depth, so
// that no second face looks out of it.
uniform sampler2D picture;
uniform sampler2D soft;   // the picture as a few colours, blurred
uniform vec4 mapping;     // texel = mapping.xy * pixel + mapping.zw
uniform vec4 inside;      // the texels that are shown: left, top, right, bottom
uniform float share;      // scales the light: the deck's part of a crossfade
out vec4 colour;

const float DEPTH = 0.1;   // of the way out, mirrored into the picture
const float SOFTENS = 0.16; // of the picture's side: further out nothing is sharp
const float FADES = 3.0;    // halvings of light in a side's length

void main() {
    vec2 texel = gl_FragCoord.xy * mapping.xy + mapping.zw;
    vec2 side = inside.zw - inside.xy;
    vec2 nearest = clamp(texel, inside.xy, inside.zw);
    vec2 out_by = texel - nearest;
    float way = length(out_by / side);
    vec2 place = (nearest - out_by * DEPTH) / vec2(textureSize(picture, 0));
    vec3 light = mix(textureLod(picture, place, 0.0).rgb, textureLod(soft, place, 0.0).rgb,
                     smoothstep(0.0, SOFTENS, way));
    colour = vec4(light * exp2(-FADES * way) * share, 1.0);
}
