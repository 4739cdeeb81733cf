"""A walk that cannot end its deck: where its own step fails, the picture stands; where it fails
again and again, a plain loop is walked for a minute, and then the walk is tried from its beginning.
"""

import logging
from collections.abc import Callable

from installation.decks.player import Travel
from installation.latent import walks
from installation.latent.journeys import Styles
from installation.latent.space import Vector
from installation.logs import Guard

BACK = 4.0  # seconds from one walk to the other: a scene change nobody asked for is a slow one
WHAT = "the walk"

log = logging.getLogger("deck")


class Unfailing:
    """See walks.Walk. `spare` makes what is walked instead, `styles` is the generator's.

    `error` says in a sentence why the last step was not `walk`'s own."""

    def __init__(self, walk: walks.Walk, spare: Callable[[], walks.Walk], styles: Styles) -> None:
        self._walk, self._make_spare, self._styles = walk, spare, styles
        self._spare: walks.Walk | None = None
        self._guard = Guard(log)
        self._state = walks.START  # of the spare walk
        self._spared = False
        self._travel: Travel | None = None
        self._z: Vector | None = None
        self.error = ""

    def step(
        self, state: walks.State, steering: walks.Steering, dt: float
    ) -> tuple[walks.State, Vector]:
        """See walks.Walk."""
        own = self._own(state, steering, dt)
        if own:
            state, z = own
            self.error = ""
        elif self._z is not None and not self._guard.off(WHAT):
            return state, self._z
        else:
            state, self._spare = walks.START, self._spare or self._make_spare()
            self._state, z = self._spare.step(self._state, steering, dt)
        self._z = self._come_to(z, own is None, dt)
        return state, self._z

    def _own(
        self, state: walks.State, steering: walks.Steering, dt: float
    ) -> tuple[walks.State, Vector] | None:
        if self._guard.off(WHAT):
            return None
        with self._guard(WHAT):
            try:
                return self._walk.step(state, steering, dt)
            except Exception as error:
                kind = type(error).__name__
                self.error = f"the walk fails ({kind}: {error}); a loop is walked instead"
                raise
        return None

    @property
    def failing(self) -> bool:
        """Whether the last place was not the walk's own."""
        return bool(self.error) or self._travel is not None

    def _come_to(self, z: Vector, spared: bool, dt: float) -> Vector:
        """Where a walk is, or on the way there from where the other one was."""
        if spared != self._spared and self._z is not None:
            self._travel = Travel(self._z, BACK, styles=self._styles)
        self._spared = spared
        if self._travel:
            z = self._travel.step(z, dt)
            self._travel = None if self._travel.over else self._travel
        return z
