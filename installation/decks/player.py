"""One scene being played: its generator, its walk, and where the walk is. No process, no clock."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from installation.control.easing import Easing, eased
from installation.control.rows import STEERING_AXES
from installation.decks.places import named_place
from installation.errors import PlaceError
from installation.generators.protocol import Generator, Picture
from installation.generators.styles import Edit
from installation.latent import walks
from installation.latent.curves import Curve, direct
from installation.latent.fences import Fence
from installation.latent.files import read_journey
from installation.latent.journey_walk import Along
from installation.latent.journeys import Journey, Styles
from installation.latent.kinds import make
from installation.latent.pulse import Beating, Pulsed
from installation.latent.space import Vector
from installation.show import schema
from installation.show.schema import Scene

HERE = Path()
AXES = ["x", "y", *map(str, range(1, STEERING_AXES + 1))]
_PUSHES = [f"/steer/{axis}" for axis in AXES]
_RESET_AFTER = 10  # junk pictures in a row before the walk goes back to its beginning
_FAIL_AFTER = 30  # and before this process gives up, to be started afresh

log = logging.getLogger("deck")


class Addressed(Protocol):
    """Values by their control's address."""

    def __getitem__(self, address: str, /) -> float: ...


class JunkError(RuntimeError):
    """The network gives nothing but numbers that are no picture."""


def steering(state: Addressed) -> walks.Steering:
    """The walk's controls out of the table."""
    return walks.Steering(
        speed=state["/walk/speed"],
        spread=state["/walk/spread"],
        tide=state["/walk/tide"],
        push=tuple(state[push] for push in _PUSHES),
        beat=walks.Heard(state["/audio/tempo"], state["/audio/beat"], state["/audio/confidence"]),
    )


def make_walk(scene: Scene, generator: Generator, folder: Path = HERE) -> walks.Walk:
    """The scene's walk through the generator's space. Axes the model does not know are left out.

    `folder` is where show.yaml is. Raises PlaceError for a journey that cannot be gone."""
    known, walk = generator.space.axes, scene.walk
    if walk.kind == "journey":
        journey = read_journey(folder / walk.path)
        return _pulsed(Along(fitting(journey, generator), pushed(scene, generator)), walk, known)
    named = {*scene.axes.values(), *walk.lean, *([walk.pulse.axis] if walk.pulse else [])}
    for name in named - known.keys():
        log.warning("model %s has no axis %s; what pushes it does nothing", generator.name, name)
    plan = walks.Plan(
        walk.kind,
        walk.period,
        walk.spread,
        walk.seed,
        lean={name: push for name, push in walk.lean.items() if name in known},
        axes=pushed(scene, generator),
        hold=walk.hold,
        lineage=walk.lineage,
        grid=walk.grid,
        around=_centre(walk, generator, folder) if walk.kind == "orbit" else None,
        radius=walk.radius,
    )
    return _pulsed(make(plan, generator.space, generator.styles), walk, known)


def _centre(walk: schema.Walk, generator: Generator, folder: Path) -> Vector:
    """What an orbit goes round. Raises PlaceError."""
    centre = named_place(walk.seed if walk.around is None else walk.around, folder)
    position = centre.position(generator.space.z_dim)
    if position.ndim == 2:
        raise PlaceError(f"{walk.around} is a place of w; an orbit goes through z")
    return position


def _pulsed(walk: walks.Walk, told: schema.Walk, axes: Mapping[str, int]) -> walks.Walk:
    """The walk with its pulse, where the scene has one along an axis that the model knows."""
    pulse = told.pulse
    if pulse is None or pulse.axis not in axes:
        return walk
    beating = Beating(axes[pulse.axis], pulse.push, pulse.attack, pulse.release, pulse.beats)
    return Pulsed(walk, beating, told.period)


def fitting(journey: Journey, generator: Generator) -> Curve:
    """The journey's curve through the generator's space. Raises PlaceError where it is none."""
    curve = journey.curve(generator.space.z_dim, generator.styles)
    generator.styles(curve.at(0.0))  # refuses w of another shape
    return curve


def pushed(scene: Scene, generator: Generator) -> tuple[int, ...]:
    """The dimension of z that each of AXES pushes, -1 for none."""
    return tuple(generator.space.axes.get(scene.axes.get(axis, ""), -1) for axis in AXES)


class Travel:
    """The shortest way from one place to where another walk is, in seconds.

    Between a place of z and one of w it goes through w; `styles` is the generator's. With `waits`
    the walk that it leads to begins when it has arrived. While `held` it stands."""

    def __init__(
        self,
        origin: Vector,
        seconds: float,
        easing: Easing = "smooth",
        styles: Styles | None = None,
        waits: bool = False,
    ) -> None:
        self._origin, self._seconds = origin, max(seconds, 1e-6)
        self._easing: Easing = easing
        self._styles, self.waits = styles, waits
        self.held = False
        self._gone = 0.0

    def step(self, goal: Vector, dt: float) -> Vector:
        """The place `dt` seconds on, with the walk it leads to now at `goal`."""
        self._gone = min(self._gone + (0.0 if self.held else dt) / self._seconds, 1.0)
        if self._styles and self._origin.ndim != goal.ndim:
            self._origin, goal = self._styles(self._origin), self._styles(goal)
        return direct(self._origin, goal)(eased(self._easing, self._gone))

    @property
    def over(self) -> bool:
        """Whether it has arrived."""
        return self._gone == 1.0


@dataclass
class Player:
    """Draws the pictures of one scene, one after the other."""

    generator: Generator
    walk: walks.Walk
    place: walks.State = walks.START
    travel: Travel | None = None  # from another walk of the same model, under way
    fence: Fence | None = None  # what keeps z; places of w pass it
    frames: int = 0
    discarded: int = 0
    z: Vector | None = None  # the last place in latent space, of z or of w
    _junk: int = 0

    def draw(
        self,
        controls: walks.Steering,
        psi: float,
        dt: float,
        out: Picture,
        edit: Edit | None = None,
    ) -> bool:
        """The picture `dt` seconds on, edited, into `out`; False if it is junk, not to be shown.

        Raises JunkError when it has been nothing else for a while."""
        waits = self.travel is not None and self.travel.waits
        place, z = self.walk.step(self.place, controls, 0.0 if waits else dt)
        if self.travel:
            z = self.travel.step(z, dt)
            if self.travel.over:
                self.travel = None
        if self.fence and z.ndim == 1:
            z = self.fence.keep(z, dt)
        if self.generator.draw(z, psi, out, edit):
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
