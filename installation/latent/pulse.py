"""A push along an axis on every beat: up in the attack, down in the release. Pure.

The push is a function of the beat's phase alone and comes round with it, so it needs no memory, and
a loop with a whole number of beats closes to the frame.
"""

from dataclasses import dataclass

import numpy as np

from installation.latent.space import Vector, unit
from installation.latent.walks import State, Steering, Walk

SURE = (0.25, 0.75)  # confidence at which a heard beat begins to count, and counts alone


@dataclass(frozen=True, slots=True)
class Beating:
    """`push` in standard deviations along the dimension `axis`; times in seconds; `beats` in a
    round of the walk while no beat is heard, 0 for none."""

    axis: int
    push: float = 1.0
    attack: float = 0.06
    release: float = 0.4
    beats: int = 0


def envelope(phase: float, beat: float, attack: float, release: float) -> float:
    """How much of the push is there, 0 to 1, at `phase` of a beat of `beat` seconds.

    It rises in a straight line to 1 and falls exponentially, and begins each beat where the one
    before has left it."""
    seconds, attack = phase * beat, min(attack, beat / 2)
    left = float(np.exp(-(beat - attack) / release)) if release > 0 else 0.0
    if seconds < attack:
        return left + (1.0 - left) * seconds / attack
    return float(np.exp(-(seconds - attack) / release)) if release > 0 else 0.0


class Pulsed:
    """Another walk, pushed. See walks.Walk."""

    def __init__(self, walk: Walk, how: Beating, period: float) -> None:
        self._walk, self._how, self._period = walk, how, period

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        """See walks.Walk; a place of w is left as it is."""
        after, place = self._walk.step(state, steering, dt)
        push = self._how.push * self._level(after[0], steering)
        if place.ndim == 2 or not push:
            return after, place
        pushed = place.copy()
        pushed[self._how.axis] += push
        return after, unit(pushed)

    def _level(self, turn: float, steering: Steering) -> float:
        """The heard beat's, as far as one is heard; else the walk's own."""
        how, beat = self._how, steering.beat
        low, high = SURE
        sure = min(max((beat.confidence - low) / (high - low), 0.0), 1.0) if beat.tempo > 0 else 0.0
        heard = envelope(beat.phase, 60.0 / beat.tempo, how.attack, how.release) if sure else 0.0
        if not how.beats:
            return sure * heard
        period = self._period / how.beats / max(steering.speed, 1e-3)
        own = envelope(turn * how.beats % 1.0, period, how.attack, how.release)
        return sure * heard + (1.0 - sure) * own
