"""What the next frame should be: from controls, pictures and time to a Shot. No drawing here."""

import math
from collections.abc import Sequence
from typing import Protocol

from installation.control.state import StateReader
from installation.frames.header import Header
from installation.stage.fallback import DISSOLVE, Fallback, smoothstep
from installation.stage.master import Master
from installation.stage.renderer import Shot
from installation.stage.timeline import Timeline

INTERVAL_SHARE = 0.1  # of the newest interval between presents, in their running mean


class Deck(Protocol):
    """What is asked of a deck's pictures."""

    header: Header | None
    timeline: Timeline


class Programme:
    """Follows the decks and the controls, frame by frame. All times are monotonic seconds."""

    def __init__(
        self,
        decks: Sequence[Deck],
        looks: Sequence[Sequence[str]],
        start: float,
        edition: int = 0,
    ) -> None:
        self._decks = decks
        self._looks = list(looks)
        self.edition = edition
        self._start = start
        self._deck_looks: list[int | None] = [None, None]
        self._look_from: int | None = None
        self._turn_at, self._turn_for = -math.inf, DISSOLVE
        self._frozen = False
        self.fallback = Fallback()
        self.master = Master()
        self.crossfade = 0.0
        self.interval = 1.0 / 60.0  # running mean between presents

    def next(self, now: float, controls: StateReader, film: bool = False) -> tuple[Shot, bool]:
        """The Shot for `now`, and whether the canvas must be remembered before it is drawn.

        `film` tells whether there is an idle film of the wanted scene."""
        self.crossfade = self._possible(controls["/state/crossfade"])
        timeline = self.main.timeline
        arrived = self.fallback.step(now, timeline.age(now), timeline.interval, film)
        thawed = self._thawed(controls["/master/freeze"] > 0.5)
        if thawed:
            self.fallback.dissolve(now)
        self._follow_looks(now, controls["/scene/fade"])
        look, look_b, look_from, turn = self._looks_now(now)
        light = self.master.step(
            now, controls["/master/brightness"], controls["/master/blackout"] > 0.5
        )
        shot = Shot(
            time=now - self._start,
            values=controls.values,
            blend=self._blend(now),
            crossfade=self.crossfade,
            look=look,
            look_b=look_b,
            look_from=look_from,
            turn=turn,
            light=light,
            ghost=self.fallback.ghost(now),
            drift=self.fallback.drift,
            frozen=self._frozen or self.main.header is None,
        )
        return shot, thawed or arrived

    def adopt(self, looks: Sequence[Sequence[str]], edition: int) -> list[Sequence[str]]:
        """Follow another edition of the show; the looks to draw by from now on.

        Those on the wall come last, and stand until a picture of that edition is here."""
        seen = [*self._deck_looks, self._look_from]
        places = [None if place is None else len(looks) + i for i, place in enumerate(seen)]
        self._looks = [*looks, *map(self._chain, seen)]
        self._deck_looks, self._look_from = places[:2], places[2]
        self.edition = edition
        return self._looks

    def presented(self, interval: float) -> None:
        """A frame was presented `interval` seconds after the one before."""
        self.interval += (interval - self.interval) * INTERVAL_SHARE

    @property
    def main(self) -> Deck:
        """The deck that is seen most."""
        return self._decks[1 if self.crossfade > 0.5 else 0]

    @property
    def visible(self) -> list[Deck]:
        """The decks that are seen at all and have a picture."""
        seen = (self.crossfade < 1.0, self.crossfade > 0.0)
        return [deck for deck, yes in zip(self._decks, seen, strict=True) if yes and deck.header]

    def _possible(self, crossfade: float) -> float:
        """A deck that has never had a picture cannot be faded to."""
        a, b = self._decks
        if a.header is None or b.header is None:
            return float(a.header is None and b.header is not None)
        return min(max(crossfade, 0.0), 1.0)

    def _blend(self, now: float) -> tuple[float, float]:
        a, b = (deck.timeline.weight(now, self.interval) for deck in self._decks)
        return a, b

    def _thawed(self, freeze: bool) -> bool:
        """Whether a freeze has ended: that would jump, so it dissolves."""
        thawed, self._frozen = self._frozen and not freeze, freeze
        return thawed

    def _follow_looks(self, now: float, seconds: float) -> None:
        """Take each deck's look from its newest picture. A deck that is seen turns from one to the
        other; what is not seen, or crosses over anyway, has nothing to turn."""
        for place, deck in enumerate(self._decks):
            old, new = self._deck_looks[place], self._scene(deck, self._deck_looks[place])
            self._deck_looks[place] = new
            alone = self.crossfade in (0.0, 1.0) and deck is self.main
            if alone and None not in (old, new) and self._chain(old) != self._chain(new):
                self._look_from, self._turn_at, self._turn_for = old, now, max(seconds, DISSOLVE)

    def _looks_now(self, now: float) -> tuple[int, int | None, int | None, float]:
        """A Shot's look, look_b, look_from and turn."""
        a, b = (place or 0 for place in self._deck_looks)
        turn = smoothstep((now - self._turn_at) / self._turn_for)
        came_from = self._look_from if turn < 1.0 else None
        if self._chain(a) == self._chain(b) or self.crossfade == 0.0:
            return a, None, came_from, turn
        if self.crossfade == 1.0:
            return b, None, came_from, turn
        return a, b, None, 1.0

    def _scene(self, deck: Deck, known: int | None) -> int | None:
        header = deck.header
        if not header or header.edition != self.edition or header.scene >= len(self._looks):
            return known
        return header.scene

    def _chain(self, scene: int | None) -> Sequence[str]:
        return self._looks[scene or 0]
