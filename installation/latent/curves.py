"""Curves through latent space in time: legs from place to place, one after the other. Pure.

A position is z (z_dim,), which lies on a sphere, or w (layers, w_dim), which does not; float64.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np

from installation.control.easing import Easing, eased
from installation.latent.space import Vector, along, slerp, towards, unit

Path = Callable[[float], Vector]  # the position a part 0 … 1 of the way


@dataclass(frozen=True, slots=True)
class Leg:
    """A piece of a curve that takes so many seconds."""

    seconds: float
    path: Path
    easing: Easing = "linear"

    def at(self, seconds: float) -> Vector:
        """The position that long after the leg began."""
        part = min(seconds / self.seconds, 1.0) if self.seconds else 1.0
        return self.path(eased(self.easing, part))


class Curve:
    """Legs, each beginning where the one before it ends. Closed, it goes round for ever."""

    def __init__(self, legs: Sequence[Leg], closed: bool = False) -> None:
        self.legs, self.closed = list(legs), closed
        self._starts = list(accumulate((leg.seconds for leg in legs), initial=0.0))
        self.duration = self._starts.pop()

    def at(self, seconds: float) -> Vector:
        """The position at that second; before the first and after the last it stands."""
        if self.closed:
            seconds = seconds % self.duration if self.duration else 0.0
        seconds = min(max(seconds, 0.0), self.duration)
        leg = bisect_right(self._starts, seconds) - 1
        return self.legs[leg].at(seconds - self._starts[leg])


def chain(curves: Sequence[Curve], bridge: float) -> Curve:
    """One after the other, each once round; a gap is crossed in `bridge` seconds."""
    legs = list(curves[0].legs)
    for before, after in pairwise(curves):
        here, there = before.legs[-1].path(1.0), after.at(0.0)
        if np.abs(there - here).max() > 1e-6:
            legs.append(Leg(bridge, direct(here, there), "smooth"))
        legs += after.legs
    return Curve(legs)


def direct(a: Vector, b: Vector) -> Path:
    """The shortest way: the great circle between two z, the straight line between two w."""
    between = _geometry(a).between
    return lambda part: between(a, b, part)


def still(a: Vector) -> Path:
    """No way at all."""
    back = _back(a)
    return lambda part: back


def circles(points: Sequence[Vector], times: Sequence[float], closed: bool) -> list[Path]:
    """From each point to the next the shortest way: `len(points) - 1` paths."""
    return [direct(a, b) for a, b in pairwise(points)]


def lines(points: Sequence[Vector], times: Sequence[float], closed: bool) -> list[Path]:
    """From each point to the next in a straight line; z is brought back to its sphere."""
    return [lambda part, a=a, b=b: _back(a + part * (b - a)) for a, b in pairwise(points)]


def spline(points: Sequence[Vector], times: Sequence[float], closed: bool) -> list[Path]:
    """A Catmull-Rom spline (1974) through the points at their `times`, on the sphere for z.

    As Bézier curves drawn by de Casteljau's construction with great circles for lines (Shoemake
    1985, "Animating rotation with quaternion curves"), the velocity at a point being the mean of
    what the ways before and after it ask for. In a closed round the last point is the first."""
    geometry = _geometry(points[0])
    speeds = _velocities(points, times, closed)
    paths = []
    for i, ((a, b), seconds) in enumerate(zip(pairwise(points), times, strict=True)):
        out, into = speeds[i] * (seconds / 3), speeds[i + 1] * (-seconds / 3)
        hull = (a, geometry.along(a, out), geometry.along(b, into), b)
        paths.append(lambda part, hull=hull: _casteljau(hull, part, geometry.between))
    return paths


WAYS = {"circle": circles, "line": lines, "spline": spline}


class _Geometry(NamedTuple):
    towards: Callable[[Vector, Vector], Vector]
    along: Callable[[Vector, Vector], Vector]
    between: Callable[[Vector, Vector, float], Vector]


_SPHERE = _Geometry(towards, along, slerp)
_FLAT = _Geometry(lambda a, b: b - a, lambda a, way: a + way, lambda a, b, t: a + t * (b - a))


def _back(position: Vector) -> Vector:
    """Back on the sphere, where there is one."""
    return unit(position) if position.ndim == 1 else position


def _geometry(position: Vector) -> _Geometry:
    return _SPHERE if position.ndim == 1 else _FLAT


def _velocities(points: Sequence[Vector], times: Sequence[float], closed: bool) -> list[Vector]:
    way = _geometry(points[0]).towards
    ahead = [way(a, b) / seconds for (a, b), seconds in zip(pairwise(points), times, strict=True)]
    back = [-way(b, a) / seconds for (a, b), seconds in zip(pairwise(points), times, strict=True)]
    inner = [(here + there) / 2 for here, there in zip(back[:-1], ahead[1:], strict=True)]
    seam = (back[-1] + ahead[0]) / 2
    first, last = (seam, seam) if closed else (ahead[0], back[-1])
    return [first, *inner, last]


def _casteljau(
    hull: Sequence[Vector], part: float, between: Callable[[Vector, Vector, float], Vector]
) -> Vector:
    while len(hull) > 1:
        hull = [between(a, b, part) for a, b in pairwise(hull)]
    return hull[0]
