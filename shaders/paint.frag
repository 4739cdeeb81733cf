#version 330
// Oil on canvas, painted stroke by stroke at the wall's own resolution. An anisotropic Kuwahara
// filter lays the ground (Kuwahara 1976; Kyprianidis, Semmo, Kang, Döllner 2010: flat within an area,
// crisp between two). On it go strokes from the broad brush to the fine one, each of one colour
// taken from the ground and laid along the picture's flow (Litwinowicz 1997, Hertzmann 1998), the
// fine ones only where something is to be drawn. Their hairs and edges stand up in a raking light.
// spare 3

uniform sampler2D picture;
uniform sampler2D flow;
uniform sampler2DArray strokes;
uniform vec2 resolution;
uniform vec2 size;
uniform vec2 cells;
uniform float unit;
uniform float time;

uniform float broad;      // 1 [0, 1] strokes of the broad brush
uniform float fine;       // 1 [0, 1] strokes of the fine brush
uniform float stride;     // 0.5 [0, 1] short dabs to long strokes
uniform float variety;    // 0.4 [0, 1] how much the colours of strokes differ
uniform float relief;     // 0.5 [0, 1] how thick the paint stands
uniform float weave;      // 0.25 [0, 1] the canvas shows through
uniform float wet;        // 0.35 [0, 1] strokes glide along and are painted again

in vec2 uv;
out vec4 colour;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);

// The direction of a double-angle vector.
vec2 halved(vec2 twice) {
    vec2 d = normalize(twice);
    float x = sqrt(max(0.5 + 0.5 * d.x, 1e-4));
    return vec2(x, 0.5 * d.y / x);
}

// White noise of a cell and a place, from whole numbers (Jarzynski and Olano 2020, pcg3d).
vec3 chance(uvec3 v) {
    v = v * 1664525u + 1013904223u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    v ^= v >> 16u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    return vec3(v >> 8u) / 16777216.0;
}

#ifdef PLACED
#ifdef VERTEX
out vec2 at;          // -1 to 1 along and across the stroke
out vec2 hairs;       // where in the sheet of hairs
out vec3 pigment;
out float thickness;
uniform sampler2D ground;

// One corner of a stroke. `opacity` of 0 leaves it out.
void stroke(float side, uint layer, float opacity, float detail) {
    uint count = uint(cells.x * cells.y);
    uint index = (uint(gl_InstanceID) * 7919u + 13u) % count;  // in no order that could be seen
    uvec2 cell = uvec2(index % uint(cells.x), index / uint(cells.x));
    float life = time * wet * 0.25 + chance(uvec3(cell, layer + 7u)).x;
    vec3 luck = chance(uvec3(cell, layer + 16u * uint(life)));
    float age = wet > 0.0 ? fract(life) : 0.5;

    vec2 middle = (vec2(cell) + 0.5 + (luck.xy - 0.5) * 0.9) * side * unit;
    vec4 around = textureLod(flow, middle / resolution, 0.0);
    vec2 along = halved(around.xy + (luck.zx - 0.5) * 0.0006);
    middle += along * (age - 0.5) * side * unit * 1.2 * wet;
    float sure = clamp(around.z * 60.0, 0.0, 1.0);
    float reach = side * unit * mix(0.9, 2.1, stride) * (0.75 + 0.5 * luck.z);
    vec2 half_size = vec2(reach, side * unit * (0.38 + 0.18 * luck.y));

    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    vec2 place = middle + along * corner.x * half_size.x + vec2(-along.y, along.x) * corner.y * half_size.y;
    at = corner;
    hairs = (corner * half_size / unit + luck.xy * 256.0) / 256.0;
    vec3 under = textureLod(ground, middle / resolution, 0.0).rgb;
    float grey = dot(under, LUMA);
    pigment = max(mix(vec3(grey), under, 1.0 + 0.5 * variety * (luck.z - 0.3)), 0.0)
            * exp2(variety * 0.55 * (luck - 0.5));
    // Where little is to be drawn most of the smaller strokes stay away, for they cost the most.
    float wanted = smoothstep(0.0, 0.2, mix(1.0, sure, detail) - 0.8 * luck.x);
    thickness = opacity * wanted * smoothstep(0.0, 0.25, age) * smoothstep(1.0, 0.75, age);
    gl_Position = thickness > 0.03 ? vec4(place / resolution * 2.0 - 1.0, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
}
#else
in vec2 at;
in vec2 hairs;
in vec3 pigment;
in float thickness;

// Paint where the hairs of the brush touch. Alpha is how much there is: it covers what is below, and
// what it comes to after all strokes is the height of the paint.
void main() {
    vec4 hair = texture(strokes, vec3(hairs, 0.0)) - 0.5;
    float side = abs(at.y) + 0.45 * hair.r + 0.25 * hair.b;
    float end = abs(at.x) + 0.7 * hair.r + 0.2 * hair.b;
    float touch = smoothstep(1.0, 0.75, side) * smoothstep(1.0, 0.7, end);
    float load = smoothstep(0.0, 0.35, thickness * 1.35 - 0.35 + hair.r * 1.2);
    colour = vec4(pigment * (1.0 + 0.35 * hair.r), touch * load * (0.86 + 0.5 * hair.r));
}
#endif
#endif

// draw ground 1/4
void main() {
    vec4 around = texture(flow, uv);
    vec2 along = halved(around.xy), across = vec2(-along.y, along.x);
    float narrow = 1.0 + 0.6 * min(length(around.xy) / max(around.z, 1e-5), 1.0);
    vec2 middle = uv * resolution;
    along *= unit * 2.6 * narrow;
    across *= unit * 2.6 / narrow;
    vec4 north = vec4(0.0), south = vec4(0.0), east = vec4(0.0), west = vec4(0.0), squares = vec4(0.0);
    float total = 0.0;
    for (int y = -2; y <= 2; y++) {
        for (int x = -2; x <= 2; x++) {
            vec2 p = vec2(x, y);
            ivec2 there = ivec2(clamp(middle + along * p.x + across * p.y, vec2(0.0), resolution - 1.0));
            vec3 light = texelFetch(picture, there, 0).rgb;
            vec4 sum = vec4(light, sqrt(dot(light, LUMA)));
            vec4 w = max(vec4(p.y, -p.y, p.x, -p.x) + 0.75 - 0.3 * vec4(p.xx * p.xx, p.yy * p.yy), 0.0);
            w *= w * exp(-0.25 * dot(p, p));
            north += sum * w.x; south += sum * w.y; east += sum * w.z; west += sum * w.w;
            squares += sum.a * sum.a * w;
            total += w.x;
        }
    }
    // Each quarter counts by how even it is.
    vec4 means = vec4(north.a, south.a, east.a, west.a) / total;
    vec4 even = 1.0 / (1.0 + 4000.0 * max(squares / total - means * means, 0.0));
    even *= even;
    vec3 light = north.rgb * even.x + south.rgb * even.y + east.rgb * even.z + west.rgb * even.w;
    colour = vec4(light / (total * dot(even, vec4(1.0))), 1.0);
}

// draw paint
uniform sampler2D ground;
void main() { colour = vec4(texture(ground, uv).rgb, 0.45); }

// draw paint quads 26
#ifdef VERTEX
void main() { stroke(26.0, 1u, broad, 0.0); }
#endif

// draw paint quads 13
#ifdef VERTEX
void main() { stroke(13.0, 2u, broad, 0.7); }
#endif

// draw paint quads 7
#ifdef VERTEX
void main() { stroke(7.0, 3u, fine, 1.0); }
#endif

// draw result
uniform sampler2D paint;

float height(vec2 p) {
    return texture(paint, p).a;
}

void main() {
    vec2 pixel = 1.0 / resolution, lamp = vec2(-0.5, -0.87) * pixel * unit;
    vec4 here = texelFetch(paint, ivec2(gl_FragCoord.xy), 0);
    float slope = height(uv + lamp) - height(uv - lamp);
    vec2 thread = gl_FragCoord.xy / unit * 1.1;
    float cloth = sin(thread.x * 2.1) * sin(thread.y * 2.1 + 1.6 * sin(thread.x * 1.05));
    float thin = smoothstep(0.95, 0.4, here.a);
    float raking = relief * slope * 1.3 + weave * cloth * (0.04 + 0.22 * thin);
    float gloss = max(slope - 0.12, 0.0) * relief * 0.25;
    colour = vec4(max(here.rgb * exp2(raking) + gloss * (0.05 + dot(here.rgb, LUMA)), 0.0), 1.0);
}
