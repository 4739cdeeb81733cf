"""What the wall shows when pictures stop, and how it gets there and back. Pure.

    HOUSE ──a first picture──► LIVE ◄──pictures again── HELD
      the house colour           └──no news for a while──► the last picture, drifting slowly

Every jump is a dissolve: what stood on the canvas is remembered and melts into what comes.
"""

import math
from enum import StrEnum

DISSOLVE = 0.8  # seconds: long enough to be seen as meant, short enough to be live in 3 s
STALE = 1.0  # seconds without a new picture before it is held
PATIENCE = 3.0  # intervals of a slow deck before its picture is called stale
SETTLE = 6.0  # seconds in which the drift of a held picture gathers
LONGEST_STEP = 0.1  # seconds: after a hitch, motion goes on from where it was


class Mode(StrEnum):
    """What the wall shows."""

    HOUSE = "house"  # no picture has come yet
    LIVE = "live"
    HELD = "held"  # the last picture, kept alive


class Fallback:
    """The mode, the dissolve and the drift. All times are monotonic seconds."""

    def __init__(self) -> None:
        self.mode = Mode.HOUSE
        self._dissolve_at = -math.inf
        self._held = 0.0  # 0 live to 1 fully drifting
        self._phase = 0.0  # seconds of drifting so far
        self._now: float | None = None

    def step(self, now: float, age: float, interval: float = 0.0) -> bool:
        """Move to `now`; True when a dissolve begins and the canvas must be remembered first.

        `age` is that of the newest visible picture, infinite when there is none; `interval` its
        deck's usual time between pictures."""
        dt = min(now - self._now, LONGEST_STEP) if self._now is not None else 0.0
        self._now = now
        before, self.mode = self.mode, self._next(age, interval)
        self._drift(dt)
        arrived = before is not self.mode and before is not Mode.LIVE
        if arrived:
            self.dissolve(now)
        return arrived

    def dissolve(self, now: float) -> None:
        """Begin a dissolve from what was remembered just now."""
        self._dissolve_at = now

    def ghost(self, now: float) -> float:
        """How much of the remembered picture is left, 1 to 0, eased at both ends."""
        left = 1.0 - (now - self._dissolve_at) / DISSOLVE
        return smoothstep(left)

    @property
    def drift(self) -> tuple[float, float, float]:
        """Zoom and shift, in parts of the canvas, that keep a held picture alive.

        The shift stays inside what the zoom hides, so no border is ever seen."""
        held = smoothstep(self._held)
        zoom = held * (0.035 + 0.015 * math.sin(self._phase * 0.11))
        reach = 0.009 * held
        return zoom, reach * math.sin(self._phase * 0.13), reach * math.sin(self._phase * 0.087)

    def _next(self, age: float, interval: float) -> Mode:
        if math.isinf(age):
            return self.mode if self.mode is Mode.HOUSE else Mode.HELD
        return Mode.LIVE if age <= max(STALE, PATIENCE * interval) else Mode.HELD

    def _drift(self, dt: float) -> None:
        held = self.mode is Mode.HELD
        step = dt / SETTLE if held else -dt / DISSOLVE
        self._held = min(max(self._held + step, 0.0), 1.0)
        self._phase = self._phase + dt if self._held > 0.0 else 0.0


def smoothstep(x: float) -> float:
    """0 below 0, 1 above 1, eased between."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)
