#version 330
// A sheet of text over the picture: red is ink, green the panel behind it.
uniform sampler2D sheet;
uniform vec3 ink;
uniform vec3 panel;
in vec2 uv;
out vec4 colour;

void main() {
    vec2 cover = texture(sheet, uv).rg;
    colour = vec4(mix(panel, ink, cover.r), max(cover.r, cover.g));
}
