"""The walk along a curve: its state is the second it has come to."""

from installation.latent.curves import Curve
from installation.latent.space import Vector, unit
from installation.latent.walks import MAX_STEP, State, Steering


class Along:
    """Goes a curve at `Steering.speed`; an open one is held at its end. See walks.Walk."""

    def __init__(self, curve: Curve, push: tuple[int, ...] = ()) -> None:
        """`push` names the dimensions that steering pushes, -1 none, as in walks.Plan."""
        self._curve = curve
        self._axes = [(hand, axis) for hand, axis in enumerate(push) if axis >= 0]

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        """See walks.Walk; the place is z or w, as the curve's are. Steering pushes z alone."""
        second = self._within(state[0] + steering.speed * min(dt, MAX_STEP))
        place = self._curve.at(second)
        return (second, *state[1:]), self._pushed(place, steering)

    def _within(self, second: float) -> float:
        duration = self._curve.duration
        if self._curve.closed and duration:
            return second % duration
        return min(second, duration)

    def _pushed(self, place: Vector, steering: Steering) -> Vector:
        if place.ndim == 2 or not any(steering.push):
            return place
        place = place.copy()
        for hand, axis in self._axes:
            place[axis] += steering.push[hand]
        return unit(place)
