"""What a moved knob means for the table: ranged, picked up, pressed, toggled. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from installation.control.parameters import Kind, Parameter, Table
from installation.inputs.midi_wire import Moved, detents
from installation.inputs.protocol import Update
from installation.show.midi import Binding

NEAR = 2 / 127  # of the travel: a knob this near to its control's value has caught it
Wanted = Callable[[str], float]  # the value that a control is on its way to, by address


class Pickup:
    """Soft take-over: a knob that stands elsewhere does nothing until it passes the value.

    Places are parts of the travel, 0 to 1."""

    def __init__(self) -> None:
        self._place: float | None = None
        self._set: float | None = None  # where the knob itself has put the value

    def catches(self, place: float, value: float) -> bool:
        """Whether a knob that moved to `place` steers a control that stands at `value`."""
        before, self._place = self._place, place
        own = self._set is not None and abs(value - self._set) <= NEAR
        passed = before is not None and (before - value) * (place - value) <= 0
        caught = own or passed or abs(place - value) <= NEAR
        self._set = place if caught else None
        return caught


@dataclass(slots=True)
class _Knob:
    binding: Binding
    row: Parameter
    pickup: Pickup | None
    high: bool = False  # of a knob that is used as a button


class MidiControls:
    """Bindings on a table; those to a control that it lacks are left out.

    `wanted` in `read` tells where controls are going: toggles, encoders and pickup need that."""

    def __init__(self, bindings: Mapping[str, Binding], table: Table, pickup: bool) -> None:
        self.bindings = {
            knob: binding for knob, binding in bindings.items() if f"/{binding.to}" in table
        }
        self._knobs = {
            knob: _Knob(binding, table[f"/{binding.to}"], _pickup(binding, pickup))
            for knob, binding in self.bindings.items()
        }

    def read(self, moved: Moved, wanted: Wanted) -> list[Update]:
        """What the knob asks for: first for routes that listen to it, then for its control."""
        raw = Update(f"/midi/{moved.knob}", moved.value, moved.at)
        knob = self._knobs.get(moved.knob)
        return [raw, *(_asked(knob, moved, wanted) if knob else ())]


def travel(binding: Binding, row: Parameter, part: float) -> float:
    """The value at a part of the knob's travel, with the room that the row's slider has."""
    low, high = binding.range or (row.low, row.high)
    return low + (high - low) * part ** (1.0 if binding.range else row.curve)


def place(binding: Binding, row: Parameter, value: float) -> float:
    """The part of the knob's travel, 0 to 1, at which `value` stands."""
    low, high = binding.range or (row.low, row.high)
    part = min(max((value - low) / (high - low), 0.0), 1.0) if high != low else 0.0
    return part ** (1.0 if binding.range else 1.0 / row.curve)


def _pickup(binding: Binding, usual: bool) -> Pickup | None:
    wanted = usual if binding.pickup is None else binding.pickup
    return Pickup() if wanted and binding.relative == "no" else None


def _asked(knob: _Knob, moved: Moved, wanted: Wanted) -> Iterator[Update]:
    row = knob.row
    if row.kind is Kind.TRIGGER or moved.key:
        if _pressed(knob, moved):
            yield _press(knob, moved, wanted)
        return
    if knob.binding.relative != "no":
        low, high = knob.binding.range or (row.low, row.high)
        move = detents(moved.raw, knob.binding.relative) * _step(knob.binding, row, high - low)
        value = min(max(wanted(row.address) + move, min(low, high)), max(low, high))
        yield Update(row.address, value, moved.at)
    elif row.kind is Kind.BOOL:
        yield Update(row.address, float(moved.value >= 0.5), moved.at)
    elif _caught(knob, moved, wanted):
        yield Update(row.address, travel(knob.binding, row, moved.value), moved.at)


def _step(binding: Binding, row: Parameter, span: float) -> float:
    """A notch; of whole things it is the next one."""
    if row.kind is Kind.FLOAT:
        return binding.step * span
    return 1.0 if span > 0 else -1.0


def _caught(knob: _Knob, moved: Moved, wanted: Wanted) -> bool:
    if knob.pickup is None or knob.row.kind is Kind.CHOICE:
        return True
    stands = place(knob.binding, knob.row, wanted(knob.row.address))
    return knob.pickup.catches(moved.value, stands)


def _pressed(knob: _Knob, moved: Moved) -> bool:
    """On the rising edge: a key's every stroke is one, a knob's only the way through its middle."""
    if moved.key:
        return moved.value > 0
    rose = moved.value >= 0.5 and not knob.high
    knob.high = moved.value >= 0.5
    return rose


def _press(knob: _Knob, moved: Moved, wanted: Wanted) -> Update:
    row, given = knob.row, knob.binding.value
    if row.kind is Kind.TRIGGER:
        return Update(row.address, 1.0, moved.at, press=True)
    if given is not None:
        number = float(row.choices.index(given)) if isinstance(given, str) else float(given)
        return Update(row.address, number, moved.at)
    if row.kind is Kind.BOOL:
        return Update(row.address, 1.0 - wanted(row.address), moved.at)
    return Update(row.address, travel(knob.binding, row, moved.value), moved.at)
