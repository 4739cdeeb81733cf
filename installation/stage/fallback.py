"""What the wall shows when pictures stop, and how it gets there and back. Pure.

    HOUSE ──a first picture──► LIVE ◄──pictures again──┬────────────────────┐
      │ the house colour         └──no news for a while──► HELD ──still none──► IDLE
      └──none for a while──────────────────────────────────────────────────────►
              the last picture, drifting slowly: HELD    the scene's idle film: IDLE

Without a film it stays HELD, or HOUSE if there never was a picture. Every jump is a dissolve: what
stood on the canvas is remembered and melts into what comes.
"""

import math
from enum import StrEnum

DISSOLVE = 0.8  # seconds: long enough to be seen as meant, short enough to be live in 3 s
STALE = 1.0  # seconds without a new picture before it is held
HOLD = 2.0  # seconds a picture is held, or the house colour stands, before the idle film comes
TO_IDLE = 2.0  # seconds of the dissolve into the film: nobody waits for it, so it is not seen
PATIENCE = 3.0  # intervals of a slow deck before its picture is called stale
SETTLE = 6.0  # seconds in which the drift of a held picture gathers
LONGEST_STEP = 0.1  # seconds: after a hitch, motion goes on from where it was


class Mode(StrEnum):
    """What the wall shows."""

    HOUSE = "house"  # no picture has come yet
    LIVE = "live"
    HELD = "held"  # the last picture, kept alive
    IDLE = "idle"  # a film of the scene, painted ahead of time


class Fallback:
    """The mode, the dissolve and the drift. All times are monotonic seconds."""

    def __init__(self) -> None:
        self.mode = Mode.HOUSE
        self._dissolve_at, self._dissolve_for = -math.inf, DISSOLVE
        self._since = 0.0  # seconds in this mode
        self._held = 0.0  # 0 live to 1 fully drifting
        self._phase = 0.0  # seconds of drifting so far
        self._now: float | None = None

    def step(self, now: float, age: float, interval: float = 0.0, film: bool = False) -> bool:
        """Move to `now`; True when a dissolve begins and the canvas must be remembered first.

        `age` is that of the newest visible picture, infinite when there is none; `interval` its
        deck's usual time between pictures; `film` tells whether there is an idle film to show."""
        dt = min(now - self._now, LONGEST_STEP) if self._now is not None else 0.0
        self._now = now
        before, self.mode = self.mode, self._next(age, interval, film)
        self._since = self._since + dt if before is self.mode else 0.0
        self._drift(dt)
        arrived = before is not self.mode and before is not Mode.LIVE
        if arrived:
            self.dissolve(now, TO_IDLE if self.mode is Mode.IDLE else DISSOLVE)
        return arrived

    def dissolve(self, now: float, seconds: float = DISSOLVE) -> None:
        """Begin a dissolve from what was remembered just now."""
        self._dissolve_at, self._dissolve_for = now, seconds

    def ghost(self, now: float) -> float:
        """How much of the remembered picture is left, 1 to 0, eased at both ends."""
        left = 1.0 - (now - self._dissolve_at) / self._dissolve_for
        return smoothstep(left)

    @property
    def wants_film(self) -> bool:
        """Whether the idle film is shown, or may be soon and should be made ready."""
        return self.mode is Mode.IDLE or (self.mode is not Mode.LIVE and self._since >= HOLD / 2)

    @property
    def drift(self) -> tuple[float, float, float]:
        """Zoom and shift, in parts of the canvas, that keep a held picture alive.

        The shift stays inside what the zoom hides, so no border is ever seen."""
        held = smoothstep(self._held)
        zoom = held * (0.035 + 0.015 * math.sin(self._phase * 0.11))
        reach = 0.009 * held
        return zoom, reach * math.sin(self._phase * 0.13), reach * math.sin(self._phase * 0.087)

    def _next(self, age: float, interval: float, film: bool) -> Mode:
        if age <= max(STALE, PATIENCE * interval):
            return Mode.LIVE
        if film and (self.mode is Mode.IDLE or self._waited()):
            return Mode.IDLE
        return Mode.HOUSE if self.mode is Mode.HOUSE and math.isinf(age) else Mode.HELD

    def _waited(self) -> bool:
        return self.mode is not Mode.LIVE and self._since >= HOLD

    def _drift(self, dt: float) -> None:
        held = self.mode is Mode.HELD
        step = dt / SETTLE if held else -dt / DISSOLVE
        self._held = min(max(self._held + step, 0.0), 1.0)
        self._phase = self._phase + dt if self._held > 0.0 else 0.0


def smoothstep(x: float) -> float:
    """0 below 0, 1 above 1, eased between."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)
