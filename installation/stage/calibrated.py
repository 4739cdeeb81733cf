"""Where a calibration is kept: a file of this machine beside the saved state, not in show.yaml.

Read once at the start; written by a thread of its own, for a disk must not hold a frame.
"""

import json
import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from installation.show.outputs import Window, convex
from installation.stage.mapping import Warp
from installation.store import Store

FILE = "calibration"
_REACH = 3.0  # a point farther out than this was never set by hand

log = logging.getLogger("stage")


class Calibrated:
    """The kept warps of a show's windows, each found by its screen, its crop and its turn."""

    def __init__(self, folder: str) -> None:
        self._store = Store(Path(folder) / FILE) if folder else None

    def read(self, windows: Sequence[Window]) -> list[Warp]:
        """Each window's warp: as kept, else as show.yaml says. Never raises."""
        kept = self._kept()
        return [_warp(kept.get(key), window) for key, window in _keyed(windows).items()]

    def keep(self, windows: Sequence[Window], warps: Sequence[Warp]) -> None:
        """Write the warps beside whatever is kept for other windows; returns at once."""
        news = {
            key: {"corners": warp.corners, "points": warp.points}
            for key, warp in zip(_keyed(windows), warps, strict=True)
        }
        threading.Thread(target=self._write, args=(news,), name="calibration").start()

    def _kept(self) -> dict[str, Any]:
        found = self._store.read() if self._store else None
        if found and found.note:
            log.warning("%s", found.note)
        try:
            kept = json.loads(found.body) if found and found.body else {}
        except ValueError:
            kept = {}
        return kept if isinstance(kept, dict) else {}

    def _write(self, news: dict[str, Any]) -> None:
        if self._store is None:
            log.warning("this run keeps nothing: the calibration lasts until it ends")
            return
        try:
            self._store.write(json.dumps({**self._kept(), **news}).encode())
            log.info("the calibration is saved: %s", self._store.path)
        except OSError as error:
            log.error("the calibration is not saved: %s", error)


def _keyed(windows: Sequence[Window]) -> dict[str, Window]:
    """Windows by a name that outlives a change of their order."""
    keyed: dict[str, Window] = {}
    for window in windows:
        name = f"{window.screen} {window.crop} {window.rotate} {window.flip}"
        while name in keyed:
            name += " again"
        keyed[name] = window
    return keyed


def _warp(kept: Any, window: Window) -> Warp:
    """A kept warp that can be thrown; what cannot is left aside."""
    try:
        a, b, c, d = (_point(point) for point in kept["corners"])
        rows = kept["points"]
        points = tuple(tuple(map(_point, row)) for row in rows) if rows else None
    except (TypeError, ValueError, KeyError):
        return Warp(window.corners)
    across, down = window.mesh
    if points and (len(points) != down or any(len(row) != across for row in points)):
        points = None  # show.yaml asks for another mesh
    return Warp((a, b, c, d), points) if convex((a, b, c, d)) else Warp(window.corners)


def _point(point: Any) -> tuple[float, float]:
    x, y = (float(part) for part in point)
    if not max(abs(x), abs(y)) <= _REACH:
        raise ValueError("a point is out of reach")
    return x, y
