"""The cue list as a machine: which cue stands, which is next, and when the next goes by itself.

    GO ─► waiting ─ wait over ─► fading ─ fade over ─► standing ─ follow over ─► the next cue's GO
             └──────────────── HOLD stops the time of all three, GO or HOLD lets it run on

Pure: seconds since the last step and the wall clock come in. Times are counted by the machine
itself, so that a hold costs nothing and a desk that is started again goes on in the middle.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from installation.control.easing import Easing

NONE = -1  # no cue: none has been called yet, or there is none to come
BOUNCE = 0.25  # seconds: a second GO within them is the same finger, or a second one on the cue
LOOK_BACK = timedelta(days=1)  # a clock cue that was missed for longer is not made good
SET_BACK = timedelta(hours=3)  # a clock set back by less (summer time) does not call a cue twice


@dataclass(frozen=True, slots=True)
class Cue:
    """One entry of the list. Times in seconds; `follow` and `at` are None where nobody waits.

    `then` is the place of the cue that comes next, None for the one below."""

    name: str
    fade: float = 4.0
    wait: float = 0.0
    follow: float | None = None
    at: time | None = None
    then: int | None = None
    easing: Easing = "smooth"


class CueList:
    """Walks through `cues`. `current` is the place of the cue that was called last, NONE before."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        self.cues = cues
        self.current = NONE
        self.time = 0.0  # seconds since it was called, holds not counted
        self.held = False
        self.calls = 0  # how often a cue was called, by whomever
        self.begun = False  # whether the last step began the current cue's fade
        self.direct = True  # whether the current cue follows the one before it in the list's order
        self._waiting = False
        self._following = True
        self._since_go = BOUNCE
        self._seen: datetime | None = None

    def go(self) -> bool:
        """Call the next cue, or let a held one run on. False for a bounce, or at the list's end."""
        if not self.touched() or (not self.held and self.next == NONE):
            return False
        if self.held:
            self.held = False
        else:
            self._call(self.next, direct=self.next == self.current + 1)
        return True

    def touched(self) -> bool:
        """Note a GO; False for the bounce of the one before."""
        bounced = self._since_go < BOUNCE
        self._since_go = 0.0
        return not bounced

    def back(self) -> bool:
        """Call the cue above the current one; False where there is none."""
        return self.current > 0 and self.jump(self.current - 1)

    def jump(self, place: int) -> bool:
        """Call any cue; False if the list has no such place."""
        if not 0 <= place < len(self.cues):
            return False
        self._call(place, direct=False)
        return True

    def hold(self) -> None:
        """Stop the time of the current cue, or let it run on."""
        self.held = not self.held and self.current != NONE

    def stand(self) -> None:
        """Let nothing happen by itself until somebody, or the clock, calls a cue."""
        self.held = self._waiting = self._following = False

    def step(self, dt: float, wall: datetime) -> None:
        """`dt` seconds on; `wall` is the local time of day, with its date."""
        self.begun = False
        self._since_go += dt
        due = self._due(wall)
        if self.held:
            return
        if due != NONE:
            self._call(due, direct=False)
        if self.current == NONE:
            return
        self.time += dt
        if self.follows_in == 0.0 and self.next != NONE:
            self._call(self.next, direct=self.next == self.current + 1)
        if self._waiting and self.time >= self._cue.wait:
            self._waiting, self.begun = False, True

    @property
    def next(self) -> int:
        """The place of the cue that GO calls, NONE at the end of the list."""
        if not self.cues:
            return NONE
        if self.current != NONE and self._cue.then is not None:
            return self._cue.then
        return self.current + 1 if self.current + 1 < len(self.cues) else NONE

    @property
    def progress(self) -> float:
        """How much of the fade's time has gone, 0 to 1; 1 when no cue has been called."""
        if self.current == NONE:
            return 1.0
        gone, fade = self.time - self._cue.wait, self._cue.fade
        return min(max(gone / fade, 0.0), 1.0) if fade > 0 else float(gone >= 0.0)

    @property
    def follows_in(self) -> float | None:
        """Seconds of the cue's own time until the next goes by itself, None if it does not."""
        if self.current == NONE or not self._following or self._cue.follow is None:
            return None
        return max(self._cue.wait + self._cue.fade + self._cue.follow - self.time, 0.0)

    def state(self) -> dict[str, Any]:
        """What a successor needs to go on from here, JSON types only."""
        return {
            "name": self._cue.name if self.current != NONE else "",
            "time": round(self.time, 3),
            "held": self.held,
            "following": self._following,
            "seen": self._seen.isoformat(timespec="seconds") if self._seen else "",
        }

    def restore(self, state: Mapping[str, Any], anew: bool = False) -> None:
        """Go on where `state` was left; a cue that the list no longer has is left out.

        A fade that was under way begins again from what is there, in the time that it had left.
        `anew` (after a power cut) begins also one that was over, and holds nothing."""
        self._seen = _moment(state.get("seen"))
        names = [cue.name for cue in self.cues]
        if state.get("name") not in names:
            return
        self.current, self.direct = names.index(state["name"]), False
        self.time = max(float(state.get("time", 0.0)), 0.0)
        self.held = bool(state.get("held")) and not anew
        self._following = bool(state.get("following", True))
        self._waiting = anew or self.progress < 1.0

    @property
    def _cue(self) -> Cue:
        return self.cues[self.current]

    def _call(self, place: int, direct: bool) -> None:
        self.current, self.time, self.direct = place, 0.0, direct
        self.calls += 1
        self.held, self._waiting, self._following = False, True, True

    def _due(self, wall: datetime) -> int:
        """The clock cue whose time has come since the last look: of several the latest one, for
        a clock that was set, or a night without power, must not replay the day."""
        before = self._seen or wall
        far_back = before - wall > SET_BACK
        self._seen = wall if far_back else max(before, wall)
        since = max(before, wall - LOOK_BACK)
        missed = [(at, place) for place, at in self._moments(wall) if since < at <= wall]
        return max(missed, default=(wall, NONE))[1]

    def _moments(self, wall: datetime) -> Iterator[tuple[int, datetime]]:
        """When each clock cue is due, yesterday and today."""
        for place, cue in enumerate(self.cues):
            for day in (wall.date() - LOOK_BACK, wall.date()):
                if cue.at is not None:
                    yield place, datetime.combine(day, cue.at)


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except (TypeError, ValueError):
        return None
