#version 330
// A picture on a target of another size; `flip` for windows, whose first row is the bottom one.
uniform sampler2D picture;
uniform float flip;
in vec2 uv;
out vec4 colour;

void main() {
    colour = texture(picture, vec2(uv.x, mix(uv.y, 1.0 - uv.y, flip)));
}
