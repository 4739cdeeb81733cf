"""A raw signal made fit to steer: ranged, curved, smoothed, slowed, let go when silent.

Pure: `Conditioner.step` is a function of what came in, the time, and its own small state.
"""

from dataclasses import dataclass

import numpy as np

from installation.control.one_euro import OneEuro, OneEuroFilter
from installation.control.signals import Mode

NEUTRAL_TAU = 0.6  # seconds: a dead sensor's control is 96 % back after two seconds
_STILL = 1e-6  # of the limits: a relative signal that moves less in a tick stands


@dataclass(frozen=True, slots=True)
class Conditioning:
    """How a signal becomes a value. Times are seconds.

    The signal's span `source` is laid on `target` (either may run backwards) and kept inside it.
    `curve` bends the way between (1 straight, 2 slow start). Moves smaller than `dead_band` (in
    target units) are ignored. A turn smaller than `hysteresis` (in target units) is ignored, too;
    both ends can still be reached. `one_euro` smooths in place of `smooth`. `slew` is the fastest
    change in target units a second, 0 for free. After `timeout` seconds without a message the
    value eases to `neutral`; 0 waits for ever.

    In mode `step` each message moves the value on by what it is shaped to (an endless encoder), in
    mode `speed` it moves so much a second (a joystick, a loudness), both inside `limits`. Silence
    ends a speed, and neither goes back to neutral.
    """

    source: tuple[float, float] = (0.0, 1.0)
    target: tuple[float, float] = (0.0, 1.0)
    curve: float = 1.0
    smooth: float = 0.0
    one_euro: OneEuro | None = None
    slew: float = 0.0
    dead_band: float = 0.0
    hysteresis: float = 0.0
    timeout: float = 0.0
    neutral: float = 0.0
    mode: Mode = "absolute"
    limits: tuple[float, float] = (0.0, 1.0)

    def shape(self, raw: float) -> float:
        """`raw` laid from the source span on the target span, clamped and bent."""
        low, high = self.source
        travel = (raw - low) / (high - low) if high != low else 0.0
        bent = min(max(travel, 0.0), 1.0) ** self.curve
        return self.target[0] + bent * (self.target[1] - self.target[0])

    def follow(self, shaped: float, before: float) -> float:
        """Where hysteresis leaves a value that was at `before` when the signal is at `shaped`.

        Two parallel lines, one for the way up and one for the way down, through both corners."""
        low, high = sorted(self.target)
        if self.hysteresis <= 0 or high == low:
            return shaped
        down = shaped + (shaped - low) * self.hysteresis / (high - low)
        return min(max(min(max(before, down - self.hysteresis), down), low), high)

    @property
    def relative(self) -> bool:
        """Whether the signal moves the value, rather than being it."""
        return self.mode != "absolute"


class Conditioner:
    """One route's signal on its way. Non-finite input is refused and counted."""

    def __init__(self, conditioning: Conditioning) -> None:
        self._how = conditioning
        span = conditioning.limits if conditioning.relative else conditioning.target
        self._filter = (
            OneEuroFilter(conditioning.one_euro, abs(span[1] - span[0]))
            if conditioning.one_euro
            else None
        )
        self.neutral = conditioning.neutral
        self._wanted = conditioning.neutral
        # The last that the dead band let through.
        self._shaped = 0.0 if conditioning.relative else conditioning.neutral
        self._steps = 0.0  # asked for since the last tick
        self._heard = -np.inf
        self.value = conditioning.neutral
        self.moved = False  # by the last step
        self.refused = 0

    def take_over(self, former: "Conditioner") -> None:
        """Go on where a former conditioner of the same signal was, in this one's own way."""
        self._heard, self.value, self.refused = former._heard, former.value, former.refused
        same = self._how == former._how
        self._wanted = former._wanted if same else former.value
        self._shaped = former._shaped if same else former.value
        if same:
            self._filter = former._filter
        elif self._how.mode == "speed":
            self._heard = -np.inf  # what was a place is no speed

    @property
    def relative(self) -> bool:
        """Whether the signal moves its control from where it is."""
        return self._how.relative

    @property
    def steps(self) -> bool:
        """Whether every message counts, and not only the newest."""
        return self._how.mode == "step"

    def begin_at(self, value: float) -> None:
        """A relative signal goes on from `value`, where another hand has left the control."""
        self._wanted = self.value = value

    def hear(self, raw: float, now: float) -> None:
        """A new value of the signal arrived."""
        if not np.isfinite(raw):
            self.refused += 1
            return
        first, self._heard = not np.isfinite(self._heard), now
        shaped = self._how.shape(raw)
        if self._how.mode == "step":
            self._steps += shaped
        elif abs(shaped - self._shaped) >= self._how.dead_band:
            self._shaped = shaped
            self._wanted = self._goal(shaped, first)

    def _goal(self, shaped: float, first: bool) -> float:
        if self._how.mode == "speed":
            return self._wanted
        return shaped if first else self._how.follow(shaped, self._wanted)

    def alive(self, now: float) -> bool:
        """Whether the signal has spoken within its timeout."""
        return now - self._heard <= (self._how.timeout or np.inf) and np.isfinite(self._heard)

    def step(self, now: float, dt: float) -> float:
        """The value at `now`, `dt` seconds after the last step."""
        alive = self.alive(now)
        if self._how.relative:
            self._move_on(alive, dt)
        eases = not alive and not self._how.relative
        goal = self._how.neutral if eases else self._wanted
        move = (goal - self.value) * (_gain(NEUTRAL_TAU, dt) if eases else self._gain(goal, dt))
        if self._how.slew > 0:
            move = float(np.clip(move, -self._how.slew * dt, self._how.slew * dt))
        self.moved = abs(move) > _STILL * (self._how.limits[1] - self._how.limits[0])
        self.value += float(move)
        return self.value

    def _move_on(self, alive: bool, dt: float) -> None:
        speed = self._shaped if self._how.mode == "speed" and alive else 0.0
        low, high = self._how.limits
        self._wanted = min(max(self._wanted + self._steps + speed * dt, low), high)
        self._steps = 0.0

    def _gain(self, goal: float, dt: float) -> float:
        return self._filter.gain(goal, dt) if self._filter else _gain(self._how.smooth, dt)


def _gain(tau: float, dt: float) -> float:
    """The part of the way that a time constant of `tau` seconds goes in `dt`; all of it for 0."""
    return 1.0 - float(np.exp(-dt / tau)) if tau > 0 else 1.0
