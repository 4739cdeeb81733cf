"""A raw signal made fit to steer: ranged, curved, smoothed, slowed, let go when silent.

Pure: `Conditioner.step` is a function of what came in, the time, and its own small state.
"""

from dataclasses import dataclass

import numpy as np

NEUTRAL_TAU = 0.6  # seconds: a dead sensor's control is 96 % back after two seconds


@dataclass(frozen=True, slots=True)
class Conditioning:
    """How a signal becomes a value. Times are seconds.

    The signal's span `source` is laid on `target` (either may run backwards) and kept inside it.
    `curve` bends the way between (1 straight, 2 slow start). Moves smaller than `dead_band` (in
    target units) are ignored. `slew` is the fastest change in target units a second, 0 for free.
    After `timeout` seconds without a message the value eases to `neutral`; 0 waits for ever.
    """

    source: tuple[float, float] = (0.0, 1.0)
    target: tuple[float, float] = (0.0, 1.0)
    curve: float = 1.0
    smooth: float = 0.0
    slew: float = 0.0
    dead_band: float = 0.0
    timeout: float = 0.0
    neutral: float = 0.0

    def shape(self, raw: float) -> float:
        """`raw` laid from the source span on the target span, clamped and bent."""
        low, high = self.source
        travel = (raw - low) / (high - low) if high != low else 0.0
        bent = min(max(travel, 0.0), 1.0) ** self.curve
        return self.target[0] + bent * (self.target[1] - self.target[0])


class Conditioner:
    """One route's signal on its way. Non-finite input is refused and counted."""

    def __init__(self, conditioning: Conditioning) -> None:
        self._how = conditioning
        self.neutral = conditioning.neutral
        self._wanted = conditioning.neutral
        self._heard = -np.inf
        self.value = conditioning.neutral
        self.refused = 0

    def take_over(self, former: "Conditioner") -> None:
        """Go on where a former conditioner of the same signal was, in this one's own way."""
        self._heard, self.value, self.refused = former._heard, former.value, former.refused
        self._wanted = former._wanted if self._how == former._how else former.value

    def hear(self, raw: float, now: float) -> None:
        """A new value of the signal arrived."""
        if not np.isfinite(raw):
            self.refused += 1
            return
        self._heard = now
        shaped = self._how.shape(raw)
        if abs(shaped - self._wanted) >= self._how.dead_band:
            self._wanted = shaped

    def alive(self, now: float) -> bool:
        """Whether the signal has spoken within its timeout."""
        return now - self._heard <= (self._how.timeout or np.inf) and np.isfinite(self._heard)

    def step(self, now: float, dt: float) -> float:
        """The value at `now`, `dt` seconds after the last step."""
        alive = self.alive(now)
        goal = self._wanted if alive else self._how.neutral
        tau = self._how.smooth if alive else NEUTRAL_TAU
        move = (goal - self.value) * (1.0 - np.exp(-dt / tau) if tau > 0 else 1.0)
        if self._how.slew > 0:
            move = float(np.clip(move, -self._how.slew * dt, self._how.slew * dt))
        self.value += float(move)
        return self.value
