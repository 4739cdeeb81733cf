"""The show and its table in shared memory, so that every process of a run plays the same one.

Children read them from here and not from disk: a file saved halfway through a night must not give
a restarted child another table than its neighbours have.
"""

import json
from collections.abc import Mapping
from typing import Any

from installation.control import layout
from installation.control.parameters import Table
from installation.memory import Arena, Mailbox
from installation.show.saved import Place, Saved, first_state
from installation.show.schema import Show


def publish(arena: Arena, show: Show, table: Table) -> None:
    """Lay the show and its table out for the children. Done once, before they start."""
    Mailbox(arena.section("show")).write(show.model_dump_json(by_alias=True).encode())
    Mailbox(arena.section("table")).write(table.to_json().encode())


def receive(arena: Arena) -> tuple[Show, Table]:
    """The show and the table that the supervisor published. Raises LookupError before it did."""
    show = Mailbox(arena.section("show")).read()
    table = Mailbox(arena.section("table")).read()
    if show is None or table is None:
        raise LookupError("the supervisor has not published the show")
    return Show.model_validate_json(show), Table.from_json(table)


def resume(arena: Arena, saved: Saved, show: Show, table: Table, now: float) -> None:
    """Lay out a saved state as if a former run had left it, for the children to go on from."""
    values = first_state(saved, table, list(show.scenes))
    Mailbox(arena.section("control")).write(layout.first(table, values, now))
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
