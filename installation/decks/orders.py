"""What the desk tells the decks beyond numbers: a journey to go on, a place whose styles to mix in.

It lies in shared memory as JSON, the latest wins; a deck that starts anew finds it there. Where the
deck is on the journey stands in the last two numbers of the walk's state, in every picture's
header, so that it goes on from the picture on the wall.
"""

import logging
from pathlib import Path

from pydantic import Field

from installation.decks.player import fitting, make_walk, pushed
from installation.errors import PlaceError
from installation.generators.protocol import Generator
from installation.latent.curves import chain
from installation.latent.journey_walk import Along
from installation.latent.journeys import Journey
from installation.latent.places import Part, Place
from installation.latent.space import Vector
from installation.latent.walks import OWN, START, State, Steering, Walk
from installation.memory import Mailbox
from installation.show import schema
from installation.show.schema import Scene

log = logging.getLogger("deck")

BRIDGE = 1.0  # seconds from one journey's end to the next one's beginning, where they do not meet


class Order(Part):
    """`journeys` are gone on one after the other, while `scene` is played; none: the scene's own
    walk. A closed journey alone goes round for ever; else the end is held. `number` is a new one
    for each order. `mix` is the place that /style/mix mixes in."""

    number: int = 0
    scene: str = ""
    journeys: list[Journey] = Field(default=[], max_length=64)
    mix: Place | None = None


class OrderWriter:
    """The desk's end. A new desk goes on with what a former one ordered."""

    def __init__(self, view: memoryview) -> None:
        self._box = Mailbox(view)
        self.order = _read(self._box) or Order()

    def write(self, order: Order) -> None:
        """Give an order. Raises PlaceError when it is too large to be carried."""
        body = order.model_dump_json(exclude_none=True).encode()
        if len(body) > self._box.capacity:
            raise PlaceError(f"these journeys are {len(body)} bytes, {self._box.capacity} fit")
        self._box.write(body)
        self.order = order


class OrderReader:
    """A deck's end."""

    def __init__(self, view: memoryview) -> None:
        self._box = Mailbox(view)
        self._sequence = 0
        self.order = Order()

    def refresh(self) -> bool:
        """Take the newest order; whether there was a new one."""
        if self._box.sequence == self._sequence:
            return False
        order = _read(self._box)
        if order is None:
            return False
        self._sequence, self.order = self._box.sequence, order
        return True


def _read(box: Mailbox) -> Order | None:
    body = box.read()
    return Order.model_validate_json(body) if body else None


class Errand:
    """A walk that goes an order's journeys. The scene's own walk waits, its state untouched."""

    def __init__(self, way: Along, number: int) -> None:
        self._way, self._number = way, float(number)

    def step(self, state: State, steering: Steering, dt: float) -> tuple[State, Vector]:
        """See walks.Walk."""
        second, number = state[OWN:]
        here = second if number == self._number else 0.0
        (second, *_), place = self._way.step((here, *START[1:]), steering, dt)
        return (*state[:OWN], second, self._number), place


def walk_for(order: Order, scene: Scene, generator: Generator, folder: Path) -> Walk:
    """The walk of an order's journeys, else the scene's own; a loop where neither can be gone.

    Whatever a file holds, a deck has somewhere to go; the reason is logged."""
    try:
        if order.journeys:
            return _errand(order, generator, pushed(scene, generator))
    except PlaceError as error:
        log.error("%s; the scene's own walk goes on", error)
    try:
        return make_walk(scene, generator, folder)
    except PlaceError as error:
        log.error("%s; a loop is walked instead", error)
    return loop(scene, generator)


def loop(scene: Scene, generator: Generator) -> Walk:
    """The walk that a scene has where its own cannot be gone."""
    plain = schema.Walk(kind="loop", period=scene.walk.period)
    return make_walk(scene.model_copy(update={"walk": plain}), generator)


def _errand(order: Order, generator: Generator, push: tuple[int, ...]) -> Errand:
    curves = [fitting(journey, generator) for journey in order.journeys]
    if len({curve.at(0.0).ndim for curve in curves}) > 1:
        raise PlaceError("a journey in z and one in w cannot follow each other")
    curve = curves[0] if len(curves) == 1 else chain(curves, BRIDGE)
    return Errand(Along(curve, push), order.number)
