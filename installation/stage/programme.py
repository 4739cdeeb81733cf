"""What the next frame should be: from controls, pictures and time to a Shot. No drawing here."""

from collections.abc import Sequence
from typing import Protocol

from installation.control.state import StateReader
from installation.frames.header import Header
from installation.stage.fallback import Fallback
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

    def __init__(self, decks: Sequence[Deck], looks: Sequence[Sequence[str]], start: float) -> None:
        self._decks = decks
        self._looks = looks
        self._start = start
        self._look = 0
        self._frozen = False
        self.fallback = Fallback()
        self.master = Master()
        self.crossfade = 0.0
        self.interval = 1.0 / 60.0  # running mean between presents

    def next(self, now: float, controls: StateReader) -> tuple[Shot, bool]:
        """The Shot for `now`, and whether the canvas must be remembered before it is drawn."""
        self.crossfade = self._possible(controls["/state/crossfade"])
        timeline = self.main.timeline
        arrived = self.fallback.step(now, timeline.age(now), timeline.interval)
        remember = self._turned(now, controls["/master/freeze"] > 0.5) or arrived
        light = self.master.step(
            now, controls["/master/brightness"], controls["/master/blackout"] > 0.5
        )
        shot = Shot(
            time=now - self._start,
            values=controls.values,
            blend=self._blend(now),
            crossfade=self.crossfade,
            look=self._look,
            light=light,
            ghost=self.fallback.ghost(now),
            drift=self.fallback.drift,
            frozen=self._frozen or self.main.header is None,
        )
        return shot, remember

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

    def _turned(self, now: float, freeze: bool) -> bool:
        """Whether the look has changed or a freeze has ended: both would jump, so both dissolve."""
        look = self._scene()
        changed = self._chain(look) != self._chain(self._look)
        thawed = self._frozen and not freeze
        self._look, self._frozen = look, freeze
        if changed or thawed:
            self.fallback.dissolve(now)
        return changed or thawed

    def _scene(self) -> int:
        header = self.main.header
        return header.scene if header and header.scene < len(self._looks) else self._look

    def _chain(self, scene: int) -> Sequence[str]:
        return self._looks[scene]
