"""Which hotkeys must be held, and what each does, in words. Pure."""

from collections.abc import Mapping

from installation.control.parameters import Kind, Table
from installation.show.inputs import Inputs

QUIT = "quit"
# Seconds: a sleeve on the keyboard must not end the show, darken the wall or undo the evening.
HOLDS: Mapping[str, float] = {
    QUIT: 2.0,
    "master/blackout": 0.5,
    "scene/safe": 0.5,
    "calibrate/grid": 0.5,
    "calibrate/reset": 0.5,
    "record/stop": 0.5,
    "restart/deck_a": 1.0,
    "restart/deck_b": 1.0,
}


def holds(inputs: Inputs) -> dict[str, float]:
    """How many seconds each key must be held; 0 acts at once."""
    by_target = {**HOLDS, **inputs.hold, QUIT: HOLDS[QUIT]}
    return {key: by_target.get(target, 0.0) for key, target in inputs.keys.items()}


def described(inputs: Inputs, table: Table) -> list[tuple[str, str]]:
    """Each key and what it does, as the table says; the held ones say for how long."""
    needed = holds(inputs)
    return [
        (key, f"held {needed[key]:g} s: {words}" if needed[key] else words)
        for key, target in inputs.keys.items()
        if (words := _words(target, table))
    ]


def _words(target: str, table: Table) -> str:
    if target == QUIT:
        return "leave the show"
    if f"/{target}" not in table:
        return ""
    row = table[f"/{target}"]
    return f"{row.help}, on or off" if row.kind is Kind.BOOL else row.help
