#version 330
// A network's few pixels, drawn sharp on a large wall. The stage has enlarged them by Catmull-Rom
// already; this finds the edges' direction (structure tensor), smooths along them, so that slanted
// edges lose their stairs, and steepens across them. What comes out stays within what is there on
// both sides of the edge: no ringing, no halo.

uniform sampler2D picture;
uniform sampler2D flow;
uniform vec2 resolution;
uniform float texel;

uniform float sharp;   // 0.35 [0, 1] steeper edges
uniform float along;   // 0.9 [0, 1] smoother edges along their direction

in vec2 uv;
out vec4 colour;

// Square roots of light: steps that look alike are alike.
vec3 at(vec2 p) {
    return sqrt(max(textureLod(picture, uv + p, 0.0).rgb, 0.0));
}

void main() {
    vec4 around = texture(flow, uv);
    float strength = length(around.xy);
    vec2 twice = around.xy / max(strength, 1e-6);
    float x = sqrt(max(0.5 + 0.5 * twice.x, 1e-4));
    vec2 way = vec2(x, 0.5 * twice.y / x) * texel / resolution;
    vec2 across = vec2(-way.y * resolution.y, way.x * resolution.x) / resolution;
    float edge = clamp(strength / max(around.z, 1e-6), 0.0, 1.0) * smoothstep(0.0, 0.004, around.z);

    vec3 here = at(vec2(0.0));
    vec3 near = at(way * 0.6) + at(-way * 0.6), far = at(way * 1.2) + at(-way * 1.2);
    vec3 line = mix(here, (2.0 * here + 1.6 * near + 0.7 * far) / 6.6, along * edge);

    vec3 a = at(across * 0.9), b = at(-across * 0.9);
    vec3 steep = line + sharp * (0.8 + 1.6 * smoothstep(0.005, 0.08, around.z)) * (line - 0.5 * (a + b));
    vec3 low = min(min(a, b), line), high = max(max(a, b), line);
    vec3 root = clamp(steep, low, high);
    colour = vec4(root * root, 1.0);
}
