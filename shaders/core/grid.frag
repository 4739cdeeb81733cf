#version 330
// The calibration's picture over the whole canvas: squares with a frame, circles to see stretching,
// a cross in the middle, grey steps to see crushed blacks and whites, and primary colours.
uniform vec2 resolution;
uniform float unit;     // pixels of a square's side
uniform vec2 squares;   // how many across and down
in vec2 uv;
out vec4 colour;

float line(float distance, float width) { return clamp(width - abs(distance) + 0.5, 0.0, 1.0); }

void main() {
    vec2 p = uv * resolution;
    vec2 middle = p - resolution * 0.5;
    float thin = max(unit / 64.0, 0.5);
    vec2 cell = floor(p / (resolution / squares));
    float even = mod(cell.x + cell.y, 2.0);
    vec3 shown = mix(vec3(0.07, 0.10, 0.14), vec3(0.11, 0.15, 0.20), even);

    vec2 side = resolution / squares;
    vec2 near = abs(p - side * floor(p / side + 0.5));
    shown = mix(shown, vec3(0.75), max(line(near.x, thin), line(near.y, thin)));

    float small = min(resolution.x, resolution.y);
    float rings = max(line(length(middle) - small * 0.47, thin * 2.0), line(length(middle) - small * 0.235, thin * 2.0));
    vec2 corner = resolution * 0.5 - vec2(small * 0.14);
    rings = max(rings, line(length(abs(middle) - corner) - small * 0.12, thin * 2.0));
    shown = mix(shown, vec3(0.95, 0.75, 0.2), rings);
    float cross = max(line(middle.x, thin * 2.0), line(middle.y, thin * 2.0));
    float slanted = max(line((middle.x * resolution.y - middle.y * resolution.x) / length(resolution), thin),
                        line((middle.x * resolution.y + middle.y * resolution.x) / length(resolution), thin));
    shown = mix(shown, vec3(0.35, 0.8, 0.9), max(cross, slanted * 0.5));

    // A band of eleven greys, and under it the colours a display can get wrong.
    vec2 band = middle / vec2(small * 0.72, small * 0.1) + vec2(0.5, -0.6);
    if (band.x > 0.0 && band.x < 1.0 && band.y > 0.0 && band.y < 1.0) {
        vec3 grey = vec3(floor(band.x * 11.0) / 10.0);
        float which = floor(band.x * 6.0) + 1.0;
        vec3 primary = vec3(mod(which, 2.0), mod(floor(which / 2.0), 2.0), floor(which / 4.0));
        shown = band.y < 0.6 ? grey : primary;
    }
    vec2 rim = min(p, resolution - p);
    shown = mix(shown, vec3(1.0, 0.25, 0.1), line(min(rim.x, rim.y) - thin * 2.0, thin * 2.0));
    colour = vec4(shown, 1.0);
}
