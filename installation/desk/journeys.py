"""The desk's way to send the show on a journey: by name, in a sequence over OSC, or from a page.

Names are show.yaml's `journeys`; their files are read once, when the desk starts."""

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

from installation.control.parameters import Table
from installation.control.rows import OWN_WALK
from installation.control.state import Values
from installation.decks.orders import Order, OrderWriter
from installation.errors import PlaceError
from installation.inputs.osc_controls import SEQUENCE
from installation.inputs.protocol import Update
from installation.latent.files import read_journey
from installation.latent.journeys import Journey
from installation.latent.places import Place
from installation.show.schema import Show

ROW = "/journey"

log = logging.getLogger("desk")


class Journeys:
    """Gives the decks their orders. `play` and `mix` may be called by any thread; both are done at
    the next tick, and the latest wins."""

    def __init__(self, writer: OrderWriter, show: Show, table: Table, folder: Path) -> None:
        self._writer, self._folder = writer, folder
        self._last_number, self._mix = writer.order.number, writer.order.mix
        self._asked: list[Journey] | None = None
        self.adopt(show, table)

    def adopt(self, show: Show, table: Table) -> None:
        """Go by another edition of the show."""
        files = {name: self._folder / path for name, path in show.journeys.items()}
        self._row = table.index(ROW) if ROW in table else None
        self._named = {name: _read(name, path) for name, path in files.items()}
        self._names = [OWN_WALK, *show.journeys]
        self._chosen: int | None = None

    def play(self, journeys: Sequence[Journey]) -> None:
        """Go these, one after the other, in the scene on the wall; none: its own walk again."""
        self._asked = list(journeys)

    def mix(self, place: Place | None) -> None:
        """The place whose styles /style/mix mixes in; None: the scene's own."""
        self._mix = place

    def heard(self, updates: Iterable[Update]) -> None:
        """What came in by OSC: Marrow's /start-sequence with names and commas between them."""
        for update in updates:
            if update.address == SEQUENCE:
                self._start([name.strip() for name in update.text.split(",") if name.strip()])

    def step(self, goals: Values, scene: str, now: float) -> None:
        """Give an order when something has been asked. `goals` are the table's; `scene`
        is the one that is wanted."""
        self._choose(goals)
        journeys, self._asked = self._asked, None
        before = self._writer.order
        if journeys is not None:
            # Unlike any before it, even one of a run that a power cut has ended.
            self._last_number = max(round(now * 1000), self._last_number + 1)
            self._give(Order(number=self._last_number, scene=scene, journeys=journeys))
        elif self._mix != before.mix:
            self._give(before)

    def _give(self, order: Order) -> None:
        try:
            self._writer.write(order.model_copy(update={"mix": self._mix}))
        except PlaceError as error:
            self._mix = self._writer.order.mix
            log.error("%s; what plays goes on", error)

    def _choose(self, goals: Values) -> None:
        """A change of the row `/journey`. The row that is found at the start is no change."""
        if self._row is None:
            return
        chosen = int(goals[self._row])
        if self._chosen not in (None, chosen):
            self._start([self._names[chosen]] if chosen else [])
        self._chosen = chosen

    def _start(self, names: list[str]) -> None:
        journeys = [journey for name in names if (journey := self._find(name))]
        if journeys or not names:
            self._asked = journeys

    def _find(self, name: str) -> Journey | None:
        journey = self._named.get(name)
        if journey is None:
            log.error("journey %r: %s", name[:80], f"there are: {', '.join(self._named) or 'none'}")
        return journey


def _read(name: str, path: Path) -> Journey | None:
    try:
        return read_journey(path)
    except PlaceError as error:
        log.error("journeys.%s: %s", name, error)
        return None
