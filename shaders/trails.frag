#version 330
// Light that rises: what is bright lets go of veils, fine as the threads of an aurora. They climb,
// sway, turn in hue while they fade, and lie over a picture that stays as crisp as it is.

uniform sampler2D picture;
uniform vec2 resolution;
uniform float time;
uniform float dt;

uniform float threshold;  // 0.4 [0, 1] light above which it trails
uniform float linger;     // 2.5 [0, 8] seconds until a third is left
uniform float rise;       // 0.8 [-2, 2] trails climb, or sink
uniform float sway;       // 0.8 [0, 2] how far they are blown about
uniform float threads;    // 0.7 [0, 1] one veil, or many threads
uniform float hue;        // 0.7 [-1, 1] their colour turns while they fade: from blue to green, or to red
uniform float amount;     // 1.4 [0, 2] how much of them is seen

in vec2 uv;
out vec4 colour;

// draw trail 1/2 kept
uniform sampler2D trail;
float aspect = resolution.x / resolution.y;

// Wind across the wall: two rows of waves that travel.
float wind(vec2 p) {
    return sin(p.y * 5.0 + p.x * 3.1 - time * 0.37) + 0.6 * sin(p.y * 11.0 - p.x * 7.3 + time * 0.53);
}

// Threads, 0 to 1: two rows of waves that drift through each other.
float thread(float x) {
    float bent = x + 0.05 * sin(x * 9.0 + time * 0.21);
    float broad = 0.5 + 0.5 * sin(bent * 47.0 + time * 0.31 + 2.0 * sin(bent * 13.0 - time * 0.17));
    float fine = 0.5 + 0.5 * sin(bent * 151.0 - time * 0.43 + 3.0 * sin(bent * 31.0 + time * 0.29));
    return broad * (0.35 + 0.65 * fine);
}

// Turned in hue; what is grey in it fades sooner, so that old light is of one colour.
vec3 aged(vec3 light, float seconds) {
    vec3 grey = vec3(dot(light, vec3(1.0 / 3.0))), tint = light - grey;
    float angle = -hue * seconds;
    vec3 turned = tint * cos(angle) + cross(vec3(0.57735), tint) * sin(angle);
    return max(grey * exp(-0.5 * seconds) + turned, 0.0);
}

void main() {
    vec2 p = uv * vec2(aspect, 1.0);
    vec3 light = texture(picture, uv).rgb;
    float peak = max(max(light.r, light.g), light.b);
    vec3 lit = light * max(peak - threshold, 0.0) / (peak + 1e-4) * mix(1.0, thread(p.x), threads);
    vec2 speed = vec2(sway * 0.05 * wind(p) / aspect, -0.12 * rise);
    vec3 old = aged(texture(trail, uv - speed * dt).rgb, dt);
    float left = dt > 0.0 ? exp(-dt / max(linger, 0.02)) : 0.0;
    colour = vec4(max(lit, old * left), 1.0);
}

// draw result
uniform sampler2D trail;
void main() {
    vec3 light = texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb;
    vec3 veil = texture(trail, uv).rgb * amount;
    colour = vec4(light + veil / (1.0 + 2.0 * light), 1.0);
}
