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
GAP = 0.5  # seconds the watcher itself may sleep before its own stall excuses the children


class Restarts:
    """At once the first times, then patiently, but for ever."""

    def __init__(self) -> None:
        self._ends: deque[float] = deque(maxlen=CROWD)
        self.count = 0

    def ended(self, now: float) -> float:
        """A child ended at `now`; when it should be started again."""
        self._ends.append(now)
        self.count += 1
        return now + PATIENCE if self.crash_loop(now) else now

    def crash_loop(self, now: float) -> bool:
        """Whether the child falls as fast as it is put up."""
        return len(self._ends) == CROWD and now - self._ends[0] <= CROWDED


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
        if stalled:
            self._moved = now  # the watcher slept (a suspended machine): nobody is to blame
        if record.get("pid") != pid:
            return _over("gave no sign", now - self.started, START_LIMIT)
        if record.get("beat") != self._beat or self._moved == 0.0:
            self._beat, self._moved = int(str(record.get("beat"))), now
        if record.get("loading"):
            return _over("was loading", now - self._moved, LOADING_LIMIT)
        return _over("did no work", now - self._moved, HANG_LIMIT)


def _over(what: str, seconds: float, limit: float) -> str | None:
    return f"{what} for {seconds:.1f} s" if seconds > limit else None
