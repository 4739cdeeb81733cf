"""The record of presents: one line for every frame that reached the wall, in shared memory.

The stage writes it; tests and `tools.soak` judge by it what an audience saw. It belongs to the
run and not to the stage, so the gap that a fallen stage leaves stands in it too.
"""

import math
import struct
from dataclasses import dataclass

from installation.memory import Arena

SECTION = "presents"
LINES = 4096  # kept: over a minute at 60 presents a second
MODES = ("house", "live", "held", "idle")  # what the wall can show, as stage.fallback names it

_HEAD = struct.Struct("<Q")  # lines written so far
_LINE = struct.Struct("<QdQfBBxx")  # number, when, picture, luma, mode, black
BYTES = _HEAD.size + LINES * _LINE.size


@dataclass(frozen=True, slots=True)
class Present:
    """One present. `at` is monotonic seconds; `luma` the wall's mean, 0 to 1, two presents ago,
    not a number before it is known; `black` tells that it was black though nobody asked."""

    number: int  # from 1, over all stages of the run
    at: float
    picture: int  # the deck's own count of the picture that was shown most
    luma: float
    mode: str
    black: bool


class PresentWriter:
    """The stage's end. Goes on after the last line of a fallen stage."""

    def __init__(self, arena: Arena) -> None:
        self._view = arena.section(SECTION)
        self._number = _HEAD.unpack_from(self._view)[0]

    def add(self, at: float, picture: int, luma: float | None, mode: str, black: bool) -> None:
        """Note a present. Allocates nothing and waits for nobody."""
        self._number += 1
        luma = math.nan if luma is None else luma
        line = self._number, at, picture, luma, MODES.index(mode), black
        _LINE.pack_into(self._view, _start(self._number), *line)
        _HEAD.pack_into(self._view, 0, self._number)


class PresentReader:
    """Hands out every line once, in order, but for those that were overwritten before."""

    def __init__(self, arena: Arena) -> None:
        self._view = arena.section(SECTION)
        self._next = 1

    def fresh(self) -> list[Present]:
        """The lines since the last call, oldest first."""
        last = _HEAD.unpack_from(self._view)[0]
        first = max(self._next, last - LINES + 1)
        self._next = last + 1
        lines = [_LINE.unpack_from(self._view, _start(number)) for number in range(first, last + 1)]
        return [
            Present(number, at, picture, luma, MODES[mode], bool(black))
            for number, (found, at, picture, luma, mode, black) in enumerate(lines, first)
            if found == number and mode < len(MODES)
        ]


def _start(number: int) -> int:
    return _HEAD.size + number % LINES * _LINE.size
