#version 330
// A quarter of the canvas each way, every pixel the mean of 4x4, with light as the eye weighs it.
uniform sampler2D picture;
uniform vec2 resolution;  // of this target
in vec2 uv;
out vec4 colour;

void main() {
    vec2 step = 0.25 / resolution;
    vec3 light = texture(picture, uv - step).rgb + texture(picture, uv + step).rgb
               + texture(picture, uv + vec2(step.x, -step.y)).rgb
               + texture(picture, uv + vec2(-step.x, step.y)).rgb;
    colour = vec4(sqrt(light * 0.25), 1.0);
}
