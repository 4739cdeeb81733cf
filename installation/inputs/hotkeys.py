"""Keys to actions. Pure: strokes and the time come in, what to press or toggle comes out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from installation.control.keys import Stroke
from installation.control.parameters import Kind, Table

QUIT = "quit"
QUIT_HOLD = 2.0  # seconds: a sleeve on the keyboard must not end the show
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
    at: float  # when the key went down, monotonic seconds


@dataclass(slots=True)
class _Held:
    since: float
    repeated: float  # the last stroke the keyboard sent for it


class Hotkeys:
    """The keys of a show: a key's name to a control's address without its slash, or `quit`.

    Keys of rows that are neither triggers nor switches do nothing."""

    def __init__(self, keys: Mapping[str, str], table: Table) -> None:
        self._targets = {
            key: f"/{target}"
            for key, target in keys.items()
            if f"/{target}" in table and table[f"/{target}"].kind in _ACTIONS
        }
        self._table = table
        self._quit_keys = frozenset(key for key, target in keys.items() if target == QUIT)
        self._held: dict[str, _Held] = {}
        self.quit = False
        self.holding_quit = 0.0  # seconds a quit key has been down, for a hint on the picture

    def step(self, strokes: Iterable[Stroke], now: float) -> list[Action]:
        """The actions of `strokes`, in order; sets `quit` once a quit key was held long enough."""
        actions = [action for stroke in strokes for action in self._stroke(stroke)]
        held = [self._held[key].since for key in self._quit_keys & self._held.keys()]
        self.holding_quit = max((now - since for since in held), default=0.0)
        self.quit = self.quit or self.holding_quit >= QUIT_HOLD
        return actions

    def _stroke(self, stroke: Stroke) -> list[Action]:
        if not stroke.pressed:
            self._release(stroke)
            return []
        held = self._held.get(stroke.key)
        if held and stroke.at - held.repeated < REPEAT:
            held.repeated = stroke.at
            return []
        self._held[stroke.key] = _Held(stroke.at, stroke.at)
        return self._actions(stroke)

    def _release(self, stroke: Stroke) -> None:
        held = self._held.pop(stroke.key, None)
        if held and stroke.key in self._quit_keys:
            self.quit = self.quit or stroke.at - held.since >= QUIT_HOLD

    def _actions(self, stroke: Stroke) -> list[Action]:
        target = self._targets.get(stroke.key)
        if target is None:
            return []
        return [Action(target, _ACTIONS[self._table[target].kind], stroke.at)]
