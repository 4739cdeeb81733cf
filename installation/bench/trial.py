"""One network on one backend, driven as a deck drives it, with a watch on it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import numpy as np

from installation.bench.subjects import Subject
from installation.clock import Clock
from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.control.state import StateReader, StateWriter
from installation.decks.player import Player, make_walk, steering
from installation.frames.header import Header
from installation.frames.ring import SLOTS, RingWriter
from installation.generators.protocol import Network
from installation.memory import Arena
from installation.show.schema import Scene

WARM_UP = 3  # pictures that are not counted
FRAME = 1 / 60  # seconds the walk goes on a picture
_SLOT_EXTRA = 64 * 1024  # header and alignment of a ring's slot
_CONTROL_BYTES = 64 * 1024
_LOOKS = 3  # pictures that are held against the reference

P = ParamSpec("P")
T = TypeVar("T")

_SCENE = Scene.model_validate({"model": "bench"})


@dataclass
class Watch:
    """Milliseconds that calls of a function took."""

    clock: Clock
    times: list[float] = field(default_factory=list)

    def on(self, function: Callable[P, T]) -> Callable[P, T]:
        """The function, watched."""

        def watched(*arguments: P.args, **named: P.kwargs) -> T:
            begun = self.clock.now()
            result = function(*arguments, **named)
            self.times.append(1e3 * (self.clock.now() - begun))
            return result

        return watched


@dataclass(frozen=True, slots=True)
class Wrong:
    """How far a picture is from the reference's, in standard deviations of that."""

    most: float
    mean: float


class Trial:
    """A deck's round without the deck: controls, walk, network, check, header, publishing."""

    def __init__(self, subject: Subject, network: Network, clock: Clock, words: str = "") -> None:
        """`words` are what it is told by, the network's backend if they are empty."""
        self.subject, self.network, self._clock = subject, network, clock
        self.words = words or network.backend
        self.wrong: Wrong | None = None
        size = SLOTS * (network.width * network.height * 4 + _SLOT_EXTRA)
        arena = Arena.create({"ring": size, "control": _CONTROL_BYTES})
        self._ring = RingWriter(arena.section("ring"))
        table = Table(house_rows(["bench"]))
        self._desk = StateWriter(arena.section("control"), table)
        self._state = StateReader(arena.section("control"), table)
        self._player = Player(network, make_walk(_SCENE, network))
        self._network, self._mapping, self._deck = Watch(clock), Watch(clock), Watch(clock)
        # The watches stand inside the round, so that what lies around the network is the difference
        # of figures of the same pictures: on a busy machine two series would differ by more.
        network.run = self._network.on(network.run)
        network.styling.write = self._mapping.on(network.styling.write)
        self._round = self._deck.on(self._picture)
        self._warm_up()

    @property
    def network_ms(self) -> list[float]:
        """Milliseconds from styles to picture, one a picture."""
        return self._network.times

    @property
    def mapping_ms(self) -> list[float]:
        """Milliseconds from place to styles, one a picture."""
        return self._mapping.times

    @property
    def deck_ms(self) -> list[float]:
        """Milliseconds of a whole round, one a picture: controls to a picture in the ring."""
        return self._deck.times

    def play(self, seconds: float) -> None:
        """Go round for that long, and at least once."""
        begun = self._clock.now()
        while True:
            self._desk.write(self._state.values, {}, begun)  # the desk's work, not the deck's
            self._round()
            if self._clock.now() - begun >= seconds:
                return

    def probes(self) -> np.ndarray:
        """What it paints at a few seeded places, unrounded."""
        out = self._ring.frame(self.network.width, self.network.height)
        z_dim = self.network.space.z_dim
        looks = []
        for seed in range(_LOOKS):
            self.network.draw(np.random.default_rng(seed).standard_normal(z_dim), 1.0, out)
            looks.append(self.network.probe.copy())
        self._forget()
        return np.stack(looks)

    def _picture(self) -> None:
        begun = self._clock.now()
        state, network = self._state.refresh(), self.network
        controls, psi = steering(state), state["/style/psi"]
        out = self._ring.frame(network.width, network.height)
        self._player.draw(controls, psi, FRAME, out)
        made_at = self._clock.now()
        size, stamps, place = (
            (network.width, network.height),
            tuple(state.stamps),
            self._player.place,
        )
        cost = made_at - begun
        self._ring.publish(Header(*size, 0, 0, self._player.frames, made_at, cost, stamps, place))

    def _warm_up(self) -> None:
        for _ in range(WARM_UP):
            self._picture()
        self._forget()

    def _forget(self) -> None:
        self._network.times.clear()
        self._mapping.times.clear()


def hold_against(reference: np.ndarray | None, trials: list[Trial]) -> None:
    """Note how far each trial's pictures are from the reference's."""
    if reference is None:
        return
    for trial in trials:
        off = np.abs(trial.probes() - reference) / reference.std()
        trial.wrong = Wrong(float(off.max()), float(off.mean()))
