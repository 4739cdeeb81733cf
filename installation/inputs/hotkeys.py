"""Keys to actions. Pure: strokes and the time come in, what to press or toggle comes out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from installation.control.keys import Stroke
from installation.control.parameters import Kind, Table
from installation.show.hotkeys import QUIT, holds
from installation.show.inputs import Inputs

REPEAT = 1.0  # seconds: strokes of a held key that repeats itself are closer than this; a later
# one means that its release was lost, as when the window lost the focus

_ACTIONS: Mapping[Kind, Literal["press", "toggle"]] = {
    Kind.TRIGGER: "press",
    Kind.BOOL: "toggle",
}


@dataclass(frozen=True, slots=True)
class Action:
    """What a stroke asks: press the trigger, or toggle the switch, at `address`."""

    address: str
    kind: Literal["press", "toggle"]
    at: float  # when the key went down, or was held long enough; monotonic seconds


@dataclass(slots=True)
class _Held:
    since: float
    repeated: float  # the last stroke the keyboard sent for it
    done: bool = False


class Hotkeys:
    """The keys of a show: a key's name to a control's address without its slash, or `quit`.

    Those that could end or undo something act only when they were held for a while. Keys of rows
    that are neither triggers nor switches do nothing."""

    def __init__(self, inputs: Inputs, table: Table) -> None:
        self._targets = {
            key: f"/{target}"
            for key, target in inputs.keys.items()
            if f"/{target}" in table and table[f"/{target}"].kind in _ACTIONS
        }
        self._table = table
        self._quit_keys = frozenset(key for key, target in inputs.keys.items() if target == QUIT)
        self._holds = holds(inputs)
        self._held: dict[str, _Held] = {}
        self.quit = False

    def step(self, strokes: Iterable[Stroke], now: float) -> list[Action]:
        """The actions of `strokes`, in order, and of what was held long enough; sets `quit`."""
        actions = [action for stroke in strokes for action in self._stroke(stroke)]
        return [*actions, *(action for key in self._held for action in self._act(key, now))]

    def _stroke(self, stroke: Stroke) -> list[Action]:
        held = self._held.get(stroke.key)
        if not stroke.pressed:
            actions = list(self._act(stroke.key, stroke.at)) if held else []
            self._held.pop(stroke.key, None)
            return actions
        if held and stroke.at - held.repeated < REPEAT:
            held.repeated = stroke.at
            return []
        self._held[stroke.key] = _Held(stroke.at, stroke.at)
        return list(self._act(stroke.key, stroke.at))

    def _act(self, key: str, now: float) -> Iterator[Action]:
        """What a key that is down at `now` does, if it was held long enough: once."""
        held, needed = self._held[key], self._holds.get(key, 0.0)
        if held.done or now - held.since < needed:
            return
        held.done = True
        self.quit = self.quit or key in self._quit_keys
        if target := self._targets.get(key):
            yield Action(target, _ACTIONS[self._table[target].kind], held.since + needed)
