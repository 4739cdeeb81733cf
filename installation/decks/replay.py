"""A flight file drawn again: every picture from its own record, and whether it is the same.

The network runs on the backend that show.yaml chooses, as it did in the show; each picture begins
at the recorded place of the walk, so that one that cannot be drawn again spoils no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from installation import flight
from installation.control.parameters import Table
from installation.control.state import Values
from installation.decks.editing import Editing, prepared
from installation.decks.loading import load
from installation.decks.orders import Order, walk_for
from installation.decks.player import JunkError, Player, steering
from installation.decks.recorder import APART, MOVED, Doing, Records, fingerprint, whole
from installation.errors import FlightError
from installation.generators.anatomy import without
from installation.generators.protocol import Generator, Picture
from installation.show.models import TestCardModel
from installation.show.schema import Show


@dataclass(frozen=True, slots=True)
class Drawn:
    """One picture drawn again. `same` is None where none was finished at the time."""

    deck: str
    number: int
    scene: str
    picture: Picture  # uint8 (height, width, 4), until the next one is asked for
    same: bool | None


class Controls:
    """The values of a table by address, as decks read them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._defaults = np.array([row.default for row in table])
        self.values: Values = self._defaults.copy()

    def set(self, record: np.void) -> None:
        """Be as they were for one record. Raises IndexError for rows that the table lacks."""
        moved = int(record["moved"])
        self.values[:] = self._defaults
        self.values[record["rows"][:moved]] = record["values"][:moved]

    def __getitem__(self, address: str) -> float:
        return float(self.values[self.table.index(address)])


class Replay:
    """A flight file, ready to be drawn. Raises FlightError where it cannot be."""

    def __init__(self, kept: flight.Flight, folder: Path, seconds: float | None = None) -> None:
        """`folder` is where show.yaml's models lie; `seconds` takes the last ones alone."""
        self._folder, self._kept = folder, kept
        self._show, self._controls = _understood(kept)
        self._scenes = list(self._show.scenes)
        self._recorded = {
            name.removeprefix("flight_"): self._taken(whole(data), seconds)
            for name, data in kept.records.items()
        }
        self._played: dict[tuple[str, int], tuple[Player, Editing]] = {}
        self._generators: dict[str, Generator] = {}
        self._compare_files()

    @property
    def total(self) -> int:
        """How many pictures can be drawn again."""
        return sum(len(self._repeatable(records)) for records in self._recorded.values())

    @property
    def apart(self) -> int:
        """How many were recorded that cannot: see decks.recorder.APART."""
        return sum(map(len, self._recorded.values())) - self.total

    def pictures(self) -> Iterator[Drawn]:
        """Every picture that can be drawn again, deck by deck, in order."""
        for deck, records in self._recorded.items():
            for record in self._repeatable(records):
                yield self._draw(deck, record)

    def _taken(self, records: Records, seconds: float | None) -> Records:
        """Those of the newest show.yaml, whose scenes and controls the file names."""
        records = records[records["edition"] == self._kept.facts["edition"]]
        if seconds is None or not len(records):
            return records
        return records[records["at"] >= records["at"][-1] - seconds]

    def _repeatable(self, records: Records) -> Records:
        within = (records["scene"] >= 0) & (records["scene"] < len(self._scenes))
        casts = np.array([len(scene.cast) for scene in self._show.scenes.values()])
        within &= records["member"] < casts[np.where(within, records["scene"], 0)]
        within &= records["moved"] <= MOVED
        return records[within & ((records["flags"] & (APART | Doing.JUNK)) == 0)]

    def _draw(self, deck: str, record: np.void) -> Drawn:
        scene = self._scenes[record["scene"]]
        player, editing = self._player(scene, int(record["member"]))
        out = np.zeros((player.generator.height, player.generator.width, 4), np.uint8)
        try:
            good = self._paint(player, editing, record, out)
        except (IndexError, ValueError, OverflowError, JunkError) as error:
            raise FlightError(f"record {record['number']} cannot be drawn: {error}") from None
        same = good and fingerprint(out) == record["picture"]
        unfinished = record["flags"] & Doing.BEGUN
        return Drawn(deck, int(record["number"]), scene, out, None if unfinished else same)

    def _paint(self, player: Player, editing: Editing, record: np.void, out: Picture) -> bool:
        controls = self._controls
        controls.set(record)
        player.place = tuple(map(float, record["walk"]))
        hands, psi, dt = steering(controls), controls["/style/psi"], float(record["dt"])
        edit = editing.edit(controls.values, player.place, hands, dt)
        if edit:
            edit = without(edit, int(record["left_out"]))
        return player.draw(hands, psi, dt, out, edit)

    def _player(self, name: str, member: int) -> tuple[Player, Editing]:
        if (name, member) not in self._played:
            scene, table = self._show.scenes[name].played(member), self._controls.table
            generator = self._generator(scene.model)
            walk = walk_for(Order(), scene, generator, self._folder)
            editing = prepared(scene, generator, table, self._folder, None)
            self._played[name, member] = Player(generator, walk), editing
        return self._played[name, member]

    def _generator(self, name: str) -> Generator:
        """The model, without the faults that a rehearsal's test card was told to have."""
        if name not in self._generators:
            model, decks = self._show.source(name), self._show.decks
            if isinstance(model, TestCardModel):
                card = model.test_card.model_copy(update={"fault": "none"})
                model = TestCardModel(test_card=card)
            made = load(model, self._folder, decks.backend, providers=decks.providers, patient=True)
            self._generators[name] = made
        return self._generators[name]

    def _compare_files(self) -> None:
        records = map(self._repeatable, self._recorded.values())
        played = {self._scenes[scene] for some in records for scene in np.unique(some["scene"])}
        names = flight.drawn_from(self._show.model_dump(mode="json", by_alias=True), played)
        recorded = self._kept.facts["files"]
        here = flight.checksums(self._folder, names)
        for name in names:
            if recorded.get(name) != here.get(name):
                what = "is not what played then" if name in here else "is not here"
                raise FlightError(f"{self._folder / name}: {what} (SHA-256 differs)")


def _understood(kept: flight.Flight) -> tuple[Show, Controls]:
    try:
        return Show.model_validate(kept.show), Controls(Table.from_json(kept.table))
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        first = str(error).partition("\n")[0][:120]
        raise FlightError(f"its show is not of this version ({first})") from None
