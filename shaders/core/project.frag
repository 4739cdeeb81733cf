#version 330
// One window's part of the canvas: soft edges, mask and the lift of the black where projectors
// overlap, all in light, so that what two of them throw adds up to what one would.
uniform sampler2D picture;
uniform sampler2D mask;
uniform vec2 pixels;    // of the window
uniform float upward;
uniform vec4 crop;      // left, top, width, height on the canvas
uniform vec4 ramps;     // widths left, right, top, bottom, in parts of the crop
uniform float gamma;    // of the projector
uniform float black;    // its black, in parts of its white
uniform float treated;  // 0: the picture as it is
uniform float light;    // 1, or less where another window is being calibrated
in vec2 place;
out vec4 colour;

float ramp(float edge, float width) {
    float t = width > 0.0 ? clamp(edge / width, 0.0, 1.0) : 1.0;
    return t * t * (3.0 - 2.0 * t);
}

float share(vec4 edges) {
    return ramp(edges.x, ramps.x) * ramp(edges.y, ramps.y) * ramp(edges.z, ramps.z) * ramp(edges.w, ramps.w);
}

float lift(vec4 edges) {
    vec4 over = vec4(lessThan(edges, ramps));
    float most = (1.0 + float(max(ramps.x, ramps.y) > 0.0)) * (1.0 + float(max(ramps.z, ramps.w) > 0.0));
    float here = (1.0 + over.x + over.y) * (1.0 + over.z + over.w);
    return black * (most - min(here, most)) / here;
}

// Interleaved gradient noise (Jimenez 2014): the ramps must not band either.
float dither(vec2 p) {
    return (fract(52.9829189 * fract(dot(p, vec2(0.06711056, 0.00583715)))) - 0.5) * (0.98 / 255.0);
}

void main() {
    vec3 shown = texture(picture, crop.xy + place * crop.zw).rgb * light;
    if (treated > 0.5) {
        vec4 edges = vec4(place.x, 1.0 - place.x, place.y, 1.0 - place.y);
        vec2 window = gl_FragCoord.xy / pixels;
        float open = texture(mask, vec2(window.x, upward > 0.0 ? window.y : 1.0 - window.y)).r;
        float add = lift(edges);
        vec3 linear = add + (1.0 - add) * share(edges) * pow(shown, vec3(gamma));
        shown = pow(linear * open, vec3(1.0 / gamma)) + dither(gl_FragCoord.xy);
    }
    vec2 inside = min(place, 1.0 - place) / max(fwidth(place), 1e-6);
    colour = vec4(shown * clamp(min(inside.x, inside.y) + 0.5, 0.0, 1.0), 1.0);
}
