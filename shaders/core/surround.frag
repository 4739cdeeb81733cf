#version 330
// What a wall shows beside a picture that does not fill it: the picture's own borders going on as in
// a mirror, soon out of focus along the border, and dimmer further out, as a room is beyond the
// light. The mirror shows no more than the outermost strip, so that no second face looks out of it,
// and light only falls, so that nothing draws a line beside the picture.
uniform sampler2D picture;
uniform sampler2D soft;    // what is inside, out of focus
uniform sampler2D softer;  // and more so along the border
uniform vec4 mapping;    // texel = mapping.xy * pixel + mapping.zw
uniform vec4 inside;     // where this begins, texels: left, top, right, bottom
uniform vec4 shown;      // the picture's last texels, likewise
uniform float reach;     // how far out the wall goes on, in parts of the picture's side
uniform float share;     // scales the light: the deck's part of a crossfade
out vec4 colour;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);
// In parts of the picture's side, measured outwards from where this begins.
const float STRIP = 0.04;  // the mirror goes in no further
const float SOFT = 0.07;   // from here on nothing is sharp
const float SOFTER = 0.2;  // and from here on there are only colours
// In parts of the reach.
const float DIM = 0.36;    // each further step like this one halves the light
const float EASE = 0.15;   // how gently the light begins to fall

void main() {
    vec2 texels = vec2(textureSize(picture, 0));
    vec2 texel = gl_FragCoord.xy * mapping.xy + mapping.zw;
    vec2 side = inside.zw - inside.xy;
    vec2 nearest = clamp(texel, inside.xy, inside.zw);
    vec2 beyond = (texel - nearest) / side;
    float way = length(beyond);
    vec2 mirrored = sign(beyond) * STRIP * (1.0 - exp(-abs(beyond) / STRIP));
    vec2 place = nearest - mirrored * side;

    vec3 near = textureLod(soft, place / texels, 0.0).rgb;
    vec3 far = textureLod(softer, place / texels, 0.0).rgb;
    vec3 light = mix(near, far, smoothstep(0.0, SOFTER, way));
    vec3 sharp = textureLod(picture, place / texels, 0.0).rgb;
    light = mix(sharp, light, smoothstep(0.0, SOFT, way));

    // Never lighter than the border: what stands a little way in does not look back from beyond it.
    float most = dot(textureLod(soft, nearest / texels, 0.0).rgb, LUMA);
    light *= min(1.0, most / max(dot(light, LUMA), 1e-5));

    // It takes the place of the picture's last texels, which some networks leave dark.
    vec2 seam = (inside.xy - shown.xy) / side;
    vec3 own = textureLod(picture, clamp(texel, shown.xy, shown.zw) / texels, 0.0).rgb;
    light = mix(own, light, smoothstep(0.0, max(0.6 * max(seam.x, seam.y), 1e-4), way));
    float part = way / reach;
    colour = vec4(light * exp2(-part * part / (part + EASE) / DIM) * share, 1.0);
}
