"""Walks for pictures of people: one who is looked at for a while, several who live on their own.

They move the axes that the model's card names; an axis it does not name is left out.
"""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from installation.control.easing import eased
from installation.latent.space import Loop, Vector, slerp
from installation.latent.walks import MAX_STEP, SLOW, Ground, State, Steering, turned

PASS = 0.8  # of the time one is held goes by on the way to the next: faster, it is a chase
COUNT = 4096  # holds before the first one comes again

# Living: axis -> (standard deviations, seconds of one round). No two rounds share a multiple.
BREATH = {
    "breath": (0.55, 4.3),
    "pitch": (0.22, 6.1),
    "roll": (0.26, 9.7),
    "yaw": (0.34, 11.3),
    "lift": (0.25, 7.3),
    "smile": (0.3, 13.1),
    "lid": (0.35, 5.3),
    "gaze": (0.3, 8.9),
}
# A glance: axis -> how far it goes, in standard deviations, and back again.
GLANCE = {"gaze": 0.9, "yaw": 0.4, "lift": 0.3, "lid": 0.25}
GLANCES = (0.3, 0.72)  # when in a hold it begins, of its time
GLANCE_SECONDS = (1.6, 2.2, 2.0)  # there, staying, back: a quicker head is a jump at 30 a second


class Faces:
    """Hold, glance, pass: somebody is there for `hold` seconds, breathing and looking about, and
    becomes another in 0.8 of that time. Who comes is drawn from the seed, one after the other."""

    def __init__(self, ground: Ground, hold: float) -> None:
        self._ground, self._hold = ground, hold
        self._seed = int(ground.rng.integers(2**31))
        self._axes = ground.space.axes
        self._who = lru_cache(maxsize=4)(self._drawn)

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        """See walks.Walk. The state is the part of this hold and pass, and whose it is, then the
        turns of the living axes."""
        moved = steering.speed * min(dt, MAX_STEP)
        part, count = state[0] + moved / self._round, int(state[1])
        part, count = part - int(part), (count + int(part)) % COUNT
        turns = [
            turned(turn, moved / seconds)
            for turn, (_, seconds) in zip(state[2:], BREATH.values(), strict=False)
        ]
        after = (part, float(count), *turns, *state[2 + len(turns) :])
        return after, self._ground.place(self._moving(part, count, turns), steering)

    @property
    def _round(self) -> float:
        return self._hold * (1.0 + PASS)

    def _moving(self, part: float, count: int, turns: list[float]) -> Vector:
        seconds = part * self._round
        gone = eased("smooth", (seconds - self._hold) / (self._hold * PASS))
        moving = slerp(self._who(count), self._who((count + 1) % COUNT), gone)
        for (axis, (size, _)), turn in zip(BREATH.items(), turns, strict=True):
            self._push(moving, axis, size * np.sin(2 * np.pi * turn))
        for n, begin in enumerate(GLANCES):
            side = self._who(count)[n % self._ground.size] > 0
            looks = _there_and_back(seconds - begin * self._hold)
            for axis, size in GLANCE.items():
                self._push(moving, axis, (size if side else -size) * looks)
        return moving

    def _push(self, moving: Vector, axis: str, by: float) -> None:
        if axis in self._axes:
            moving[self._axes[axis]] += by

    def _drawn(self, count: int) -> Vector:
        return np.random.default_rng([self._seed, count]).standard_normal(self._ground.size)


def _there_and_back(seconds: float) -> float:
    """How much of a glance is seen so long after it began, 0 … 1."""
    there, stay, back = GLANCE_SECONDS
    return eased("smooth", seconds / there) - eased("smooth", (seconds - there - stay) / back)


class Families:
    """Each figure's axes go round on a clock of their own, the rest of the picture on a slow one.

    A figure's axes share the beginning of their names: `first_yaw`, `first_smile`."""

    _RATES = (5.0, 6.854, 8.09, 9.236, 4.236, 7.472)  # rounds in a period: no common multiple
    _LIVELY = (1.0, 0.7, 0.5)

    def __init__(self, ground: Ground, period: float) -> None:
        self._ground, self._period = ground, period
        figures = list(_figures(ground.space.axes).values())[: len(self._RATES)]
        lively = {dimension for figure in figures for dimension in figure}
        self.rest = [dimension for dimension in range(ground.size) if dimension not in lively]
        self._groups = [self.rest, *figures]
        self._rates = (1.0, *self._RATES[: len(figures)])
        weights = (SLOW, *[self._LIVELY] * len(figures))
        self._loops = [
            Loop(len(group), ground.rng, weight)
            for group, weight in zip(self._groups, weights, strict=True)
        ]

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        """See walks.Walk. The state is each group's turn."""
        turns = self.turns_after(state, steering.speed * min(dt, MAX_STEP))
        place = self._ground.place(self.moving(turns), steering)
        return (*turns, *state[len(turns) :]), place

    def turns_after(self, turns: State, seconds: float) -> list[float]:
        """Each group's turn, `seconds` on."""
        moved = seconds / self._period
        return [turned(turn, moved * rate) for turn, rate in zip(turns, self._rates, strict=False)]

    def moving(self, turns: list[float]) -> Vector:
        """The moving dimensions at these turns; `rest` are those of no figure."""
        moving = np.zeros(self._ground.size)
        for group, loop, turn in zip(self._groups, self._loops, turns, strict=True):
            moving[group] = loop.at(turn)
        return moving


def _figures(axes: Mapping[str, int]) -> dict[str, list[int]]:
    """Dimensions by the figure they belong to: at least three axes with one beginning."""
    found: dict[str, list[int]] = {}
    for name, dimension in axes.items():
        if "_" in name:
            found.setdefault(name.partition("_")[0], []).append(dimension)
    return {name: group for name, group in found.items() if len(group) >= 3}
