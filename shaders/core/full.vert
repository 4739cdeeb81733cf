#version 330
// One triangle that covers the target, without vertex data.
// uv is (0, 0) at the first row of the target, which everywhere here is the top row.
out vec2 uv;

void main() {
    uv = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0;
    gl_Position = vec4(uv * 2.0 - 1.0, 0.0, 1.0);
}
