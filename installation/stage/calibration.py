"""The calibration: which window, which point, which way. Pure: keys and the time come in.

While the grid is on the wall, the keys that steer it go no further than here.
"""

from collections.abc import Sequence

import numpy as np

from installation.show.outputs import Point, Window, convex
from installation.stage.mapping import Mesh, Warp, homography, project, straight

STEP, STRIDE = 1, 10  # pixels an arrow moves, without and with shift
REPEAT_AFTER, REPEAT_EVERY = 0.4, 0.04  # seconds, as a keyboard's own
REACH = (-1.0, 2.0)  # of a window: how far outside of it a point may be put
CORNERS = ("top left", "top right", "bottom right", "bottom left")
ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
SHIFTS = ("lshift", "rshift")
KEYS = {
    "tab": "window",
    "space": "point",
    "m": "mesh",
    "backspace": "reset",
    "return": "save",
    "enter": "save",
}
HELP = (
    "tab       next window",
    "space     next point",
    "arrows    move it, shift: far",
    "m         corners or mesh",
    "backspace window as it was",
    "enter     save",
)
Size = tuple[int, int]


class Calibrator:
    """What the operator does to the warps of `windows`; `warps` are as they lie at first.

    `saves` counts the presses of enter."""

    def __init__(self, windows: Sequence[Window], warps: Sequence[Warp]) -> None:
        self._windows = windows
        self.warps = list(warps)
        self._kept = list(warps)  # as they were saved
        self.window = self.point = self.saves = 0
        self.mesh = False
        self._moves: list[str] = []  # arrows that were pressed since the last step
        self._held: dict[str, float] = {}  # arrows that are down, and when each moves next
        self._far = False

    def stroke(self, key: str, pressed: bool, now: float) -> bool:
        """Take a key; False when it is none of the calibration's."""
        if key in SHIFTS:
            self._far = pressed
        elif key in ARROWS and pressed:
            self._moves.append(key)
            self._held[key] = now + REPEAT_AFTER
        elif key in ARROWS:
            self._held.pop(key, None)
        elif key in KEYS and pressed:
            self.press(KEYS[key])
        return key in SHIFTS or key in ARROWS or key in KEYS

    def step(self, now: float, sizes: Sequence[Size]) -> None:
        """Move what the arrows move. `sizes` are the windows' pixels."""
        due = [key for key, at in self._held.items() if now >= at]
        self._held.update(dict.fromkeys(due, now + REPEAT_EVERY))
        moves, self._moves = [*self._moves, *due], []
        for key in moves:
            self._nudge(key, sizes[self.window], STRIDE if self._far else STEP)

    def let_go(self) -> None:
        """The grid is gone: no arrow is held any more."""
        self._held.clear()
        self._moves.clear()
        self._far = False

    def press(self, what: str) -> None:
        """window, point, mesh, reset, save, or an arrow."""
        match what:
            case "window":
                self.window, self.point = (self.window + 1) % len(self.warps), 0
            case "point":
                self.point = (self.point + 1) % self._count
            case "mesh":
                self.mesh, self.point = not self.mesh, 0
            case "reset":
                self.warps[self.window] = Warp(self._windows[self.window].corners)
            case "save":
                self.saves += 1
                self._kept = list(self.warps)
            case _:
                self._moves.append(what)

    @property
    def place(self) -> Point:
        """Where the chosen point is, in parts of its window."""
        warp = self.warps[self.window]
        if not self.mesh:
            return warp.corners[self.point]
        row, column = self._at
        x, y, w = project(homography(warp.corners), np.array([self._points[row][column]]))[0]
        return float(x / w), float(y / w)

    @property
    def words(self) -> str:
        """Which point of which window, for the picture."""
        across, down = self._windows[self.window].mesh
        row, column = self._at
        grid = f"mesh {column + 1},{row + 1} of {across}x{down}"
        saved = "" if self.warps == self._kept else " - not saved"
        point = grid if self.mesh else CORNERS[self.point]
        return f"window {self.window + 1} of {len(self.warps)}, {point}{saved}"

    @property
    def _points(self) -> Mesh:
        return self.warps[self.window].points or straight(*self._windows[self.window].mesh)

    @property
    def _at(self) -> tuple[int, int]:
        return divmod(self.point, self._windows[self.window].mesh[0])

    @property
    def _count(self) -> int:
        across, down = self._windows[self.window].mesh
        return across * down if self.mesh else len(CORNERS)

    def _nudge(self, arrow: str, size: Size, pixels: float) -> None:
        """Move the chosen point; a place that no lens could throw is not taken."""
        x, y = ARROWS[arrow]
        move = (x * pixels / size[0], y * pixels / size[1])
        warp = self.warps[self.window]
        self.warps[self.window] = self._bent(warp, move) if self.mesh else self._turned(warp, move)

    def _turned(self, warp: Warp, move: Point) -> Warp:
        corners = list(warp.corners)
        corners[self.point] = _moved(corners[self.point], move)
        a, b, c, d = corners
        return Warp((a, b, c, d), warp.points) if convex((a, b, c, d)) else warp

    def _bent(self, warp: Warp, move: Point) -> Warp:
        """`move` is along the mesh's own axes: on a strongly tilted quad it is not the screen's."""
        row, column = self._at
        points = [list(line) for line in self._points]
        points[row][column] = _moved(points[row][column], move)
        return Warp(warp.corners, tuple(map(tuple, points)))


def _moved(point: Point, move: Point) -> Point:
    low, high = REACH
    x, y = (min(max(a + b, low), high) for a, b in zip(point, move, strict=True))
    return x, y
