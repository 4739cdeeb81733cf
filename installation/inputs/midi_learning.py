"""Learning a knob: touch a control, then move the knob. Pure, but for where it is kept."""

import json
import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from installation.inputs.midi_wire import WORDS, Moved
from installation.show.midi import Binding, Encoding, Knob
from installation.store import Store

FILE = "midi"
_KEPT = TypeAdapter(dict[Knob, Binding])

log = logging.getLogger("midi")


class Learning:
    """Who is being taught what. `on` from outside; `words` tell a person what to do next."""

    def __init__(self) -> None:
        self.on = False
        self._target = ""
        self._first: Moved | None = None
        self._done = ""

    def switch(self, on: bool) -> None:
        """Begin or end."""
        if on != self.on:
            self.on, self._target, self._first, self._done = on, "", None, ""

    @property
    def target(self) -> str:
        """The address of the control that was touched last, '' before the first."""
        return self._target

    @property
    def words(self) -> str:
        """What to do next, and what was learned last; '' while nothing is learned."""
        if not self.on:
            return ""
        ask = f"move a knob for {self._target[1:]}" if self._target else "touch a control"
        return f"{self._done}; {ask}" if self._done else ask

    def touched(self, address: str) -> None:
        """Some other hand moved a control."""
        if self.on and not address.startswith("/midi/"):
            self._target, self._first = address, None

    def moved(self, moved: Moved) -> tuple[str, Binding] | None:
        """The binding, once the knob is known; None before.

        A key is known by its stroke, a knob by the second message that it sends: an endless
        encoder repeats itself, which a knob with ends never does."""
        if not (self.on and self._target) or _is_part(moved.knob):
            return None
        if moved.key and moved.value > 0:
            return self._learned(moved.knob, "no")
        first, self._first = self._first, moved
        if moved.key or first is None or first.knob != moved.knob:
            return None
        return self._learned(moved.knob, _encoding(first.raw, moved.raw))

    def _learned(self, knob: str, relative: Encoding) -> tuple[str, Binding]:
        binding = Binding(to=self._target[1:], relative=relative)
        self._done, self._target, self._first = f"{knob} steers {binding.to}", "", None
        return knob, binding


def _is_part(knob: str) -> bool:
    kind, *_, number = knob.split("/")
    return kind == "cc" and int(number) in WORDS


def _encoding(first: int, second: int) -> Encoding:
    if first != second:
        return "no"
    return "offset" if abs(first - 64) <= 8 else "twos"


class Learned:
    """The learned bindings, in a file of this machine beside the saved state."""

    def __init__(self, folder: str) -> None:
        self._store = Store(Path(folder) / FILE) if folder else None

    def read(self) -> dict[str, Binding]:
        """What was kept. Never raises."""
        found = self._store.read() if self._store else None
        if found is None or found.body is None:
            if found and found.note:
                log.warning("%s", found.note)
            return {}
        try:
            return _KEPT.validate_json(found.body)
        except ValidationError:
            log.warning("the learned MIDI bindings cannot be read; none are used")
            return {}

    def keep(self, bindings: Mapping[str, Binding]) -> None:
        """Write them; returns at once, for a disk must not hold the desk."""
        body: dict[str, Any] = {
            knob: binding.model_dump(exclude_defaults=True) for knob, binding in bindings.items()
        }
        threading.Thread(target=self._write, args=(body,), name="midi learned").start()

    def _write(self, body: dict[str, Any]) -> None:
        try:
            if self._store:
                self._store.write(json.dumps(body).encode())
        except OSError as error:
            log.error("the learned MIDI bindings are not kept: %s", error.strerror)
