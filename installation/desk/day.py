"""The show's day at the desk: from opening hours and the hand on them to light and switches."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from installation.control.schedule import DAYS, Dimmer, Hours, Keeping, Opening, in_zone, local
from installation.desk.switching import Switching
from installation.outputs.power import switches
from installation.show.schedule import Schedule
from installation.show.schema import Show

PERIOD = 0.5  # seconds between two looks at the clock
JUMP = 2.0  # seconds by which the wall clock may differ from the steady one unremarked
FADE = 4.0  # seconds, where no schedule says otherwise

log = logging.getLogger("day")

Wall = Callable[[], float]  # seconds since 1970, as time.time


class Day:
    """What the desk asks once a tick. `now` is monotonic seconds, `wall` what the clock says."""

    def __init__(self, show: Show, wall: Wall, switching: Switching | None = None) -> None:
        self._wall = wall
        self._dimmer = Dimmer()
        self._due = 0.0
        self._offset: float | None = None
        self._opening: Opening | None = None
        self._schedule: Schedule | None = show.schedule
        self._keeping = Keeping(hours(show.schedule))
        self._switching = switching or Switching(switches(show.schedule))

    def adopt(self, show: Show) -> None:
        """Go by another edition of the show from now on; the light goes on from where it is."""
        if show.schedule == self._schedule:
            return
        self._schedule, self._keeping = show.schedule, Keeping(hours(show.schedule))
        self._switching.close()
        self._switching, self._due = Switching(switches(show.schedule)), 0.0

    def step(self, order: int, now: float, dt: float) -> tuple[float, bool]:
        """The light at `now`, 0 to 1, and whether the hand's order (/day/open) is over."""
        over = False
        if now >= self._due:
            self._due = now + PERIOD
            over = self._look(order, now)
        is_open = self._opening is None or self._opening.open
        light = self._dimmer.step(is_open, self._fade, dt)
        if self._schedule:
            self._switching.order(is_open or light > 0.0)
        return light, over

    def status(self) -> dict[str, Any]:
        """For the status record. `until` is the next change, ISO 8601 in UTC, None for none."""
        opening = self._opening
        return {
            "open": opening.open if opening else True,
            "why": opening.why if opening else "",
            "until": opening.until.isoformat() if opening and opening.until else None,
            "light": round(self._dimmer.light if self._dimmer.light is not None else 1.0, 3),
            "switches": self._switching.status(),
        }

    def close(self) -> None:
        """Let go of the switches, as they are."""
        self._switching.close()

    @property
    def _fade(self) -> float:
        return self._schedule.fade if self._schedule else FADE

    def _look(self, order: int, now: float) -> bool:
        wall = self._wall()
        self._remark_jump(wall - now)
        found, over = self._keeping.step(order, datetime.fromtimestamp(wall, UTC))
        known = self._opening
        if known is None or (found.open, found.why) != (known.open, known.why):
            log.info("%s", _sentence(found))
        self._opening = found
        return over

    def _remark_jump(self, offset: float) -> None:
        if self._offset is not None and abs(offset - self._offset) > JUMP:
            log.warning(
                "the clock jumped by %.0f s; the day is reckoned anew", offset - self._offset
            )
        self._offset = offset


def hours(schedule: Schedule | None) -> Hours | None:
    """A schedule's opening hours; None for a show that never closes."""
    if schedule is None or schedule.open is None or schedule.close is None:
        return None
    to_utc = in_zone(ZoneInfo(schedule.timezone)) if schedule.timezone else local
    days = frozenset(DAYS.index(day) for day in schedule.days)
    return Hours(schedule.open, schedule.close, days, frozenset(schedule.closed), to_utc)


def _sentence(opening: Opening) -> str:
    until = f" until {opening.until.astimezone():%a %d %b %H:%M}" if opening.until else ""
    return f"{'open' if opening.open else 'closed'}{until}: {opening.why}"
