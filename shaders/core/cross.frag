#version 330
// Two finished pictures mixed in linear light, while one look gives way to another.
uniform sampler2D near;
uniform sampler2D far;
uniform float weight;  // of the far one
out vec4 colour;

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    colour = mix(texelFetch(near, here, 0), texelFetch(far, here, 0), weight);
}
