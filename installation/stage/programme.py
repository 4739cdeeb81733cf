"""What the next frame should be: from controls, pictures and time to a Shot. No drawing here."""

from collections.abc import Sequence
from typing import Protocol

from installation.control.easing import EASINGS
from installation.control.state import StateReader
from installation.frames.header import Header
from installation.show.framing import Frame
from installation.stage.fallback import LONGEST_STEP, Fallback, smoothstep
from installation.stage.looks import Change, Look, Looks, Seen
from installation.stage.master import Master
from installation.stage.orbit import orbit
from installation.stage.shot import Shot
from installation.stage.timeline import Timeline

ASLEEP = -1
INTERVAL_SHARE = 0.1  # of the newest interval between presents, in their running mean


class Deck(Protocol):
    """What is asked of a deck's pictures."""

    header: Header | None
    timeline: Timeline
    frame: Frame


class Programme:
    """Follows the decks and the controls, frame by frame. All times are monotonic seconds.

    `looks` are the scenes', `scenes` of them (None: all), and then those that cues bring along;
    `frames` say how the scenes' pictures lie on the canvas (none: every one fills it)."""

    def __init__(
        self,
        decks: Sequence[Deck],
        looks: Sequence[Look],
        start: float,
        edition: int = 0,
        scenes: int | None = None,
        frames: Sequence[Frame] = (),
    ) -> None:
        self._decks, self._frames = decks, frames
        self._start = self._then = start
        self._looks = Looks(looks)
        self._count(looks, edition, scenes)
        self._known: list[int | None] = [None, None]
        self._frozen = False
        self._sizes: list[tuple[int, int] | None] = [None, None]
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
        resized = self._resized() | self._framed()
        if thawed or resized:
            self.fallback.dissolve(now)
        seen = self._follow_looks(now, controls)
        if seen.jumps:
            self.fallback.dissolve(now)
        brightness = controls["/master/brightness"] * smoothstep(controls["/state/light"])
        light = self.master.step(now, brightness, controls["/master/blackout"] > 0.5)
        shot = Shot(
            time=now - self._start,
            values=controls.values,
            blend=self._blend(now),
            crossfade=self.crossfade,
            look=seen.look,
            look_b=seen.look_b,
            look_from=seen.look_from,
            turn=seen.turn,
            light=light,
            ceiling=controls["/master/ceiling"],
            ghost=self.fallback.ghost(now),
            drift=orbit(now - self._start, controls["/master/orbit"], self.fallback.drift),
            frozen=self._frozen or self.main.header is None,
        )
        return shot, thawed or arrived or resized or seen.jumps

    def adopt(
        self,
        looks: Sequence[Look],
        edition: int,
        scenes: int | None = None,
        frames: Sequence[Frame] = (),
    ) -> Sequence[Look]:
        """Follow another edition of the show; the looks to draw by from now on.

        Those on the wall come last, and stand until a picture of that edition is here."""
        self._frames = frames
        self._count(looks, edition, scenes)
        self._known = self._looks.adopt(looks)
        return self._looks.all

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

    def _count(self, looks: Sequence[Look], edition: int, scenes: int | None) -> None:
        self._places, self.edition = len(looks), edition
        self._scenes = self._places if scenes is None else scenes

    def _resized(self) -> bool:
        """Whether a deck that is seen has changed to pictures of another size: another network."""
        before = self._sizes
        headers = [deck.header for deck in self._decks]
        self._sizes = [(each.width, each.height) if each else None for each in headers]
        return any(
            None not in (old, new) and old != new and deck in self.visible
            for deck, old, new in zip(self._decks, before, self._sizes, strict=True)
        )

    def _framed(self) -> bool:
        """Give every deck the frame of its newest picture's scene; whether one that is seen has
        another than before."""
        seen, before = self.visible, [deck.frame for deck in self._decks]
        for deck in self._decks:
            header = deck.header
            if header and header.edition == self.edition and header.scene < len(self._frames):
                deck.frame = self._frames[header.scene]
        pairs = zip(self._decks, before, strict=True)
        return any(deck.frame != old and deck in seen for deck, old in pairs)

    def _follow_looks(self, now: float, controls: StateReader) -> Seen:
        dt, self._then = min(now - self._then, LONGEST_STEP), now
        self._known = [self._look(place, controls) for place in (0, 1)]
        return self._looks.step(self._known, self.crossfade, self._change(controls), dt)

    def _change(self, controls: StateReader) -> Change:
        easing = list(EASINGS)[int(controls["/state/easing"])]
        return Change(controls["/state/fade"], easing, controls["/state/fade_held"] > 0.5)

    def _look(self, place: int, controls: StateReader) -> int | None:
        """A deck's look: its newest picture's scene's, or the one that a cue brought along."""
        header, letter = self._decks[place].header, "ab"[place]
        foreign = header is not None and header.edition != self.edition
        if header is None or foreign or header.scene >= self._scenes:
            return self._known[place]
        told = int(controls[f"/state/deck_{letter}"])
        if self._known[place] is not None and told not in (ASLEEP, header.scene):
            return self._known[place]  # pictures of the scene before: they keep their look
        asked = int(controls[f"/state/look_{letter}"])
        return asked if self._scenes <= asked < self._places else header.scene
