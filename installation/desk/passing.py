"""Whose turn it is in a scene of several models. Pure: time comes in, chance is a seed's."""

import random
from collections.abc import Sequence

from installation.show.schema import Passing as Plan


class Passing:
    """Passes from one of `count` to the next; a turn counts only while somebody stands alone."""

    def __init__(self, plan: Plan, count: int) -> None:
        self.plan, self._count = plan, count
        self._turn, self._stood = 0, 0.0

    @property
    def member(self) -> int:
        """Whose turn it is."""
        return self._who(self._turn)

    def restore(self, member: int) -> None:
        """Go on with the first turn of a member."""
        turns = range(2 * self._count)
        self._turn = next((turn for turn in turns if self._who(turn) == member), 0)
        self._stood = 0.0

    def step(self, stands: bool, dt: float, may: Sequence[bool]) -> int:
        """`dt` seconds on; whose turn it is. Nobody comes who may not, and who may not leaves."""
        self._stood += dt if stands else 0.0
        if not may[self.member] or (stands and self._stood >= self.plan.each):
            self.go_on(may)
        return self.member

    def go_on(self, may: Sequence[bool]) -> None:
        """The next one's turn, if anybody else may come."""
        self._stood = 0.0
        self._turn = self._next(may)

    def next(self, may: Sequence[bool]) -> int:
        """Whose turn it will be."""
        return self._who(self._next(may))

    def _next(self, may: Sequence[bool]) -> int:
        turns = range(self._turn + 1, self._turn + 1 + 2 * self._count)
        others = (turn for turn in turns if may[self._who(turn)] and self._who(turn) != self.member)
        return next(others, self._turn)

    def _who(self, turn: int) -> int:
        """The member of a turn, counted from 0."""
        count = self._count
        if self.plan.order == "random":
            return self._drawn(turn)
        if self.plan.order == "pingpong" and count > 1:
            place = turn % (2 * count - 2)
            return min(place, 2 * count - 2 - place)
        return turn % count

    def _drawn(self, turn: int) -> int:
        """Rounds in which everyone comes once, each in another order."""
        rounds, place = divmod(turn, self._count)
        order = list(range(self._count))
        random.Random(f"{self.plan.seed} {rounds}").shuffle(order)
        return order[place]
