"""The panel's way to the desk: it reads copies the loop left and leaves wishes the loop takes."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from installation.control.arbitration import Hand
from installation.control.parameters import Table
from installation.desk.hands import Asked, Hands
from installation.desk.journeys import Journeys
from installation.desk.papers import Papers
from installation.frames.ring import RingReader
from installation.health import PROCESSES, SPARE, HealthReader
from installation.inputs.osc import OscInput
from installation.inputs.protocol import Update
from installation.latent.journeys import Journey
from installation.latent.places import Place
from installation.memory import Arena
from installation.panel.preview import Preview
from installation.report import build

_NAMES = [hand.name.lower() for hand in Hand]


class Link:
    """See panel.link.DeskLink. Everything but `publish` is called on the panel's thread."""

    def __init__(
        self,
        title: str,
        table: Table,
        hands: Hands,
        arena: Arena,
        osc: OscInput | None = None,
        journeys: Journeys | None = None,
        papers: Papers | None = None,
    ) -> None:
        self.title, self.table = title, table
        self.osc_port = osc.port if osc else None
        self._hands, self._osc, self._journeys = hands, osc, journeys
        self._papers = papers
        self._records = HealthReader(arena)
        self._preview = Preview(RingReader(arena.section("preview")))
        self._begin()

    def adopt(self, title: str, table: Table, hands: Hands) -> None:
        """Show another edition from now on; pages that know another table leave and come back."""
        self.title, self.table, self._hands = title, table, hands
        self._begin()

    def _begin(self) -> None:
        """Who asks before the first tick hears what a former desk left, not the defaults."""
        self.publish(self._hands.arbiter.values, self._hands.arbiter.holder)

    def publish(
        self, values: np.ndarray, holders: np.ndarray, goals: np.ndarray | None = None
    ) -> None:
        """The loop leaves the state of this tick. New objects, so that a reader needs no lock."""
        self._values, self._holders = values.tolist(), holders
        self._goals = self._values if goals is None else goals.tolist()

    def ask(self, address: str, value: float) -> None:
        self._hands.ask(Asked(address, value))

    def press(self, address: str) -> None:
        self._hands.ask(Asked(address, None))

    def play(self, journeys: Sequence[Journey]) -> None:
        if self._journeys:
            self._journeys.play(journeys)

    def mix(self, place: Place | None) -> None:
        if self._journeys:
            self._journeys.mix(place)

    def osc(self, data: bytes, host: str) -> list[Update]:
        return self._osc.take(data, host, time.monotonic()) if self._osc else []

    def values(self) -> list[float]:
        return self._values

    def goals(self) -> list[float]:
        return self._goals

    def holders(self) -> list[str]:
        return [_NAMES[hand] for hand in self._holders]

    def status(self) -> dict[str, Any]:
        record = build({name: self._records.record(name) for name in (*PROCESSES, SPARE)})
        names = (row.address for row in self.table)
        return {**record, "values": dict(zip(names, self._values, strict=False))}

    def lines(self, count: int) -> list[dict[str, str]]:
        return self._papers.lines(count) if self._papers else []

    def bundle(self) -> bytes:
        return self._papers.bundle() if self._papers else b""

    def picture(self) -> bytes | None:
        return self._preview.jpeg()
