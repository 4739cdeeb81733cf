"""The one-euro filter: calm while a hand rests, quick when it moves. Pure.

Casiez, Roussel, Vogel: 1 € Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
Interactive Systems (CHI 2012). The gain of a step is the exact one of a first-order low-pass,
1 - exp(-2 pi f dt), in place of the paper's approximation: no tick is too long for it.
"""

from dataclasses import dataclass

import numpy as np

SPEED_CUTOFF = 1.0  # Hz: the paper's, for the smoothed speed
SHORTEST = 1e-6  # seconds: in less, a move has no speed that a float could hold


@dataclass(frozen=True, slots=True)
class OneEuro:
    """`cutoff` (Hz) rules at rest: lower shakes less. `beta` (Hz for each span of the control a
    second) opens the filter with speed: higher lags less."""

    cutoff: float = 1.0
    beta: float = 2.0


class OneEuroFilter:
    """The filter's state: the last sample and the smoothed speed, in spans a second."""

    def __init__(self, how: OneEuro, span: float) -> None:
        self._how = how
        self._span = span or 1.0
        self._last: float | None = None
        self._speed = 0.0

    def gain(self, sample: float, dt: float) -> float:
        """How much of the way to `sample` is gone in `dt` seconds, from 0 to 1."""
        if dt < SHORTEST:
            return 0.0
        moved = 0.0 if self._last is None else (sample - self._last) / self._span
        self._last = sample
        self._speed += (moved / dt - self._speed) * _gain(SPEED_CUTOFF, dt)
        return _gain(self._how.cutoff + self._how.beta * abs(self._speed), dt)


def _gain(cutoff: float, dt: float) -> float:
    return 1.0 - float(np.exp(-2.0 * np.pi * cutoff * dt))
