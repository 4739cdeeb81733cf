#version 330
// A sheet of text over the picture: red is ink, green the panel behind it.
uniform sampler2D sheet;
uniform vec4 place;  // left, top, width, height on the target, pixels
uniform vec3 ink;
uniform vec3 panel;
out vec4 colour;

void main() {
    vec2 at = (gl_FragCoord.xy - place.xy) / place.zw;
    if (any(lessThan(at, vec2(0.0))) || any(greaterThanEqual(at, vec2(1.0)))) discard;
    vec2 cover = texture(sheet, at).rg;
    float alpha = max(cover.r, cover.g);
    colour = vec4(mix(panel, ink, cover.r), alpha);
}
