"""Draws a part of the canvas into a window as its mapping says: the last thing before the wall."""

from pathlib import Path

import moderngl
import numpy as np
import numpy.typing as npt

from installation.outputs.readback import Size
from installation.show.outputs import Blend, Window
from installation.stage.gl import CORE, OVER, Core
from installation.stage.mapping import Sides, Warp, vertices

Mask = npt.NDArray[np.uint8]
Point = tuple[float, float]
MARKER = 24  # of a window's height: the radius of the calibration's ring


class Projection:
    """One window's way of showing the canvas; `context` is the window's own.

    `ramps` are the widths of its soft edges, `mask` is uint8 (height, width), None for no mask."""

    def __init__(
        self,
        context: moderngl.Context,
        shaders: Path,
        window: Window,
        ramps: Sides = (0.0, 0.0, 0.0, 0.0),
        mask: Mask | None = None,
    ) -> None:
        self._context, self._window = context, window
        self._core = Core(context, shaders)
        self._program = _program(context, shaders / CORE)
        self._mask = _texture(context, mask)
        blend = window.blend or Blend()
        black = blend.black if window.blend else 0.0
        self._set("treated", float(any(ramps) or mask is not None or black > 0))
        self._set("crop", window.crop)
        self._set("ramps", ramps)
        self._set("gamma", blend.gamma)
        self._set("black", black)
        self._vertices: moderngl.VertexArray | None = None
        self._buffers: tuple[moderngl.Buffer, ...] = ()
        self.warp(Warp(window.corners))

    def warp(self, warp: Warp) -> None:
        """Lay the picture another way from now on."""
        self._drop()
        table, triangles = vertices(self._window, warp)
        corners = self._context.buffer(table.tobytes())
        order = self._context.buffer(triangles.tobytes())
        self._buffers = corners, order
        self._vertices = self._context.vertex_array(
            self._program, [(corners, "3f 2f", "corner", "spot")], index_buffer=order
        )

    def draw(
        self,
        picture: moderngl.Texture,
        onto: moderngl.Framebuffer,
        size: Size,
        upward: bool = False,
        light: float = 1.0,
    ) -> None:
        """Draw the canvas's part. `upward` for targets whose first row is the top one."""
        onto.use()
        onto.viewport = (0, 0, *size)
        onto.clear(viewport=(0, 0, *size))
        for unit, texture in enumerate((picture, self._mask)):
            texture.use(unit)
        self._set("picture", 0)
        self._set("mask", 1)
        self._set("pixels", size)
        self._set("upward", 1.0 if upward else -1.0)
        self._set("light", light)
        if self._vertices:
            self._vertices.render(moderngl.TRIANGLES)

    def mark(
        self, point: Point, onto: moderngl.Framebuffer, size: Size, upward: bool = False
    ) -> None:
        """Lay the calibration's mark over the window at `point`, in parts of it."""
        marker = self._core.program("marker")
        marker.set("pixels", size)
        marker.set("point", point)
        marker.set("radius", size[1] / MARKER)
        marker.set("upward", 1.0 if upward else -1.0)
        marker.fill(onto, (0, 0, *size), OVER)

    def release(self) -> None:
        """Give the graphics memory back."""
        self._drop()
        for part in (self._mask, self._program):
            if part:
                part.release()

    def _set(self, uniform: str, value: float | tuple[float, ...]) -> None:
        member = self._program.get(uniform, None)
        if isinstance(member, moderngl.Uniform):
            member.value = value

    def _drop(self) -> None:
        for part in (self._vertices, *self._buffers):
            if part:
                part.release()


def _program(context: moderngl.Context, folder: Path) -> moderngl.Program:
    vertex, fragment = (
        (folder / f"project.{kind}").read_text(encoding="utf-8") for kind in ("vert", "frag")
    )
    return context.program(vertex_shader=vertex, fragment_shader=fragment)


def _texture(context: moderngl.Context, mask: Mask | None) -> moderngl.Texture:
    pixels = np.full((1, 1), 255, np.uint8) if mask is None else np.ascontiguousarray(mask)
    texture = context.texture((pixels.shape[1], pixels.shape[0]), 1, pixels.tobytes(), alignment=1)
    texture.repeat_x = texture.repeat_y = False
    return texture
