#version 330
// Silhouettes, after the threshold films of Marrow (2018): the picture becomes a paper cut, lit
// from behind. The threshold follows the light of the whole picture, so that a dark night and a
// bright noon both give figures; the edge is as soft as light through paper.

uniform sampler2D picture;
uniform sampler2D flow;

uniform float threshold;  // 0.5 [0, 1] how much of the picture is figure
uniform float edge;       // 0.12 [0, 1] hard as scissors, or soft as smoke
uniform float tint;       // 0.75 [0, 1] the light behind keeps the picture's colour
uniform float figure;     // 0.05 [0, 1] what is left to see in the figure itself
uniform float rim;        // 0.35 [0, 1] light that bends round the edge

in vec2 uv;
out vec4 colour;

const vec3 LUMA = vec3(0.2126, 0.7152, 0.0722);

// draw level 1x1
void main() {
    float sum = 0.0, squares = 0.0;
    for (int y = 0; y < 9; y++) {
        for (int x = 0; x < 16; x++) {
            float luma = textureLod(flow, (vec2(x, y) + 0.5) / vec2(16.0, 9.0), 0.0).a;
            sum += luma;
            squares += luma * luma;
        }
    }
    float mean = sum / 144.0;
    colour = vec4(mean, sqrt(max(squares / 144.0 - mean * mean, 0.0)), 0.0, 1.0);
}

// draw result
uniform sampler2D level;
void main() {
    vec3 light = texelFetch(picture, ivec2(gl_FragCoord.xy), 0).rgb;
    vec2 whole = texelFetch(level, ivec2(0), 0).rg;
    float luma = 0.6 * sqrt(dot(light, LUMA)) + 0.4 * texture(flow, uv).a;
    float cut = whole.r + (threshold - 0.5) * 4.0 * whole.g;
    float soft = 0.004 + edge * 0.5 * (whole.g + 0.02);
    float behind = smoothstep(cut - soft, cut + soft, luma);
    vec3 paper = mix(vec3(0.9, 0.86, 0.78), light / max(dot(light, LUMA), 0.02) * 0.55, tint);
    paper *= 0.7 + 0.5 * smoothstep(cut, cut + 2.5 * whole.g + 0.05, luma);
    float bent = rim * smoothstep(cut - 6.0 * soft, cut, luma) * (1.0 - behind);
    colour = vec4(mix(light * figure, paper, behind) + paper * bent * 0.25, 1.0);
}
