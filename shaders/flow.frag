#version 330
// The picture as a liquid. Every frame carries the way each point has come a little further along a
// current and lets it slip back home; the colours are then fetched from where it began, so they
// stay as crisp as the picture, however long they have been stirred. The current is curl noise, which has no sources and no sinks (Bridson, Hourihan, Nordenstam
// 2007), and follows the shapes: around what is bright, along its edge.

uniform sampler2D picture;
uniform sampler2D flow;
uniform vec2 resolution;
uniform float time;
uniform float dt;

uniform float current;  // 0.5 [0, 2] how fast the colours are carried
uniform float follow;   // 0.5 [0, 2] how closely the current follows the shapes
uniform float eddies;   // 0.4 [0, 1] broad and calm, or many small eddies
uniform float refresh;  // 2.5 [0.1, 12] seconds until a point slips back home
uniform float silk;     // 0.35 [0, 1] folds stand out in a raking light
uniform float amount;   // 1 [0, 1] how much of it is seen

in vec2 uv;
out vec4 colour;

// draw velocity 1/8
float aspect = resolution.x / resolution.y;

// The gradient of a sum of travelling waves, turned by a right angle: the curl of a potential.
vec2 curl(vec2 p) {
    vec2 sum = vec2(0.0);
    float scale = 1.0, weight = 1.0;
    for (int octave = 0; octave < 3; octave++) {
        vec2 q = p * scale + float(octave) * 7.3;
        float t = time * (0.11 + 0.05 * float(octave));
        vec2 bent = q + 0.7 * sin(q.yx * 1.7 + vec2(t, -t));
        sum += weight * vec2(cos(bent.y * 3.1 + t) + 0.6 * cos(bent.x * 2.3 + bent.y * 2.9 - t),
                             -cos(bent.x * 2.7 - t) - 0.6 * cos(bent.x * 2.9 - bent.y * 2.1 + t));
        scale *= 2.1;
        weight *= mix(0.25, 0.75, eddies);
    }
    return sum;
}

void main() {
    vec2 step = 3.0 / vec2(textureSize(flow, 0));
    float left = texture(flow, uv - vec2(step.x, 0.0)).a, right = texture(flow, uv + vec2(step.x, 0.0)).a;
    float above = texture(flow, uv - vec2(0.0, step.y)).a, below = texture(flow, uv + vec2(0.0, step.y)).a;
    vec2 round_shapes = vec2(below - above, left - right);
    vec2 speed = current * (0.028 * curl(uv * vec2(aspect, 1.0)) + 0.55 * follow * round_shapes);
    colour = vec4(speed / vec2(aspect, 1.0), 0.0, 1.0);
}

// draw way 1/2 exact kept
uniform sampler2D velocity;
uniform sampler2D way;
void main() {
    vec2 speed = texture(velocity, uv).xy;
    vec2 half_way = texture(velocity, uv - speed * dt * 0.5).xy;
    vec2 came_from = uv - half_way * dt;
    float home = dt > 0.0 ? exp(-dt / refresh) : 0.0;
    colour = vec4(-half_way * dt + texture(way, came_from).xy * home, 0.0, 1.0);
}

// draw result
uniform sampler2D way;
void main() {
    vec2 bent = texture(way, uv).xy;
    vec2 from = uv + bent * amount;
    vec3 light = texture(picture, 1.0 - abs(1.0 - abs(from))).rgb;  // mirrored at the borders
    vec2 step = 2.0 / vec2(textureSize(way, 0));
    vec2 fold = texture(way, uv - step * vec2(0.5, 0.87)).xy - bent;
    float slope = clamp((fold.x + fold.y) / step.y, -1.0, 1.0);
    colour = vec4(light * exp2(silk * amount * slope), 1.0);
}
