"""The calibration on the stage: the grid in place of the picture, and keys that move its corners.

It is on while `/calibrate/grid` is; the panel's presses do what the keys do.
"""

from collections.abc import Sequence

import moderngl

from installation.control.state import StateReader
from installation.outputs.readback import Size
from installation.show.outputs import Window
from installation.stage.calibrated import Calibrated
from installation.stage.calibration import HELP, Calibrator
from installation.stage.gl import Core
from installation.stage.grid import Grid
from installation.stage.mapping import Warp
from installation.stage.sheet import Sheet
from installation.stage.window import Mark, Surface

ON = "/calibrate/grid"
PRESSES = {
    f"/calibrate/{name}": name
    for name in ("window", "point", "left", "right", "up", "down", "mesh", "reset", "save")
}
COLUMNS = 46


class Calibration:
    """The calibrator of a show's windows, its grid, and where it is kept."""

    def __init__(self, core: Core, canvas: Size, windows: Sequence[Window], folder: str) -> None:
        self._core = core
        self._windows = windows
        self._kept = Calibrated(folder)
        self._calibrator = Calibrator(windows, self._kept.read(windows)) if windows else None
        self._laid: list[Warp] = []
        self._saves = 0
        self._counts: dict[str, float] = {}
        self._on = False
        self._open(canvas)

    def stroke(self, key: str, pressed: bool, now: float) -> bool:
        """Take a key while the grid is on the wall; False when it is not the calibration's."""
        return self._on and bool(self._calibrator and self._calibrator.stroke(key, pressed, now))

    def step(self, now: float, controls: StateReader, surface: Surface) -> None:
        """Follow the switch, the presses and the held arrows; lay the windows as they say."""
        calibrator = self._calibrator
        if calibrator is None or not surface.sizes:
            return
        self._on = controls[ON] > 0.5
        self._hear(controls, calibrator)
        if self._on:
            calibrator.step(now, surface.sizes)
        else:
            calibrator.let_go()
        if calibrator.warps != self._laid:
            self._laid = list(calibrator.warps)
            surface.warp(self._laid)
        if calibrator.saves != self._saves:
            self._saves = calibrator.saves
            self._kept.keep(self._windows, self._laid)

    def draw(self, onto: moderngl.Framebuffer) -> None:
        """Lay the grid over the canvas, if it is on."""
        if not self._on or not self._calibrator:
            return
        left, top, across, down = self._windows[self._calibrator.window].crop
        x = round((left + across / 2) * self._canvas[0]) - self._sheet.size[0] // 2
        y = round((top + down * 0.1) * self._canvas[1])
        self._grid.draw(onto)
        self._sheet.write([self._calibrator.words, "", *HELP])
        self._sheet.draw(onto, x, y)

    @property
    def mark(self) -> Mark | None:
        """The point that is being moved, for the window it belongs to."""
        if not self._on or not self._calibrator:
            return None
        return Mark(self._calibrator.window, self._calibrator.place)

    def resize(self, canvas: Size) -> None:
        """Go on with a canvas of another size."""
        self.release()
        self._open(canvas)

    def release(self) -> None:
        """Give the graphics memory back."""
        self._sheet.release()
        self._grid.release()

    def _open(self, canvas: Size) -> None:
        self._canvas = canvas
        self._sheet = Sheet(self._core, canvas, COLUMNS, 2 + len(HELP))
        self._grid = Grid(self._core, canvas)

    def _hear(self, controls: StateReader, calibrator: Calibrator) -> None:
        """Presses of the panel: their counts only grow, and those of before the start are old."""
        for address, name in PRESSES.items():
            count = controls[address]
            if self._on and count > self._counts.get(address, count):
                calibrator.press(name)
            self._counts[address] = count
