"""The operator's hand on the whole picture: brightness and blackout. Pure."""

from installation.stage.fallback import LONGEST_STEP, smoothstep

FADE = 0.8  # seconds from full light to black and back
GAMMA = 2.2  # half way on the fader looks half as bright
DARK = 0.1  # of the fader: below it the light is under a hundredth, and black is no fault


class Master:
    """How much light the wall gets. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._open = 1.0
        self._now: float | None = None
        self.fader = 1.0  # brightness and blackout together, 0 to 1

    def step(self, now: float, brightness: float, blackout: bool) -> float:
        """The factor for linear light at `now`."""
        dt = min(now - self._now, LONGEST_STEP) if self._now is not None else 0.0
        self._now = now
        step = -dt / FADE if blackout else dt / FADE
        self._open = min(max(self._open + step, 0.0), 1.0)
        self.fader = min(max(brightness, 0.0), 1.0) * smoothstep(self._open)
        return self.fader**GAMMA

    @property
    def dark(self) -> bool:
        """Whether somebody asked for darkness, so that black is no fault."""
        return self.fader <= DARK
