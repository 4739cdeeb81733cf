"""A panel of text over the picture, written by the processor and laid over the frame as a quad."""

import textwrap
from collections.abc import Sequence

import moderngl
import numpy as np

from installation.outputs.readback import Size
from installation.stage.font import Font
from installation.stage.gl import OVER, Core

BASE_HEIGHT = 360  # canvas height at which a grid unit of the font is UNIT pixels
UNIT = 1.25  # capitals of 7.5 pixels there: read from two metres on a laptop
INK = (0.96, 0.94, 0.88)
PANEL = (0.02, 0.03, 0.04)
SHADE = 0.72  # of the panel's opacity


class Sheet:
    """A panel of text of at most `columns` x `rows` letters."""

    def __init__(self, core: Core, canvas: Size, columns: int, rows: int) -> None:
        self._font = Font(UNIT * max(canvas[1] / BASE_HEIGHT, 1.0))
        self._margin = 2 * self._font.advance
        self._columns, self._rows = columns, rows
        width = columns * self._font.advance + 2 * self._margin
        height = rows * self._font.line + 2 * self._margin
        self._pixels = np.zeros((height, width, 2), np.uint8)
        self._texture = core.context.texture((width, height), 2)
        self._program = core.program("overlay")
        self._lines: tuple[str, ...] | None = None
        self.size = (width, 0)

    def write(self, lines: Sequence[str]) -> None:
        """Show these lines; longer ones are broken. Costs nothing when they are there already."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        broken = [part for line in lines for part in textwrap.wrap(line, self._columns) or [""]]
        ink, panel = self._pixels[..., 0], self._pixels[..., 1]
        ink[:] = panel[:] = 0
        for row, line in enumerate(broken[: self._rows]):
            self._font.write(ink, line, self._margin, self._margin + row * self._font.line)
        height = min(len(broken), self._rows) * self._font.line + 2 * self._margin
        panel[:height] = int(SHADE * 255)
        self.size = (self.size[0], height)
        self._texture.write(self._pixels)

    def draw(self, onto: moderngl.Framebuffer, x: int, y: int) -> None:
        """Lay the sheet over a framebuffer, its top left at (x, y)."""
        self._program.bind(sheet=self._texture)
        self._program.set("ink", INK)
        self._program.set("panel", PANEL)
        place = (x, y, *self._texture.size)
        self._program.fill(onto, place, OVER)

    def release(self) -> None:
        """Give the graphics memory back."""
        self._texture.release()
