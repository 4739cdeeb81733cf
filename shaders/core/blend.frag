#version 330
// A deck's two newest pictures blended by time, at their own size. The textures are sRGB, so what
// is fetched is linear light already.
uniform sampler2D previous;
uniform sampler2D newest;
uniform float weight;  // of the newest
out vec4 colour;

void main() {
    ivec2 here = ivec2(gl_FragCoord.xy);
    vec3 light = texelFetch(newest, here, 0).rgb;
    if (weight < 1.0) light = mix(texelFetch(previous, here, 0).rgb, light, weight);
    colour = vec4(light, 1.0);
}
