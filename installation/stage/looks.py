"""Which looks are seen, and how much of each. Pure: what the decks show and the time come in.

A look follows its deck through a crossfade. A deck that is alone on the wall turns from one look
to the next over the time of the change. Two looks can be drawn at once; where a third is wanted,
or a share would jump, what stood on the canvas is remembered and melts into what comes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from installation.control.easing import Easing, eased

JUMP = 0.2  # of the light: a larger step from one frame to the next would be seen as one
CUT = 0.1  # seconds: a change this short was asked to be a cut

Look = Sequence[str]
Shares = dict[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Seen:
    """The looks of a frame (see Shot); `jumps` if they do not go on from those of the last."""

    look: int = 0
    look_b: int | None = None
    look_from: int | None = None
    turn: float = 1.0
    jumps: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """How the change under way goes: see the rows /state/fade, /state/easing, /state/fade_held."""

    seconds: float
    easing: Easing = "smooth"
    held: bool = False


class Looks:
    """Follows the decks' looks, which are places in `looks`; None for a deck without a picture."""

    def __init__(self, looks: Sequence[Look]) -> None:
        self.all = looks
        self._decks: list[int | None] = [None, None]
        self._from: int | None = None
        self._turned = 1.0  # share of the turn's time that has gone
        self._change = Change(0.0)
        self._shares: Shares = {}

    def adopt(self, looks: Sequence[Look]) -> list[int | None]:
        """Follow other looks. Those that are seen come after them, so that they can be drawn on;
        returns the decks' places among all."""
        seen = [*self._decks, self._from]
        places = [None if place is None else len(looks) + i for i, place in enumerate(seen)]
        self.all = [*looks, *(() if place is None else self.all[place] for place in seen)]
        self._decks, self._from = places[:2], places[2]
        return list(self._decks)

    def step(
        self, decks: Sequence[int | None], crossfade: float, change: Change, dt: float
    ) -> Seen:
        """What is seen `dt` seconds on."""
        if not change.held:
            self._turned = min(self._turned + dt / max(self._change.seconds, 1e-6), 1.0)
        if crossfade in (0.0, 1.0):
            self._turn(self._decks[crossfade == 1.0], decks[crossfade == 1.0], change)
        self._decks = list(decks)
        seen = self._seen(crossfade)
        before, self._shares = self._shares, self._shares_of(seen, crossfade)
        jumps = change.seconds >= CUT and self._jump_from(before)
        return replace(seen, jumps=jumps)

    def _turn(self, old: int | None, new: int | None, change: Change) -> None:
        """The deck that is alone on the wall may have another look than before."""
        if old is not None and new is not None and self._chain(old) != self._chain(new):
            self._from, self._turned, self._change = old, 0.0, change

    def _seen(self, crossfade: float) -> Seen:
        a, b = (place or 0 for place in self._decks)
        came_from = self._from if self._turned < 1.0 else None
        turn = eased(self._change.easing, self._turned)
        if crossfade == 1.0:
            return Seen(b, None, came_from, turn)
        if crossfade == 0.0 or self._chain(a) == self._chain(b):
            return Seen(a, None, came_from, turn)
        return Seen(a, b)

    def _shares_of(self, seen: Seen, crossfade: float) -> Shares:
        """How much of the light each chain of passes finishes."""
        main = 1.0 - crossfade if seen.look_b is not None else 1.0
        main = seen.turn if seen.look_from is not None else main
        other = seen.look_b if seen.look_b is not None else seen.look_from
        shares = {self._chain(seen.look): main}
        if other is not None:
            shares[self._chain(other)] = shares.get(self._chain(other), 0.0) + 1.0 - main
        return shares

    def _jump_from(self, before: Shares) -> bool:
        looks = before.keys() | self._shares.keys() if before else ()
        return any(abs(before.get(k, 0.0) - self._shares.get(k, 0.0)) > JUMP for k in looks)

    def _chain(self, place: int) -> tuple[str, ...]:
        return tuple(self.all[place])
