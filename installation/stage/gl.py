"""The three things the stage needs of OpenGL 3.3: a target to draw on, a program that fills it,
and the words of a driver that refuses a shader.

Every picture on the stage has its top row first; only the last copy into a window turns it round.
"""

import os
import re
from pathlib import Path
from typing import Any

import moderngl

from installation.errors import DeviceError, ShaderError
from installation.outputs.readback import Size

CORE = "core"
SRGB8_ALPHA8 = 0x8C43  # the GPU then decodes sRGB for free when it fetches
SOFTWARE = ("llvmpipe", "softpipe", "swrast")
ADD = (moderngl.ONE, moderngl.ONE)
OVER = (moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA, moderngl.ZERO, moderngl.ONE)
PAINT = (moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA)  # alpha is painted over like a colour
Viewport = tuple[int, int, int, int]
Texture = moderngl.Texture | moderngl.TextureArray | moderngl.Texture3D
_LINE = re.compile(r"^\d+:(\d+)\(\d+\):\s*(.*)$|^\d+\((\d+)\)\s*:\s*(.*)$", re.MULTILINE)


def is_software(context: moderngl.Context) -> bool:
    """Whether the processor draws, not a graphics card."""
    return any(name in context.info["GL_RENDERER"].lower() for name in SOFTWARE)


def share_processor() -> None:
    """Leave half the cores to the decks where the processor draws; call before a context is made.

    On two cores with a busy deck one thread presents as often as two (44 to 55 a second) and leaves
    the deck a third more pictures."""
    os.environ.setdefault("LP_NUM_THREADS", str(max((os.cpu_count() or 2) // 2, 1)))


def headless_context() -> moderngl.Context:
    """A context without a window or a display, through EGL. Raises DeviceError."""
    settings: Any = {"backend": "egl"}  # which moderngl's own types do not know
    try:
        return moderngl.create_context(330, standalone=True, **settings)
    except Exception as error:  # glcontext raises bare Exception
        raise DeviceError(
            f"OpenGL 3.3: EGL gives no context ({error}); install libegl1 and libgl1-mesa-dri"
        ) from error


class Target:
    """A texture and the framebuffer that draws into it."""

    def __init__(self, context: moderngl.Context, size: Size, dtype: str = "f2") -> None:
        self._context = context
        self.texture = context.texture(size, 4, dtype=dtype)
        self.texture.repeat_x = self.texture.repeat_y = False
        self.framebuffer = context.framebuffer([self.texture])
        self.framebuffer.clear()
        self.size = size

    def release(self) -> None:
        """Give the memory back at once."""
        # moderngl binds what was bound again after making something: that must not be gone.
        if self._context.fbo is self.framebuffer:
            self._context.detect_framebuffer(0).use()
        self.framebuffer.release()
        self.texture.release()


class Program:
    """A fragment shader that fills a target, or draws points or quads.

    Uniforms the driver optimised away are ignored."""

    def __init__(self, context: moderngl.Context, vertex: str, fragment: str, file: str) -> None:
        self._context = context
        try:
            self._program = context.program(vertex_shader=vertex, fragment_shader=fragment)
        except moderngl.Error as error:
            raise ShaderError(driver_words(str(error), file)) from error
        self._vertices = context.vertex_array(self._program, [])
        members = {name: self._program[name] for name in self._program}
        self._uniforms = {k: m for k, m in members.items() if isinstance(m, moderngl.Uniform)}

    def __contains__(self, uniform: str) -> bool:
        return uniform in self._uniforms

    def set(self, uniform: str, value: float | tuple[float, ...]) -> None:
        """Set a uniform, if the shader uses it."""
        if member := self._uniforms.get(uniform):
            member.value = value

    def bind(self, **textures: Texture) -> None:
        """Bind textures to the samplers of these names."""
        for unit, (name, texture) in enumerate(textures.items()):
            if member := self._uniforms.get(name):
                member.value = unit
                texture.use(unit)

    def fill(
        self,
        framebuffer: moderngl.Framebuffer,
        viewport: Viewport | None = None,
        blend: tuple[int, ...] | None = None,
    ) -> None:
        """Run over every pixel of `framebuffer`, or of its part (x, y, width, height).

        `blend` is ADD, OVER or PAINT; None overwrites."""
        framebuffer.use()
        whole = framebuffer.viewport
        framebuffer.viewport = viewport or whole
        self._render(moderngl.TRIANGLES, 3, 1, blend)
        framebuffer.viewport = whole

    def points(self, framebuffer: moderngl.Framebuffer, count: int) -> None:
        """Add the light of `count` points, each placed and sized by the vertex shader."""
        framebuffer.use()
        self._context.enable(moderngl.PROGRAM_POINT_SIZE)
        self._render(moderngl.POINTS, count, 1, ADD)

    def quads(self, framebuffer: moderngl.Framebuffer, count: int) -> None:
        """Paint `count` quads one over the other; the vertex shader sees four corners of each."""
        framebuffer.use()
        self._render(moderngl.TRIANGLE_STRIP, 4, count, PAINT)

    def _render(
        self, mode: int, vertices: int, instances: int, blend: tuple[int, ...] | None
    ) -> None:
        if blend:
            self._context.enable(moderngl.BLEND)
            self._context.blend_func = blend  # pyright: ignore[reportAttributeAccessIssue]
        self._vertices.render(mode, vertices=vertices, instances=instances)
        self._context.disable(moderngl.BLEND)

    def release(self) -> None:
        """Give the program back."""
        self._vertices.release()
        self._program.release()


class Core:
    """The stage's own programs, from shaders/core. They ship with it, so a fault in them raises."""

    def __init__(self, context: moderngl.Context, shaders: Path) -> None:
        self.context = context
        self.vertex = (shaders / CORE / "full.vert").read_text(encoding="utf-8")
        self._folder = shaders / CORE
        self._programs: dict[str, Program] = {}

    def program(self, name: str) -> Program:
        """The program of core/<name>.frag, the same for all who ask: it is compiled once, and
        stays as long as the stage does. Whoever draws with it sets all its uniforms."""
        if name not in self._programs:
            file = self._folder / f"{name}.frag"
            source = file.read_text(encoding="utf-8")
            self._programs[name] = Program(self.context, self.vertex, source, f"{CORE}/{file.name}")
        return self._programs[name]

    def release(self) -> None:
        """Give the programs back; nobody may draw with them any more."""
        for program in self._programs.values():
            program.release()
        self._programs.clear()


def driver_words(error: str, file: str) -> str:
    """The first complaint of a driver as one line: `file:line: message`."""
    match = _LINE.search(error)
    if not match:
        words = [line for line in error.splitlines() if line.strip(" =")]
        return f"{file}: {words[-1] if words else 'does not compile'}"
    return f"{file}:{match[1] or match[3]}: {match[2] or match[4]}"
