#version 330
// What was bright lingers and sinks into the picture, as on an old screen or an eye; it may drift and
// grow while it fades.

uniform sampler2D picture;
uniform float dt;

uniform float linger;  // 1.2 [0, 8] seconds until a third is left
uniform float rise;    // 0.15 [-1, 1] trails climb, or sink
uniform float spread;  // 0.2 [0, 1] trails grow
uniform float amount;  // 0.8 [0, 1] how much of them is seen

in vec2 uv;
out vec4 colour;

// draw trail 1/2 kept
uniform sampler2D trail;
void main() {
    vec3 light = texture(picture, uv).rgb;
    vec2 from = uv + vec2(0.0, rise * 0.12 * dt) - (uv - 0.5) * spread * 0.12 * dt;
    vec3 old = texture(trail, from).rgb;
    float left = dt > 0.0 ? exp(-dt / max(linger, 0.02)) : 0.0;
    colour = vec4(max(light, mix(light, old, left)), 1.0);
}

// draw result
uniform sampler2D trail;
void main() {
    vec3 light = texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb;
    colour = vec4(mix(light, max(light, texture(trail, uv).rgb), amount), 1.0);
}
