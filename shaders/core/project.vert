#version 330
// A warped picture: x * w, y * w, w in the window (the GPU divides, which is the homography), and
// the place in the crop. `upward` is 1 where the target's first row is the top one, -1 in windows.
uniform float upward;
in vec3 corner;
in vec2 spot;
out vec2 place;

void main() {
    place = spot;
    gl_Position = vec4(2.0 * corner.x - corner.z, upward * (2.0 * corner.y - corner.z), 0.0, corner.z);
}
