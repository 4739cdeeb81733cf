#version 330
// The picture as a million grains of pigment. Each has a home and the colour of the picture there;
// a current lifts whole drifts of them off the wall, and they settle back. Where grains pile up
// they stand in relief, where they have left the ground shows.
// spare 3

uniform sampler2D picture;
uniform sampler2D flow;
uniform vec2 resolution;
uniform vec2 size;
uniform float time;
uniform float dt;

uniform float stir;      // 0.5 [0, 1] how much of the picture is in the air
uniform float wind;      // 0.5 [0, 2] how far the grains are carried
uniform float settle;    // 0.5 [0, 1] how soon they come home
uniform float grain;     // 1 [0.5, 3] size of a grain
uniform float relief;    // 0.5 [0, 1] how much the piles stand out
uniform float ground;    // 0.2 [0, 1] light of the ground behind

in vec2 uv;
out vec4 colour;

vec3 chance(uvec3 v) {
    v = v * 1664525u + 1013904223u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    v ^= v >> 16u;
    v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
    return vec3(v >> 8u) / 16777216.0;
}

vec2 home_of(ivec2 texel, vec2 all) {
    return (vec2(texel) + 0.5 + 0.8 * (chance(uvec3(texel, 3u)).xy - 0.5)) / all;
}

// draw motes 1024x1024 exact kept
uniform sampler2D motes;  // place and velocity, parts of the canvas

vec2 curl(vec2 p, float t) {
    vec2 bent = p + 0.6 * sin(p.yx * 1.9 + vec2(t, -t));
    vec2 slow = vec2(cos(bent.y * 3.1 + t), -cos(bent.x * 2.7 - t));
    vec2 fast = vec2(cos(bent.y * 8.3 - t * 1.7 + bent.x), -cos(bent.x * 7.1 + t * 1.3 - bent.y));
    return slow + 0.6 * fast;
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    vec2 home = home_of(here, size);
    vec3 luck = chance(uvec3(here, 11u));
    vec4 mote = texelFetch(motes, here, 0);
    if (mote.xy == vec2(0.0)) mote = vec4(home, 0.0, 0.0);
    float aspect = resolution.x / resolution.y;
    vec2 p = home * vec2(aspect, 1.0);
    // Drifts of the picture take off together, the light grains first.
    float gust = sin(p.x * 2.3 + time * 0.31 + 1.7 * sin(p.y * 2.9 - time * 0.23)) + 0.5 * sin(p.y * 5.3 + p.x * 3.1 - time * 0.41);
    float lift = smoothstep(0.9 - 1.8 * stir, 1.7 - 1.2 * stir, gust + 0.7 * (luck.x - 0.5));
    vec2 push = curl(mote.xy * vec2(aspect, 1.0) * 1.3, time * 0.2) * wind * lift * (0.25 + 0.75 * luck.y) * 0.5;
    vec2 pull = (home - mote.xy) * mix(2.0, 14.0, settle) * (1.0 - 0.85 * lift);
    vec2 speed = (mote.zw + (push + pull) * dt) * exp(-dt * mix(3.0, 1.2, lift));
    colour = vec4(mote.xy + speed * dt, speed);
}

// draw dust points motes
uniform sampler2D motes;
#ifdef VERTEX
out vec3 pigment;
void main() {
    ivec2 all = textureSize(motes, 0);
    ivec2 texel = ivec2(gl_VertexID % all.x, gl_VertexID / all.x);
    vec4 mote = texelFetch(motes, texel, 0);
    vec2 home = home_of(texel, vec2(all));
    vec3 luck = chance(uvec3(texel, 5u));
    pigment = textureLod(picture, home, 0.0).rgb * (0.8 + 0.4 * luck.x);
    float even = sqrt(resolution.x * resolution.y / float(all.x * all.y));
    gl_Position = vec4(mote.xy * 2.0 - 1.0, 0.0, 1.0);
    gl_PointSize = max(even * grain * (1.4 + 0.7 * luck.y), 1.0);
}
#else
in vec3 pigment;
void main() {
    vec2 from = gl_PointCoord * 2.0 - 1.0;
    float cover = max(1.15 - dot(from, from), 0.0);
    colour = vec4(pigment, 1.0) * cover;
}
#endif

// draw result
uniform sampler2D dust;

float height(vec2 p) {
    return min(texture(dust, p).a, 4.0);
}

void main() {
    vec4 pile = texelFetch(dust, ivec2(gl_FragCoord.xy), 0);
    vec2 pixel = 1.0 / resolution, lamp = vec2(-0.5, -0.87) * pixel * 1.5;
    float slope = height(uv + lamp) - height(uv - lamp);
    float cover = 1.0 - exp(-2.2 * pile.a);
    vec3 light = pile.rgb / max(pile.a, 0.05);
    light *= exp2(-relief * clamp(slope, -2.0, 2.0) * 0.5);
    vec3 behind = texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb * ground;
    colour = vec4(mix(behind, light, cover), 1.0);
}
