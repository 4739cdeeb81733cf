"""Carries the cue list out on the table: its scenes, looks and values, gliding. No threads, no I/O.

Going down the list a cue moves what it names and nothing else. Called out of order (a jump, BACK,
the clock) it moves everything that any cue of the list names to where it would be had the list
been played down to it, as lighting desks track: BACK undoes, and a jump finds the same picture.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from installation.control.arbitration import Arbiter, Hand
from installation.control.cues import NONE, CueList
from installation.control.easing import Easing
from installation.control.parameters import Table
from installation.desk.glides import Glides
from installation.desk.scores import OWN_LOOK, Score, Scores
from installation.desk.standby import Standby, Waiting
from installation.show.cues import steps
from installation.show.saved import NEVER
from installation.show.schema import Show

log = logging.getLogger("desk")


class CuePlayer:
    """`wall` gives the local time of day; `wanted` is the scene that is asked for, by whomever.

    What waits in `standby` is what GO calls next, whatever the list says."""

    def __init__(
        self,
        show: Show,
        table: Table,
        arbiter: Arbiter,
        wall: Callable[[], datetime],
        standby: Standby | None = None,
    ) -> None:
        self.list = CueList(steps(show))
        self._table, self._arbiter, self._wall = table, arbiter, wall
        self._standby, self._names = standby, list(show.scenes)
        self._models = [scene.cast for scene in show.scenes.values()]
        self._looks = show.looks
        self._scores = Scores(show, table)
        self._row = table.index("/scene")
        self._glides = Glides(table, arbiter)
        self._scene: int | None = None  # what the current cue asks for
        self._look, self._look_for = OWN_LOOK, 0
        self.deck_looks = [OWN_LOOK, OWN_LOOK]
        self._hand = Hand.CUE
        self._anew = False

    @property
    def waiting(self) -> Waiting | None:
        """What GO calls before the list's next cue."""
        return self._standby.waiting if self._standby else None

    def go(self, hand: Hand, now: float) -> None:
        """Call what waits, else the next cue; or let a held one run on."""
        waiting = self.waiting
        if waiting and not self.list.held:
            if self.list.touched():
                self._send(waiting, hand, now)
            return
        self._call(self.list.go(), hand, "go")

    def clear(self, hand: Hand) -> None:
        """Take away what waits."""
        if self._standby and self.waiting:
            log.info("%s waits no more, by %s", self.waiting.title, hand.name.lower())
            self._standby.clear()

    def back(self, hand: Hand) -> None:
        """Call the cue above."""
        self._call(self.list.back(), hand, "back")

    def jump(self, hand: Hand, place: int) -> None:
        """Call any cue."""
        self._call(self.list.jump(place), hand, "jump")

    def hold(self, hand: Hand) -> None:
        """Stop the current cue's time, or let it run on."""
        self.list.hold()
        log.info("cues %s by %s", "held" if self.list.held else "run on", hand.name.lower())

    def stand(self) -> None:
        """Let go of everything: the picture is somebody else's until a cue is called."""
        self.list.stand()
        self._glides.stop()
        self._scene, self._look = None, OWN_LOOK

    def step(self, now: float, dt: float) -> None:
        """Move the table on by `dt` seconds, to `now`."""
        if self._standby:
            self._standby.step()
        calls = self.list.calls
        self.list.step(dt, self._wall())
        if self.list.calls != calls:
            self._hand = Hand.CUE  # called by itself: by the clock, or to follow
        if self.list.begun:
            self._begin(now)
        if self.list.current != NONE:
            easing = self.list.cues[self.list.current].easing
            self._glides.step(self.list.progress, easing, now)

    def holds(self, wanted: int) -> bool:
        """Whether the change to the wanted scene is a cue's that is held."""
        return self.list.held and wanted == self._scene

    def look(self, wanted: int) -> int:
        """The look that the wanted scene should have: a place in Show.looks, or OWN_LOOK."""
        if wanted != self._look_for:
            self._look, self._look_for = OWN_LOOK, wanted
        return self._look

    def looks(self, scenes: tuple[int, int], wanted: int) -> tuple[int, int]:
        """The looks of both decks, which play `scenes`: the one that does not play the wanted
        scene keeps what it had."""
        look = self.look(wanted)
        for deck, scene in enumerate(scenes):
            if scene == wanted:
                self.deck_looks[deck] = look
        return self.deck_looks[0], self.deck_looks[1]

    def fade(self, wanted: int, usual: float) -> tuple[float, Easing]:
        """Seconds and easing of a change to the wanted scene: the cue's if it asks for that."""
        if wanted != self._scene:
            self._scene = None
            return usual, "smooth"
        cue = self.list.cues[self.list.current]
        return cue.fade, cue.easing

    def standby(self, wanted: int) -> int:
        """The scene that GO goes to, if it needs another model than the wanted one; else NONE."""
        scene = self._place_of(self.waiting) if self.waiting else self._next_scene()
        same = scene is None or self._models[scene] == self._models[wanted]
        return NONE if same or scene is None else scene

    def _next_scene(self) -> int | None:
        """The scene of the list's next cue, None where it stays."""
        place = self.list.next
        if place == NONE:
            return None
        direct = place == self.list.current + 1
        return (self._scores.own if direct else self._scores.tracked)(place).scene

    def told(self) -> dict[str, float]:
        """The table's read-only rows about the list."""
        cues = self.list
        progress, follows = cues.progress, cues.follows_in
        return {
            "/state/cue": cues.current,
            "/state/cue_next": cues.next,
            "/state/cue_progress": progress,
            "/state/cue_follows": -1.0 if follows is None else follows,
            "/state/held": float(cues.held),
        }

    def status(self) -> dict[str, Any]:
        """The list for the status record."""
        cues, follows = self.list, self.list.follows_in
        names = [cue.name for cue in cues.cues]
        return {
            "list": names,
            "current": names[cues.current] if cues.current != NONE else None,
            "next": names[cues.next] if cues.next != NONE else None,
            "waiting": self.waiting.title if self.waiting else None,
            "held": cues.held,
            "progress": round(cues.progress, 3),
            "follows_in": None if follows is None else round(follows, 1),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on where a former desk was, or the machine before a power cut (`anew`)."""
        self._anew = bool(state.get("anew"))
        self.list.restore(state, self._anew)
        if self.list.current != NONE:
            score = self._scores.tracked(self.list.current)
            wanted = int(self._arbiter.values[self._row])
            self._look_for = wanted if score.scene is None else score.scene
            self._look = OWN_LOOK if score.look is None else score.look

    def take_over(self, former: "CuePlayer", places: Sequence[int]) -> None:
        """Go on from the player of another edition, whose scenes are at `places` now."""
        self.list.restore(former.list.state())
        chains = [former.look_chain(look) for look in (*former.deck_looks, former._look)]
        look_a, look_b, self._look = (self._place(chain) for chain in chains)
        self.deck_looks = [look_a, look_b]
        self._look_for = places[former._look_for]
        if former._scene is not None and self.list.current != NONE:
            self._scene = places[former._scene]

    def look_chain(self, look: int) -> list[str] | None:
        """The passes of a cue's look, None for OWN_LOOK."""
        return None if look == OWN_LOOK else self._looks[look]

    def _place(self, chain: list[str] | None) -> int:
        """Where a cue's look stands in this edition; OWN_LOOK where it has gone."""
        cues = range(len(self._models), len(self._looks))
        return next((place for place in cues if self._looks[place] == chain), OWN_LOOK)

    def _place_of(self, waiting: Waiting) -> int | None:
        """The scene that it wants to be gone in; None for whichever is wanted."""
        return self._names.index(waiting.scene) if waiting.scene in self._names else None

    def _send(self, waiting: Waiting, hand: Hand, now: float) -> None:
        """What waits goes to the wall, in the time of an ordinary change of scene."""
        assert self._standby
        self._hand, self._scene = hand, None
        if (place := self._place_of(waiting)) is not None:
            self._to_scene(place, now)
        self._standby.send()
        log.info("go by %s: %s", hand.name.lower(), waiting.title)

    def _call(self, done: bool, hand: Hand, how: str) -> None:
        if done:
            self._hand = hand
            log.info("%s by %s: %s", how, hand.name.lower(), self._title(self.list.current))

    def _title(self, place: int) -> str:
        return f"cue {self.list.cues[place].name} ({place + 1} of {len(self.list.cues)})"

    def _begin(self, now: float) -> None:
        """The current cue's fade begins."""
        place = self.list.current
        score = (self._scores.own if self.list.direct else self._scores.tracked)(place)
        self._set_scene(score, now)
        goals = {row: goal for row, goal in score.values.items() if not self._spared(row)}
        self._glides.begin(goals, self.list.progress, now)
        self._anew = False
        log.info("%s begins, %g s", self._title(place), self.list.cues[place].fade)

    def _spared(self, row: int) -> bool:
        """Whether a row is left alone, as after a power cut a blackout is."""
        return self._anew and self._table.rows[row].address in NEVER

    def _set_scene(self, score: Score, now: float) -> None:
        if score.scene is not None:
            self._to_scene(score.scene, now)
            self._scene = self._look_for = score.scene
        if score.look is not None:
            self._look = score.look

    def _to_scene(self, scene: int, now: float) -> None:
        """A press is meant: it acts now, even where a stronger hand holds the scene."""
        automatic = self._hand is Hand.CUE
        holder = Hand(int(self._arbiter.holder[self._row]))
        hand = Hand.CUE if automatic else max(self._hand, holder)
        self._arbiter.touch(hand, self._row, scene, now)
