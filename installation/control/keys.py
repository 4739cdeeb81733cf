"""Keys from the window to the desk: the last few strokes, in shared memory, none waited for."""

import json
from dataclasses import dataclass

from installation.memory import Mailbox

KEPT = 64  # strokes; at 120 looks a second nobody types that fast


@dataclass(frozen=True, slots=True)
class Stroke:
    """One key going down or up. `key` is a lower-case name: a, right, space, f1, escape."""

    index: int
    key: str
    pressed: bool
    at: float  # monotonic seconds


class KeyWriter:
    """The stage's end."""

    def __init__(self, view: memoryview) -> None:
        self._box = Mailbox(view)
        self._strokes = _load(self._box)

    def stroke(self, key: str, pressed: bool, at: float) -> None:
        """Pass a stroke on; when the desk is away the oldest are forgotten."""
        index = self._strokes[-1].index + 1 if self._strokes else 1
        self._strokes = [*self._strokes, Stroke(index, key, pressed, at)][-KEPT:]
        rows = [(s.index, s.key, s.pressed, s.at) for s in self._strokes]
        self._box.write(json.dumps(rows, separators=(",", ":")).encode())


class KeyReader:
    """The desk's end. Starts at the present: strokes made before it came are not replayed."""

    def __init__(self, view: memoryview) -> None:
        self._box = Mailbox(view)
        kept = _load(self._box)
        self._seen = kept[-1].index if kept else 0
        self._sequence = self._box.sequence
        self.dropped = 0

    def strokes(self) -> list[Stroke]:
        """Strokes since the last call, in order; those lost between are counted in `dropped`."""
        if self._box.sequence == self._sequence:
            return []
        self._sequence = self._box.sequence
        fresh = [stroke for stroke in _load(self._box) if stroke.index > self._seen]
        if fresh:
            self.dropped += fresh[0].index - self._seen - 1
            self._seen = fresh[-1].index
        return fresh


def _load(box: Mailbox) -> list[Stroke]:
    try:
        return [Stroke(*row) for row in json.loads(box.read() or b"[]")]
    except (ValueError, TypeError):
        return []
