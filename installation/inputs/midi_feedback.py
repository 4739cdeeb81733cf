"""Values back to the controller: motor faders, lamps, rings of lamps. Pure: messages come out.

A control that another hand moved is told to every knob that is bound to it; a fader that is being
moved is told nothing, so that a motor never pulls at a finger (outputs/receiver.py).
"""

from collections.abc import Mapping

import numpy as np

from installation.control.parameters import Kind, Table
from installation.control.state import Values
from installation.inputs.midi_controls import place
from installation.inputs.midi_wire import encoded
from installation.outputs.receiver import Receiver
from installation.show.midi import Binding

PERIOD = 1 / 30  # seconds between two rounds; a DIN cable carries 1000 messages a second


class MidiFeedback:
    """What the knobs of `bindings` are told of the values of `table`."""

    def __init__(self, bindings: Mapping[str, Binding], table: Table) -> None:
        self._table = table
        told = [
            (knob, binding)
            for knob, binding in bindings.items()
            if table[f"/{binding.to}"].kind is not Kind.TRIGGER
        ]
        self._knobs = {knob: n for n, (knob, _) in enumerate(told)}
        self._bindings = told
        self._rows = np.array([table.index(f"/{b.to}") for _, b in told], dtype=np.int64)
        self._receiver = Receiver(len(told))
        self._receiver.wanted[:] = True
        self._due = 0.0

    def heard(self, knob: str, value: float, now: float) -> None:
        """The knob itself moved; its control is at `value`."""
        if knob in self._knobs:
            self._receiver.heard(self._knobs[knob], value, now)

    def again(self) -> None:
        """Another device is there: tell everything anew."""
        self._receiver.forget(slice(None))

    def news(self, goals: Values, now: float) -> list[bytes]:
        """The messages to send now; none until it is time. `goals` is one a row of the table."""
        if now < self._due or not self._bindings:
            return []
        self._due = now + PERIOD
        values = goals[self._rows]
        news = self._receiver.news(values, now).tolist()
        return [message for n in news for message in self._told(n, float(values[n]))]

    def _told(self, n: int, value: float) -> list[bytes]:
        knob, binding = self._bindings[n]
        row = self._table.rows[self._rows[n]]
        if binding.value is not None:  # a key's lamp shines while what it sets stands
            given = binding.value
            wanted = row.choices.index(given) if isinstance(given, str) else float(given)
            return encoded(knob, float(abs(value - wanted) < 1e-6))
        return encoded(knob, place(binding, row, value))
