"""How bright the wall is: a thumbnail of what was presented, read back a frame late."""

import moderngl
import numpy as np

from installation.outputs.readback import Readback
from installation.stage.gl import Core, Target

GRID = (16, 9)
BLACK = 0.004  # mean luma: one step of 255


class Meter:
    """Mean luma of the last present, and how many presents were black though nobody asked."""

    def __init__(self, core: Core) -> None:
        self._program = core.program("luma")
        self._target = Target(core.context, GRID, "f1")
        self._readback = Readback(core.context, self._target.framebuffer)
        self._pixels = np.zeros((GRID[1], GRID[0], 4), np.uint8)
        self._asked_dark = True
        self.luma: float | None = None  # 0 to 1, of the present before the last
        self.black = 0

    def measure(self, final: moderngl.Texture, dark: bool) -> None:
        """Note a present. `dark` says that darkness was asked for."""
        if self._readback.take(self._pixels):
            self.luma = float(self._pixels[..., 0].mean()) / 255.0
            self.black += self.luma < BLACK and not self._asked_dark
        self._program.bind(picture=final)
        self._program.fill(self._target.framebuffer)
        self._readback.ask()
        self._asked_dark = dark

    def release(self) -> None:
        """Give the graphics memory back."""
        self._readback.release()
        self._target.release()
