"""Planned restarts: at a chosen hour, or before a process that grows meets its limit. Pure.

One process after the other. A deck that is seen is first faded away from: the desk is asked to
bring its scene on the other deck, and only the deck that then sleeps is ended. What cannot be faded
away from is not restarted.
"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

NIGHTLY = ("deck_b", "deck_a", "desk")
SHARE = 0.8  # of the limit: there a process is replaced while all is still well
AGAIN = 600.0  # seconds until a process that still grows is replaced once more
NIGHT = 6 * 3600.0  # seconds between two nightly rounds, whatever the wall clock does meanwhile
DAY = 24 * 3600
LATEST = 3600  # seconds after the hour in which a round may still begin
SETTLE = 5.0  # seconds between the start of one and the next one's turn
PATIENCE = 300.0  # seconds to fade away from a deck: a large model loads meanwhile
ASLEEP = -1

Records = Mapping[str, Mapping[str, Any]]


class Nightly:
    """Whether the nightly round is due: when a wall clock passes the hour."""

    def __init__(self) -> None:
        self._since: int | None = None  # seconds after the hour, at the last look
        self._last = -NIGHT

    def due(self, now: float, wall: datetime, at: time | None) -> bool:
        """Whether to begin now; `now` is monotonic. A show that starts after the hour, or a clock
        that jumps far over it, waits for the next day."""
        before = self._since
        self._since = (_seconds(wall.time()) - _seconds(at)) % DAY if at else None
        passed = before is not None and self._since is not None and before > DAY // 2
        if not passed or (self._since or 0) > LATEST or now - self._last < NIGHT:
            return False
        self._last = now
        return True


class Renewals:
    """The processes that wait for their planned restart, and whose turn it is."""

    def __init__(self) -> None:
        self._waiting: dict[str, str] = {}  # the process, and why
        self._asked: tuple[str, float] | None = None
        self._renewed: dict[str, float] = {}
        self._settled = 0.0

    def add(self, name: str, why: str) -> None:
        """Restart this one when its turn comes."""
        self._waiting.setdefault(name, why)

    def weigh(self, sizes: Mapping[str, float], limit: float, now: float) -> None:
        """Have every deck and desk replaced that takes SHARE of `limit` megabytes."""
        for name in NIGHTLY:
            size = sizes.get(name, 0.0)
            if size > SHARE * limit and not self._fresh(name, now):
                self.add(name, f"it takes {size:.0f} of {limit:.0f} MB")

    def improve(self, records: Records, now: float) -> None:
        """Have every deck replaced that says what would play its model better."""
        for name, record in records.items():
            if (why := record.get("better")) and not self._fresh(name, now):
                self.add(name, str(why))

    def _fresh(self, name: str, now: float) -> bool:
        return now - self._renewed.get(name, -AGAIN) < AGAIN

    @property
    def wanted(self) -> str | None:
        """The deck that the desk should fade away from, None if none waits."""
        name = self._asked[0] if self._asked else None
        return name if name in self._waiting and name != "desk" else None

    def step(self, records: Records, now: float) -> tuple[str, str] | None:
        """The process to restart now, and why; None most of the time."""
        if not self._waiting or now < self._settled:
            return None
        name, why = next(iter(self._waiting.items()))
        if not self._asked or self._asked[0] != name:
            self._asked = name, now
        if name == "desk" or records[name].get("scene") == ASLEEP:
            del self._waiting[name]
            self._asked, self._renewed[name], self._settled = None, now, now + SETTLE
            return name, why
        if now - self._asked[1] > PATIENCE:
            del self._waiting[name]
            self._asked, self._renewed[name] = None, now
        return None


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
