"""One scene being played: its generator, its walk, and where the walk is. No process, no clock."""

import logging
from dataclasses import dataclass

from installation.control.easing import Easing, eased
from installation.control.rows import STEERING_AXES
from installation.control.state import StateReader
from installation.generators.protocol import Generator, Picture
from installation.latent import walks
from installation.latent.space import Vector, slerp
from installation.show.schema import Scene

AXES = ["x", "y", *map(str, range(1, STEERING_AXES + 1))]
_RESET_AFTER = 10  # junk pictures in a row before the walk goes back to its beginning
_FAIL_AFTER = 30  # and before this process gives up, to be started afresh

log = logging.getLogger("deck")


class JunkError(RuntimeError):
    """The network gives nothing but numbers that are no picture."""


def steering(state: StateReader) -> walks.Steering:
    """The walk's controls out of the table."""
    return walks.Steering(
        speed=state["/walk/speed"],
        spread=state["/walk/spread"],
        tide=state["/walk/tide"],
        push=tuple(state[f"/steer/{axis}"] for axis in AXES),
    )


def make_walk(scene: Scene, generator: Generator) -> walks.Walk:
    """The scene's walk through the generator's space. Axes the model does not know are left out."""
    known, walk = generator.space.axes, scene.walk
    for name in {*scene.axes.values(), *walk.lean} - known.keys():
        log.warning("model %s has no axis %s; what pushes it does nothing", generator.name, name)
    plan = walks.Plan(
        walk.kind,
        walk.period,
        walk.spread,
        walk.seed,
        lean={name: push for name, push in walk.lean.items() if name in known},
        axes=tuple(known.get(scene.axes.get(axis, ""), -1) for axis in AXES),
    )
    return walks.make(plan, generator.space)


class Journey:
    """The way from one scene's place to another's walk, along the great circle, in seconds."""

    def __init__(self, origin: Vector, seconds: float, easing: Easing = "smooth") -> None:
        self._origin, self._seconds = origin, max(seconds, 1e-6)
        self._easing: Easing = easing
        self.held = False
        self._gone = 0.0

    def step(self, goal: Vector, dt: float) -> Vector:
        """The place `dt` seconds on, with the walk it leads to now at `goal`."""
        self._gone = min(self._gone + (0.0 if self.held else dt) / self._seconds, 1.0)
        return slerp(self._origin, goal, eased(self._easing, self._gone))


@dataclass
class Player:
    """Draws the pictures of one scene, one after the other."""

    generator: Generator
    walk: walks.Walk
    place: walks.State = walks.START
    journey: Journey | None = None  # from another scene of the same model, under way
    frames: int = 0
    discarded: int = 0
    z: Vector | None = None  # the last place in latent space
    _junk: int = 0

    def draw(self, controls: walks.Steering, psi: float, dt: float, out: Picture) -> bool:
        """The picture `dt` seconds on, into `out`; False if it is junk and must not be shown.

        Raises JunkError when it has been nothing else for a while."""
        place, z = self.walk.step(self.place, controls, dt)
        if self.journey:
            z = self.journey.step(z, dt)
        if self.generator.draw(z, psi, out):
            self.place, self.z, self._junk = place, z, 0
            self.frames += 1
            return True
        self._throw_away()
        return False

    def _throw_away(self) -> None:
        self.discarded += 1
        self._junk += 1
        if self._junk == _RESET_AFTER:
            log.warning("%d pictures in a row were not finite; the walk starts anew", self._junk)
            self.place = walks.START
        if self._junk >= _FAIL_AFTER:
            raise JunkError(
                f"{self.generator.name}: {self._junk} pictures in a row were not finite"
            )
