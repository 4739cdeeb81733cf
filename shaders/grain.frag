#version 330
// Film grain: strongest in the dark middle tones, none in white, another every twelfth of a second.
// It also hides the steps of eight bits in a calm sky.

uniform sampler2D picture;
uniform sampler2DArray strokes;
uniform float unit;
uniform float time;

uniform float amount;  // 0.15 [0, 1] how much
uniform float colours; // 0.3 [0, 1] grain of three colours, not of grey

out vec4 colour;

float noise(vec2 at, float sheet) {
    return texture(strokes, vec3(at / 256.0, sheet)).a;
}

void main() {
    vec3 light = texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb;
    float beat = floor(mod(time * 12.0, 251.0));
    vec2 at = gl_FragCoord.xy / unit + vec2(beat * 97.3, beat * 57.7);
    vec3 grey = vec3(noise(at, 0.0) + noise(at + 71.5, 0.0) - 1.0);
    vec3 three = vec3(grey.r, noise(at + 31.0, 0.0) + noise(at + 113.5, 0.0) - 1.0, noise(at + 151.0, 0.0) + noise(at + 197.5, 0.0) - 1.0);
    float luma = sqrt(dot(light, vec3(0.2126, 0.7152, 0.0722)));
    float open = max(luma * (1.1 - luma), 0.0) * 4.0 * 0.25 + 0.02;
    colour = vec4(max(light * (1.0 + mix(grey, three, colours) * amount * open / (luma * luma + 0.05)), 0.0), 1.0);
}
