"""A family through its generations: every child mixes the layers of two parents' styles."""

from functools import lru_cache

import numpy as np

from installation.control.easing import eased
from installation.latent.journeys import Styles
from installation.latent.people_walks import COUNT, Families
from installation.latent.space import Vector, slerp
from installation.latent.walks import MAX_STEP, Ground, State, Steering

# Layers of 4 to 8 px, the coarse ones (Karras et al. 2019, figure 3): who sits where, and how.
COARSE = 4
# When in a generation the coarse and the fine layers pass on. They overlap, so nothing ever stops.
PASSES = ((0.0, 0.65), (0.35, 1.0))


class Lineage:
    """A child has the coarse layers of one parent and the fine layers of the other (style mixing,
    Karras et al. 2019, arXiv:1812.04948). Ancestors come one after the other, drawn from the seed;
    each first gives a child its fine layers and then the next child its coarse ones, so that half
    of what is seen stays while the other half passes on. A generation lasts `seconds`. The figures
    live on their own clocks, as in Families.
    """

    def __init__(self, ground: Ground, period: float, seconds: float, styles: Styles) -> None:
        self._family, self._ground = Families(ground, period), ground
        self._seconds, self._styles = seconds, styles
        self._seed = int(ground.rng.integers(2**31))
        self._who = lru_cache(maxsize=4)(self._drawn)

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        """See walks.Walk; the place is w. The state is the part of a generation and its number,
        then the figures' turns."""
        moved = steering.speed * min(dt, MAX_STEP)
        part, count = state[0] + moved / self._seconds, int(state[1])
        part, count = part - int(part), (count + int(part)) % COUNT
        turns = self._family.turns_after(state[2:], moved)
        coarse, fine = (
            self._styles(self._parent(count + n, part, passes, turns, steering))
            for n, passes in enumerate(PASSES)
        )
        child = np.concatenate([coarse[:COARSE], fine[COARSE:]])
        return (part, float(count), *turns, *state[2 + len(turns) :]), child

    def _parent(
        self,
        number: int,
        part: float,
        passes: tuple[float, float],
        turns: list[float],
        steering: Steering,
    ) -> Vector:
        """z of an ancestor on its way to the next."""
        begin, end = passes
        gone = eased("smooth", min(max((part - begin) / (end - begin), 0.0), 1.0))
        heritage = slerp(self._who(number % COUNT), self._who((number + 1) % COUNT), gone)
        moving = self._family.moving(turns)
        moving[self._family.rest] = heritage
        return self._ground.place(moving, steering)

    def _drawn(self, number: int) -> Vector:
        source = np.random.default_rng([self._seed, number])
        return source.standard_normal(len(self._family.rest))
