"""MIDI at the desk: knobs to the hands on the table, learning, values back. On the desk's loop."""

from typing import Any

from installation.control.parameters import Table
from installation.control.state import Values
from installation.desk.hands import Hands
from installation.inputs.midi import MidiInput
from installation.inputs.midi_controls import MidiControls
from installation.inputs.midi_feedback import MidiFeedback
from installation.inputs.midi_learning import Learned, Learning
from installation.inputs.midi_wire import Moved
from installation.inputs.tempo import Beat
from installation.show.midi import Binding, Midi

LEARN, FORGET = "/midi/learn", "/midi/forget"


class MidiDesk:
    """Everything between the ports of `midi` and the table. `folder` is where learned knobs lie."""

    def __init__(self, midi: Midi, table: Table, source: MidiInput, folder: str) -> None:
        self._source, self._kept = source, Learned(folder)
        self._learned = self._kept.read()
        self._learning = Learning()
        self._ports: list[str] = []
        self._forgets = 0.0
        self.adopt(midi, table)

    def adopt(self, midi: Midi, table: Table) -> None:
        """Go by another edition of the show; the ports stay those of the first."""
        self._midi, self._table = midi, table
        self._bind()

    def step(self, hands: Hands, now: float) -> None:
        """Take what was moved since the last tick, one after the other: steps add up."""
        self._follow(hands)
        for moved in self._source.drain():
            if found := self._learning.moved(moved):
                self._learn(*found)
            else:
                self._move(moved, hands, now)

    def tell(self, goals: Values, now: float) -> None:
        """Send the controller what it does not know, if it is time."""
        if not self._midi.feedback:
            return
        if self._source.open != self._ports:
            self._ports = self._source.open
            self._feedback.again()
        news = self._feedback.news(goals, now)
        if news and not self._source.send(news):
            self._feedback.again()

    def beat(self, now: float) -> Beat | None:
        """The beat of a MIDI clock, if one runs and is to be followed."""
        return self._source.beat(now) if self._midi.clock else None

    def start(self) -> None:
        """Open the ports."""
        self._source.start()

    def close(self) -> None:
        """Let them go."""
        self._source.close()

    def status(self) -> dict[str, Any]:
        """The ports' counters and fault, what is being learned, and how many knobs are bound."""
        words, bound = self._learning.words, len(self._controls.bindings)
        return {**self._source.status(), "learning": words, "bound": bound}

    def _follow(self, hands: Hands) -> None:
        """The switch of learning, and what other hands have touched."""
        self._learning.switch(hands.value(LEARN) > 0.5)
        forgets = hands.value(FORGET)
        if hands.touched:
            self._learning.touched(hands.touched)
        if forgets > self._forgets and self._learning.target:
            self._forget(self._learning.target[1:])
        self._forgets, hands.touched = forgets, ""

    def _move(self, moved: Moved, hands: Hands, now: float) -> None:
        updates = self._controls.read(moved, lambda address: hands.wanted(address, now))
        hands.midi(updates, now)
        for update in updates[1:]:
            if self._shows_itself(moved):
                value = self._table[update.address].clamp(update.value)
                self._feedback.heard(moved.knob, value, now)

    def _shows_itself(self, moved: Moved) -> bool:
        """Whether the knob stands where its control is: a key's lamp and the ring round an endless
        encoder must be told also what they have done themselves."""
        return not moved.key and self._controls.bindings[moved.knob].relative == "no"

    def _learn(self, knob: str, binding: Binding) -> None:
        self._learned[knob] = binding
        self._changed()

    def _forget(self, control: str) -> None:
        """Forget what was learned for a control; what show.yaml says of it holds again."""
        self._learned = {knob: b for knob, b in self._learned.items() if b.to != control}
        self._changed()

    def _changed(self) -> None:
        self._kept.keep(self._learned)
        self._bind()

    def _bind(self) -> None:
        """What was learned on this machine goes before what show.yaml says of the same knob."""
        bindings = {**self._midi.bind, **self._learned}
        self._controls = MidiControls(bindings, self._table, self._midi.pickup)
        self._feedback = MidiFeedback(self._controls.bindings, self._table)
