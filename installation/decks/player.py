"""One scene being played: its generator, its walk, and where the walk is. No process, no clock."""

import logging
from dataclasses import dataclass, field

from installation.control.rows import STEERING_AXES
from installation.control.state import StateReader
from installation.generators.protocol import Generator, Picture
from installation.latent import walks
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
    known = {axis: name for axis, name in scene.axes.items() if name in generator.space.axes}
    for name in set(scene.axes.values()) - set(known.values()):
        log.warning("model %s has no axis %s; that steering does nothing", generator.name, name)
    axes = walks.axis_indices(generator.space, known, AXES)
    walk = scene.walk
    return walks.make(walk.kind, generator.space, walk.period, walk.spread, walk.seed, axes)


@dataclass
class Player:
    """Draws the pictures of one scene, one after the other."""

    generator: Generator
    walk: walks.Walk
    place: walks.State = walks.START
    frames: int = 0
    discarded: int = 0
    _junk: int = field(default=0, repr=False)

    def draw(self, controls: walks.Steering, psi: float, dt: float, out: Picture) -> bool:
        """The picture `dt` seconds on, into `out`; False if it is junk and must not be shown.

        Raises JunkError when it has been nothing else for a while."""
        place, z = self.walk.step(self.place, controls, dt)
        if self.generator.draw(z, psi, out):
            self.place, self._junk = place, 0
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
            raise JunkError(f"{self.generator.name}: {self._junk} pictures in a row were not finite")
