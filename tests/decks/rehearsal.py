"""A deck's loop in this process, on a clock that only its own sleep moves."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

from installation.child import Stop
from installation.clock import FakeClock
from installation.control.parameters import Table
from installation.control.state import Stamp, StateWriter
from installation.decks.process import Deck
from installation.frames.header import Header
from installation.frames.ring import RingReader
from installation.health import HealthReader
from installation.memory import Arena
from installation.session import SECTIONS, Session
from installation.show.loader import loads
from installation.show.shared import publish
from tests.small_models import write_model

SHOW = """
models:
  small: small
  gone: gone
  tiny: {test_card: {size: 24x24}}
  nan: {test_card: {fault: nan, after: 10}}
scenes:
  one: {model: small, look: [], walk: {period: 5s}}
  two: {model: small, look: [], walk: {period: 5s, seed: 9}}
  missing: {model: gone, look: []}
  junk: {model: nan, look: []}
  pair: {models: [small, tiny], look: [], walk: {period: 5s}}
decks: {rate: 50, smaller: {small: tiny}}
"""


class Rounds:
    """A Stop that lets the loop run a number of rounds."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __bool__(self) -> bool:
        self.left -= 1
        return self.left < 0


class Stage:
    """A deck, and what its neighbours see of it."""

    def __init__(self, folder: Path, text: str = SHOW) -> None:
        write_model(folder / "small")
        self.show, self.table = loads(text, folder)
        self.arena = Arena.create(SECTIONS)
        publish(self.arena, self.show, self.table)
        self.clock = FakeClock(1000.0)
        self.session = Session(self.arena.fd, 0, 0.0, str(folder))
        self._desk = StateWriter(self.arena.section("control"), self.table)
        self.ring = RingReader(self.arena.section("ring_a"))
        self.deck = self.start()

    def start(self) -> Deck:
        self.deck = Deck("a", self.session, self.arena, self.clock)
        return self.deck

    def tell(self, controls: Mapping[str, float]) -> None:
        values = defaults(self.table)
        for address, value in controls.items():
            values[self.table.index(address)] = value
        self._desk.write(values, {"osc": Stamp(3, self.clock.now())}, self.clock.now())

    def run(self, rounds: int) -> Header | None:
        """The header of the newest picture after so many rounds, None if there is no new one."""
        self.deck.run(cast(Stop, Rounds(rounds)))
        newest = self.ring.newest()
        return newest[0] if newest else None

    @property
    def record(self) -> Mapping[str, Any]:
        return HealthReader(self.arena).record("deck_a")


def defaults(table: Table) -> np.ndarray:
    return np.array([row.default for row in table], dtype=np.float64)
