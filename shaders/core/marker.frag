#version 330
// The point that the calibration moves: a ring and a cross, laid over one window.
uniform vec2 pixels;
uniform vec2 point;     // in parts of the window, from the top left
uniform float upward;
uniform float radius;   // pixels
in vec2 uv;
out vec4 colour;

float line(float distance) { return clamp(1.6 - abs(distance), 0.0, 1.0); }

void main() {
    vec2 here = vec2(uv.x, upward > 0.0 ? uv.y : 1.0 - uv.y) * pixels - point * pixels;
    float from = length(here);
    float ring = line((from - radius) * 0.5);
    float cross = max(line(here.x), line(here.y)) * step(from, 2.5 * radius);
    float dot = clamp(radius * 0.2 - from + 0.5, 0.0, 1.0);
    vec3 ink = mix(vec3(1.0, 0.25, 0.1), vec3(1.0), dot);
    colour = vec4(ink, max(max(ring, cross), dot));
}
