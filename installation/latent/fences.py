"""Fences: a walk stays within curated regions of z, and never enters a banned one. Pure.

A region is a ball round a place. Distance is counted in standard deviations a number, over the
dimensions that shape the picture: two fair draws are about 1.4 apart. No map of z to z can be
continuous and empty a ball, so a fence follows instead: it goes where the walk goes, no faster than
the walk and a little, and slides along what it may not cross.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from installation.errors import PlaceError
from installation.latent.space import Space, Vector, along, slerp, towards, unit

CATCH_UP = 0.4  # standard deviations a second, beyond the walk's own speed
_EDGE = 1e-7  # outside an edge by this much, so that rounding cannot put it inside
_ROUNDS = 8  # of pushing out of bans that touch each other


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """All places nearer than `radius` to `centre`, z (z_dim,) of unit rms."""

    centre: Vector
    radius: float


class Fence:
    """`keep` gives the place to go to instead of each place of a walk, picture after picture."""

    def __init__(
        self,
        space: Space,
        within: Sequence[Region] = (),
        bans: Sequence[Region] = (),
        start: Vector | None = None,
    ) -> None:
        """`start` is where the picture is now; from outside, it glides in. Without `within` only
        `bans` hold. Raises PlaceError when they leave no room at all."""
        self._used = space.used if space.used < space.z_dim else 0
        self._within, self._bans = within, bans
        self._last, self._walk = start, start
        homes = [r.centre for r in within] or [-r.centre for r in bans] or [np.ones(space.z_dim)]
        fitting = [place for home in homes if (place := self._fitting(unit(home))) is not None]
        if not fitting:
            raise PlaceError("the fence leaves no room: its bans cover its regions")
        self._refuge = fitting[0]

    def distance(self, a: Vector, b: Vector) -> float:
        """In standard deviations a number."""
        size = self._used or len(a)
        return float(np.sqrt(np.mean(np.square(a[:size] - b[:size]))))

    def fits(self, z: Vector) -> bool:
        """Whether a place is allowed."""
        inside = any(self.distance(z, r.centre) <= r.radius for r in self._within)
        banned = any(self.distance(z, r.centre) < r.radius for r in self._bans)
        return (inside or not self._within) and not banned

    def keep(self, z: Vector, dt: float) -> Vector:
        """The allowed place for a walk at `z`, `dt` seconds after the last call."""
        last, before = self._last, self._walk
        self._walk = z
        if last is None or before is None:
            self._last = self._nearest(z)
            return self._last
        may = self.distance(z, before) + CATCH_UP * dt
        if self.fits(last):
            there = self._fitting(self._step(last, z, may))
            self._last = last if there is None else there
        else:
            self._last = self._step(last, self._nearest(z), may)
        return self._last

    def _step(self, here: Vector, goal: Vector, may: float) -> Vector:
        gap = self.distance(here, goal)
        return goal if gap <= may else unit(slerp(here, goal, may / gap))

    def _nearest(self, z: Vector) -> Vector:
        fitting = self._fitting(z)
        return self._refuge if fitting is None else fitting

    def _fitting(self, z: Vector) -> Vector | None:
        """`z` brought inside the nearest region and out of the bans, None where that fails."""
        if self._within and not any(self.distance(z, r.centre) <= r.radius for r in self._within):
            near = min(self._within, key=lambda r: self.distance(z, r.centre) - r.radius)
            z = self._at(z, near.centre, near.radius - _EDGE)
        for _ in range(_ROUNDS):
            for ban in self._bans:
                if self.distance(z, ban.centre) < ban.radius:
                    z = self._at(z, ban.centre, ban.radius + _EDGE)
        return z if self.fits(z) else None

    def _at(self, z: Vector, centre: Vector, radius: float) -> Vector:
        """The place `radius` from `centre`, on the way from there to `z`."""
        if not self._used:
            way = towards(centre, z)
            length = float(np.linalg.norm(way))
            if length < 1e-9:  # on the very centre every way is as good
                way = towards(centre, np.roll(centre, 1))
                length = float(np.linalg.norm(way))
            angle = 2.0 * np.arcsin(min(radius / 2.0, 1.0))
            return unit(along(centre, way * (angle * np.linalg.norm(centre) / length)))
        size, moved = self._used, z.copy()
        way = z[:size] - centre[:size]
        if self.distance(z, centre) < 1e-9:
            way = np.ones(size)
        moved[:size] = centre[:size] + way * (radius / np.sqrt(np.mean(way * way)))
        rest = max(len(z) - moved[:size] @ moved[:size], 1e-6)
        moved[size:] *= np.sqrt(rest / max(float(moved[size:] @ moved[size:]), 1e-12))
        return moved
