#version 330
// Light that spills: what is brighter than the threshold spreads in three widths, as in an eye or a
// lens, and is added to the picture. The widths are drawn small, which is what makes them wide.
// spare 2

uniform sampler2D picture;
uniform vec2 size;

uniform float amount;     // 0.25 [0, 2] how much light spills
uniform float threshold;  // 0.7 [0, 2] light above which it spills
uniform float wide;       // 0.6 [0, 1] a halo close by, or a haze over the wall

in vec2 uv;
out vec4 colour;

// Nine texels of a Gaussian by five fetches (Rákos 2010).
vec3 blurred(sampler2D light, vec2 axis) {
    vec2 step = axis / vec2(textureSize(light, 0));
    return texture(light, uv).rgb * 0.227027
         + (texture(light, uv + step * 1.384615).rgb + texture(light, uv - step * 1.384615).rgb) * 0.316216
         + (texture(light, uv + step * 3.230769).rgb + texture(light, uv - step * 3.230769).rgb) * 0.070270;
}

// draw bright 1/4
void main() {
    vec2 step = 0.25 / size;
    vec3 light = texture(picture, uv - step).rgb + texture(picture, uv + step).rgb
               + texture(picture, uv + vec2(step.x, -step.y)).rgb + texture(picture, uv + vec2(-step.x, step.y)).rgb;
    light *= 0.25;
    float peak = max(max(light.r, light.g), light.b);
    float over = max(peak - threshold, 0.0);
    colour = vec4(light * over / (peak + 1e-4), 1.0);
}

// draw near_across 1/4
uniform sampler2D bright;
void main() { colour = vec4(blurred(bright, vec2(1.0, 0.0)), 1.0); }

// draw near 1/4
uniform sampler2D near_across;
void main() { colour = vec4(blurred(near_across, vec2(0.0, 1.0)), 1.0); }

// draw middle_across 1/8
uniform sampler2D near;
void main() { colour = vec4(blurred(near, vec2(2.0, 0.0)), 1.0); }

// draw middle 1/8
uniform sampler2D middle_across;
void main() { colour = vec4(blurred(middle_across, vec2(0.0, 1.0)), 1.0); }

// draw far_across 1/16
uniform sampler2D middle;
void main() { colour = vec4(blurred(middle, vec2(2.0, 0.0)), 1.0); }

// draw far 1/16
uniform sampler2D far_across;
void main() { colour = vec4(blurred(far_across, vec2(0.0, 1.0)), 1.0); }

// draw result
uniform sampler2D near;
uniform sampler2D middle;
uniform sampler2D far;
void main() {
    vec3 spilt = texture(near, uv).rgb * (1.0 - wide) + texture(middle, uv).rgb + texture(far, uv).rgb * wide * 1.5;
    colour = vec4(texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb + spilt * amount, 1.0);
}
