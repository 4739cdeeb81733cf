"""The calibration's grid: numbered squares, circles, grey steps, over the whole canvas."""

import moderngl
import numpy as np

from installation.outputs.readback import Size
from installation.stage.font import Font
from installation.stage.gl import OVER, Core

ROWS = "ABCDEFGHI"  # nine squares down; across as many as make them square
SMALL = 24  # squares' sides in pixels under which a number could not be read
INK = (0.85, 0.85, 0.85)
NOTHING = (0.0, 0.0, 0.0)


class Grid:
    """Drawn when asked for; its numbers are written at the first time."""

    def __init__(self, core: Core, canvas: Size) -> None:
        self._core, self._canvas = core, canvas
        self._side = canvas[1] / len(ROWS)
        self._across = max(round(canvas[0] / self._side), 1)
        self._grid, self._overlay = core.program("grid"), core.program("overlay")
        self._numbers: moderngl.Texture | None = None

    def draw(self, onto: moderngl.Framebuffer) -> None:
        """Fill a framebuffer of the canvas's size."""
        self._numbers = self._numbers or self._written()
        self._grid.set("resolution", self._canvas)
        self._grid.set("unit", self._side)
        self._grid.set("squares", (self._across, len(ROWS)))
        self._grid.fill(onto)
        self._overlay.bind(sheet=self._numbers)
        self._overlay.set("ink", INK)
        self._overlay.set("panel", NOTHING)
        self._overlay.fill(onto, blend=OVER)

    def release(self) -> None:
        """Give the graphics memory back."""
        if self._numbers:
            self._numbers.release()

    def _written(self) -> moderngl.Texture:
        width, height = self._canvas
        ink = np.zeros((height, width), np.uint8)
        font = Font(max(self._side / 40, 0.8))
        across = width / self._across
        if self._side >= SMALL:
            for row, letter in enumerate(ROWS):
                for column in range(self._across):
                    x, y = round((column + 0.08) * across), round((row + 0.08) * self._side)
                    font.write(ink, f"{letter}{column + 1}", x, y)
        both = np.stack([ink, np.zeros_like(ink)], axis=-1)
        return self._core.context.texture(self._canvas, 2, both.tobytes(), alignment=1)
