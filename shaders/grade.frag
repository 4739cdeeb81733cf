#version 330
// The grade: exposure, contrast and colour, then the look-up table grade.cube, if there is one. Contrast turns around middle grey by luma alone, so hues stay.

uniform sampler2D picture;
uniform sampler3D lut;
uniform float lut_size;    // points a side; 0 without a table

uniform float exposure;    // 0 [-3, 3] stops
uniform float contrast;    // 1.05 [0.5, 1.8] around middle grey
uniform float saturation;  // 1.08 [0, 2] colour; 0 is grey
uniform float warmth;      // 0 [-1, 1] towards candlelight, or towards the moon
uniform float table;       // 1 [0, 1] how much of the look-up table

out vec4 colour;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);
const float MIDDLE_GREY = 0.18;

vec3 encode(vec3 x) {
    return mix(1.055 * pow(max(x, 1e-6), vec3(1.0 / 2.4)) - 0.055, x * 12.92, vec3(lessThanEqual(x, vec3(0.0031308))));
}

vec3 decode(vec3 x) {
    return mix(pow((max(x, 0.0) + 0.055) / 1.055, vec3(2.4)), x / 12.92, vec3(lessThanEqual(x, vec3(0.04045))));
}

void main() {
    vec3 light = texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb;
    float grey = max(dot(light, LUMA), 1e-5);
    light *= exp2(exposure + (contrast - 1.0) * (log2(grey / MIDDLE_GREY) + exposure));
    light *= mix(vec3(1.0), warmth > 0.0 ? vec3(1.14, 1.0, 0.72) : vec3(0.82, 0.98, 1.22), abs(warmth));
    light = max(mix(vec3(dot(light, LUMA)), light, saturation), 0.0);
    if (lut_size > 0.0 && table > 0.0) {
        vec3 shown = encode(min(light, 1.0));
        vec3 looked = decode(texture(lut, (shown * (lut_size - 1.0) + 0.5) / lut_size).rgb);
        light = mix(light, looked, table);
    }
    colour = vec4(light, 1.0);
}
