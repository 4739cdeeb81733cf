"""MIDI bindings in show.yaml: what is wrong with them."""

import re
from collections.abc import Iterator

from installation.control.parameters import Kind, Table
from installation.show import yaml12
from installation.show.midi import KNOB, Binding
from installation.show.names import nearest, steerable, targets
from installation.show.schema import Show

_KEYS = ("note", "program")
_KNOB = re.compile(KNOB)


def check_bindings(show: Show, table: Table, document: yaml12.Document) -> None:
    """Complain of every knob that cannot do what it is bound to, and of routes from no knob."""
    bindings = show.inputs.midi.bind if show.inputs.midi else {}
    for knob, binding in bindings.items():
        for key, words in _problems(knob, binding, table):
            document.complain(("inputs", "midi", "bind", knob, *key), words)
    for name, scene in show.scenes.items():
        for target, route in scene.steer.items():
            for source in route.sources:
                if words := _no_signal(source, show):
                    document.complain(("scenes", name, "steer", target, "from"), words)


def _problems(knob: str, binding: Binding, table: Table) -> Iterator[tuple[yaml12.KeyPath, str]]:
    if not steerable(binding.to, table):
        yield ("to",), f"no control {binding.to!r}{nearest(binding.to, targets(table))}"
        return
    row, given = table[f"/{binding.to}"], binding.value
    if binding.relative != "no" and knob.split("/")[0] != "cc":
        yield ("relative",), "only a cc can be an endless encoder"
    if given is not None and knob.split("/")[0] not in _KEYS:
        yield ("value",), "only a note or a program sets a value; a knob has a range"
    elif given is not None and row.kind is Kind.TRIGGER:
        yield ("value",), f"{binding.to} is pressed, it has no value"
    elif isinstance(given, str) and given not in row.choices:
        yield ("value",), f"{given!r} is no value of it{nearest(given, row.choices)}"


def _no_signal(source: str, show: Show) -> str | None:
    if not source.startswith("midi/"):
        return None
    if not _KNOB.match(source.removeprefix("midi/")):
        return f"{source!r} is no knob; write midi/cc/1/74 or midi/note/1/36"
    return None if show.inputs.midi else "the show has no MIDI; write midi: {} under inputs"
