"""The show and its table in shared memory, so that every process of a run plays the same one.

Children read them from here and not from disk: what the supervisor has read and found good is
what all of them play. Each good reading is an edition with a number. The desk takes a new one up
first and writes its number into the control state; decks and stage follow when they see it there,
so that no process takes a scene's place in one edition for its place in another.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from installation.control import layout
from installation.control.parameters import Table
from installation.memory import Arena, Mailbox
from installation.show.saved import Place, Saved, first_state
from installation.show.schema import Show

FIRST = 1  # the number of the edition that a run begins with
_TRIES = 50


@dataclass(frozen=True, slots=True)
class Edition:
    """One reading of show.yaml: its number, counted from FIRST, and what it says."""

    number: int
    show: Show
    table: Table


def publish(arena: Arena, show: Show, table: Table) -> int:
    """Lay the show and its table out for the children; the edition's number.

    Raises ValueError when they are too large for that."""
    body = {"show": show.model_dump_json(by_alias=True), "table": table.to_json()}
    return Mailbox(arena.section("show")).write(json.dumps(body).encode())


def newest(arena: Arena) -> int:
    """The number of the newest edition, 0 before the first. Costs a microsecond."""
    return Mailbox(arena.section("show")).sequence


def receive(arena: Arena) -> Edition:
    """The newest edition. Raises LookupError when none was published."""
    for _ in range(_TRIES):
        if edition := _read(arena):
            return edition
        time.sleep(0.002)  # it is being written just now
    raise LookupError("the supervisor has not published the show")


def _read(arena: Arena) -> Edition | None:
    box = Mailbox(arena.section("show"))
    number, payload = box.sequence, box.read()
    if payload is None or box.sequence != number:
        return None
    body = json.loads(payload)
    return Edition(number, Show.model_validate_json(body["show"]), Table.from_json(body["table"]))


def resume(arena: Arena, saved: Saved, show: Show, table: Table, now: float) -> None:
    """Lay out a saved state as if a former run had left it, for the children to go on from."""
    values = first_state(saved, table, list(show.scenes))
    Mailbox(arena.section("control")).write(layout.first(table, values, now, FIRST))
    known = {name: saved.places[name] for name in show.scenes if name in saved.places}
    Mailbox(arena.section("places")).write(json.dumps(known).encode())
    write_cue(arena, {**saved.cue, "anew": True})


def places(arena: Arena) -> dict[str, Place]:
    """Where each scene's walk was when the state was saved; {} in a show that begins anew."""
    left = Mailbox(arena.section("places")).read()
    return {name: tuple(place) for name, place in json.loads(left).items()} if left else {}


def write_cue(arena: Arena, state: Mapping[str, Any]) -> None:
    """Leave where the cue list stands, for the next desk and for the saved state."""
    Mailbox(arena.section("cues")).write(json.dumps(state).encode())


def read_cue(arena: Arena) -> dict[str, Any]:
    """Where the cue list stood; {} in a show that begins anew."""
    left = Mailbox(arena.section("cues")).read()
    return json.loads(left) if left else {}
