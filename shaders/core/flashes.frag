#version 330
// Flashes, counted and eased cell by cell: installation/stage/flashes.py says why and how.
uniform sampler2D wanted;
uniform sampler2D shown;   // rgb: the cell's light as it was let through; a: transitions of late
uniform sampler2D turns;   // luminance of the last turn and the way since; the same of red
uniform sampler2D easing;  // a: how much is eased, 0 to 1
uniform float dt;          // seconds; below zero in the first frame

layout(location = 0) out vec4 next_shown;
layout(location = 1) out vec4 next_turns;
layout(location = 2) out vec4 next_easing;

const float GENERAL = 0.1;     // of relative luminance: WCAG 2.2, general flash
const float BRIGHT = 0.8;      // where the darker one is above that, it is none
const float RED = 0.0625;      // of R - G - B: 20 of 320, WCAG 2.2, red flash
const float FORGOTTEN = 4.0;   // transitions a second
const float ALARM = 3.0;       // transitions: with those forgotten, six in any second, three flashes
const float SLOW = 1.6;        // seconds: three strobes a second are then 6 % of what they were
const float RELEASE = 2.0;     // seconds from fully eased to free
const float REACH = 0.15;      // easing lost from a cell to the next

// Follows a value from turn to turn; true when it has gone back by `step` from its last extreme.
bool turned(inout vec2 turn, float value, float step, float ceiling) {
    float back = (turn.x - value) * turn.y;
    if (back <= 0.0) turn.x = value;
    bool far = back >= step && min(turn.x, value) < ceiling;
    if (far) turn = vec2(value, -turn.y);
    return far;
}

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy), last = textureSize(shown, 0) - 1;
    vec3 light = texelFetch(wanted, here, 0).rgb;
    vec4 before = texelFetch(shown, here, 0), turn = texelFetch(turns, here, 0);
    float eased = texelFetch(easing, here, 0).a, around = 0.0;
    for (int i = 0; i < 9; i++) {
        ivec2 there = clamp(here + ivec2(i % 3 - 1, i / 3 - 1), ivec2(0), last);
        around = max(around, texelFetch(easing, there, 0).a);
    }

    float luminance = dot(light, vec3(0.2126, 0.7152, 0.0722)), red = max(light.r - light.g - light.b, 0.0);
    vec2 general_turn = turn.xy, red_turn = turn.zw;
    if (dt < 0.0) { general_turn = vec2(luminance, 1.0); red_turn = vec2(red, 1.0); }
    bool general = turned(general_turn, luminance, GENERAL, BRIGHT);
    bool reddish = turned(red_turn, red, RED, 2.0);

    float step = max(dt, 0.0);
    float count = min(max(before.a - FORGOTTEN * step, 0.0) + (general || reddish ? 1.0 : 0.0), 2.0 * ALARM);
    eased = count >= ALARM ? 1.0 : max(eased - (count < 1.0 ? step / RELEASE : 0.0), 0.0);
    eased = max(eased, around - REACH - step / RELEASE);
    float follow = eased > 0.0 ? 1.0 - exp(-step / (SLOW * eased)) : 1.0;
    vec3 through = dt < 0.0 ? light : mix(before.rgb, light, follow);

    next_shown = vec4(through, count);
    next_turns = vec4(general_turn, red_turn);
    // Dimmed as a share, so that the picture stays in it; brightened by a veil, as black has no picture.
    vec3 less = through / max(light, 1e-6) - 1.0;
    next_easing = vec4(mix(through - light, less, vec3(lessThan(through, light))), eased);
}
