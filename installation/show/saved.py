"""What a show remembers over a power cut: its scene, where the walks were, the machine's settings.

Never blackout, freeze, the figures or the grid over the picture: nobody is there in the morning to
undo them. Nor the look's controls: show.yaml says how the piece looks, and what a visitor turned
last night should not stand today.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from installation.control.parameters import Kind, Parameter, Scope, Table

PLACE = 16  # floats of a walk's state, as many as a picture's header carries
NEVER = (
    "/master/blackout",
    "/master/freeze",
    "/hud/visible",
    "/hud/help",
    "/calibrate/grid",
    "/midi/learn",
)
FILE = "saved"

Place = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """The scene on the wall, each walk's place by scene, machine settings by address, and where
    the cue list stands (see CueList.state)."""

    scene: str
    places: Mapping[str, Place] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    cue: Mapping[str, str | float | bool] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """As JSON, the same bytes for the same content."""
        return json.dumps(asdict(self), sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Saved":
        """What `to_bytes` wrote. Raises ValueError for anything else."""
        try:
            data = json.loads(body)
            places = {str(name): _place(place) for name, place in data["places"].items()}
            values = {str(name): _finite(value) for name, value in data["values"].items()}
            return cls(str(data["scene"]), places, values, saved_cue(data.get("cue", {})))
        except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise ValueError(f"it is no saved state: {error!r}") from None


def kept(row: Parameter) -> bool:
    """Whether a row's value is remembered."""
    moves = row.kind not in (Kind.TRIGGER, Kind.CHOICE)
    return row.scope is Scope.MACHINE and moves and row.address not in NEVER


def settings(table: Table, values: Sequence[float]) -> dict[str, float]:
    """The machine settings that are not at their defaults, by address."""
    pairs = zip(table, map(float, values), strict=True)
    return {row.address: value for row, value in pairs if kept(row) and value != row.default}


def saved_cue(state: Any) -> dict[str, str | float | bool]:
    """What is remembered of a cue list: all but a hold, which somebody would have to undo."""
    known = {key: state[key] for key in ("name", "seen") if isinstance(state.get(key), str)}
    return known | {key: _finite(state[key]) for key in ("time", "following") if key in state}


def first_state(saved: Saved, table: Table, scenes: Sequence[str]) -> list[float]:
    """The table's values to begin with, one a row: the saved scene on deck A, alone.

    What the show no longer has is left out; values are brought inside their ranges."""
    values = [row.default for row in table]
    for address, value in saved.values.items():
        if address in table and kept(table[address]):
            values[table.index(address)] = table[address].clamp(value)
    scene = scenes.index(saved.scene) if saved.scene in scenes else 0
    values[table.index("/scene")] = scene
    values[table.index("/state/deck_a")] = scene
    return values


def _place(place: Any) -> Place:
    if len(place) != PLACE:
        raise ValueError(f"a place has {PLACE} numbers, not {len(place)}")
    return tuple(map(_finite, place))


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("a number is not finite")
    return number
