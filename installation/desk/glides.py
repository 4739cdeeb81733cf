"""Rows of the table on their way from where they stood to where a cue wants them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from installation.control.arbitration import Arbiter, Hand
from installation.control.easing import Easing, eased
from installation.control.parameters import Kind, Table


@dataclass(frozen=True, slots=True)
class _Glide:
    """A row under way from `start` to `goal`."""

    row: int
    start: float
    goal: float


class Glides:
    """Those of the cue that runs. `progress` is of its fade, 0 to 1."""

    def __init__(self, table: Table, arbiter: Arbiter) -> None:
        self._table, self._arbiter = table, arbiter
        self._under_way: list[_Glide] = []
        self._from = 0.0  # how much of the fade was done when they began

    def begin(self, goals: Mapping[int, float], progress: float, now: float) -> None:
        """Set out for these goals, from where each row is wanted at `now`; forget all others."""
        self._from = progress
        self._under_way = [
            _Glide(row, self._arbiter.wanted(row, now), goal) for row, goal in goals.items()
        ]

    def stop(self) -> None:
        """Leave every row where it is."""
        self._under_way = []

    def step(self, progress: float, easing: Easing, now: float) -> None:
        """Move all on; who has arrived is let go."""
        for glide in self._under_way:
            self._arbiter.touch(Hand.CUE, glide.row, self._value(glide, progress, easing), now)
        if progress >= 1.0:
            self.stop()

    def _value(self, glide: _Glide, progress: float, easing: Easing) -> float:
        """Switches and choices change when the fade begins; all else travels with its easing."""
        whole = self._table.rows[glide.row].kind in (Kind.BOOL, Kind.CHOICE)
        if whole or progress >= 1.0:
            return glide.goal
        begun = eased(easing, self._from)
        share = (eased(easing, progress) - begun) / (1.0 - begun) if begun < 1.0 else 1.0
        return glide.start + (glide.goal - glide.start) * share
