"""Walks among chosen places: a grid of seeds to be steered through, a circle round one place.

Both are closed rounds: after `period` seconds a walk that nobody steers is where it began, to the
last digit that its phase has.
"""

import numpy as np

from installation.control.easing import eased
from installation.latent.places import Place
from installation.latent.space import Vector, slerp, towards, unit
from installation.latent.walks import MAX_STEP, Ground, State, Steering, turned

ROUNDS = (1, 2)  # of the grid, across and down, in a period: every column, every row is passed
TRAVEL = 4.0  # of steering along x or y that leads once round the grid: from -2 to 2


class Grid:
    """Seeds on a grid whose edges meet, as on a ring: there is no border, however far one steers.

    Between four seeds the picture is their great circles' middle, across first, then down; near
    each seed the walk is slower, so that it is seen. /steer/x and y move through it."""

    def __init__(self, ground: Ground, period: float, size: tuple[int, int], seed: int) -> None:
        self._ground, self._period, self._size = ground, period, size
        z_dim, across = ground.space.z_dim, size[0]
        self._seeds = [
            [
                _seeded(seed + row * across + column, z_dim)[: ground.size]
                for column in range(across)
            ]
            for row in range(size[1])
        ]

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        """See walks.Walk. The state is the turn of the round."""
        turn = turned(state[0], steering.speed * min(dt, MAX_STEP) / self._period)
        x, y = (
            turn * rounds + push / TRAVEL
            for rounds, push in zip(ROUNDS, (*steering.push, 0.0, 0.0)[:2], strict=True)
        )
        return (turn, *state[1:]), self._ground.place(self._at(x, y), steering)

    def _at(self, x: float, y: float) -> Vector:
        """The place at `x` across and `y` down, in rounds of the grid."""
        (left, across), (top, down) = (
            divmod(place % 1.0 * count, 1.0)
            for place, count in zip((x, y), self._size, strict=True)
        )
        above = self._row(int(top), int(left), eased("smooth", across))
        below = self._row(int(top) + 1, int(left), eased("smooth", across))
        return slerp(above, below, eased("smooth", down))

    def _row(self, row: int, column: int, part: float) -> Vector:
        seeds = self._seeds[row % self._size[1]]
        return slerp(seeds[column % self._size[0]], seeds[(column + 1) % self._size[0]], part)


class Orbit:
    """A circle round a place, `radius` standard deviations a number away from it.

    Its plane is drawn from the walk's seed; the live spread is how wide it is."""

    def __init__(self, ground: Ground, period: float, centre: Vector, radius: float) -> None:
        """`centre` is z (z_dim,)."""
        self._ground, self._period = ground, period
        self._centre = unit(centre)[: ground.size]
        self._radius = radius
        self._first, self._second = _plane(self._centre, ground.rng)

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        """See walks.Walk. The state is the turn of the round."""
        turn = turned(state[0], steering.speed * min(dt, MAX_STEP) / self._period)
        angle = 2 * np.pi * turn
        way = np.cos(angle) * self._first + np.sin(angle) * self._second
        moving = self._centre + self._radius * steering.spread * way
        whole = Steering(push=steering.push)
        return (turn, *state[1:]), self._ground.place(moving, whole)


def _seeded(seed: int, z_dim: int) -> Vector:
    """What a seed means to StyleGAN's own tools."""
    return Place(name="seed", seed=seed % 2**32).position(z_dim)


def _plane(centre: Vector, rng: np.random.Generator) -> tuple[Vector, Vector]:
    """Two ways from `centre`, of unit rms, at right angles to it and to each other."""
    first = towards(centre, rng.standard_normal(len(centre)))
    first = unit(first)
    second = rng.standard_normal(len(centre))
    for other in (centre, first):
        second = second - other * (second @ other) / (other @ other)
    return first, unit(second)
