"""When a child is given up, and how soon it is started again. Pure: times and events come in.

States of a child: starting (no record yet) -> loading (says so) -> working (its beat must move).
"""

from collections import deque
from dataclasses import dataclass, field

START_LIMIT = 30.0  # seconds to the first record: imports from a cold disk
LOADING_LIMIT = 90.0  # seconds a model may take: a slow disk is no hang
HANG_LIMIT = 2.0  # seconds without work done
CROWDED, CROWD = 120.0, 5  # this many ends within that many seconds are a crash loop
PATIENCE = 60.0  # seconds between two tries of a crash loop
# Of the stage's, none would be too many: a display may come back at any moment.
PATIENCE_WITH = {"stage": 1.0, "desk": 10.0}
STEADY = 120.0  # seconds of life after which a crash loop is over
BURIAL = 5.0  # seconds a killed process may take to be gone (a driver may hold it)
CARD_AGAIN = 600.0  # seconds a deck plays without a graphics card that was lost twice
GAP = 0.5  # seconds the watcher itself may sleep before its own stall excuses the children


class Restarts:
    """At once the first times, then patiently, but for ever."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._ends: deque[float] = deque(maxlen=CROWD)
        self._begun = 0.0
        self._tries = 0  # patient ones, in this crash loop
        self.count = 0

    def ended(self, now: float) -> float:
        """A child ended at `now`; when it should be started again."""
        if now - self._begun > STEADY:
            self._tries = 0
        self._ends.append(now)
        self.count += 1
        if self._tries or self._crowded(now):
            self._tries += 1
        self._begun = now + self._patience if self._tries else now
        return self._begun

    @property
    def crash_loop(self) -> bool:
        """Whether the child falls as fast as it is put up."""
        return self._tries > 0

    @property
    def safe(self) -> bool:
        """Whether the next try should leave aside what was saved: from the second patient one on,
        for it may be what the child falls over."""
        return self._tries > 1

    def _crowded(self, now: float) -> bool:
        return len(self._ends) == CROWD and now - self._ends[0] <= CROWDED


class Card:
    """Whether the next deck may use the graphics card. A driver often has it back at once; one that
    was lost twice within CROWDED seconds is left alone for a while, and the processor plays."""

    def __init__(self) -> None:
        self._lost: deque[float] = deque(maxlen=2)

    def lost(self, now: float) -> None:
        """A deck has lost it."""
        self._lost.append(now)

    def usable(self, now: float) -> bool:
        """Whether to try it in a deck that starts at `now`."""
        if len(self._lost) < 2 or self._lost[1] - self._lost[0] > CROWDED:
            return True
        return now - self._lost[1] > CARD_AGAIN


@dataclass
class Watch:
    """Looks at one child's records and says when it hangs. One a life of the child."""

    started: float
    _beat: int = -1
    _moved: float = field(default=0.0)
    _looked: float = field(default=0.0)

    def verdict(self, pid: int, record: dict[str, object], now: float) -> str | None:
        """Why the child must go, or None. `record` may still be its predecessor's."""
        stalled, self._looked = now - self._looked > GAP, now
        if stalled:  # the watcher slept (a suspended machine): nobody is to blame
            self.started = self._moved = now
        if record.get("pid") != pid:
            return _over("gave no sign", now - self.started, START_LIMIT)
        if record.get("beat") != self._beat or self._moved == 0.0:
            self._beat, self._moved = int(str(record.get("beat"))), now
        if record.get("loading"):
            return _over("was loading", now - self._moved, LOADING_LIMIT)
        return _over("did no work", now - self._moved, HANG_LIMIT)


def _over(what: str, seconds: float, limit: float) -> str | None:
    return f"{what} for {seconds:.1f} s" if seconds > limit else None
