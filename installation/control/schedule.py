"""Opening hours: whether the show is open at a moment, when that ends, and why. Pure.

Everything is asked afresh from the wall clock each time, so a clock that jumps (a time server, a
flat battery that says 1970) is simply believed at the next look: nothing is replayed, nothing is
waited out. Daylight saving: an hour that a clock skips comes at the moment it would have come, an
hour that comes twice counts the first time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FORESIGHT = 400  # days that are searched for the next opening
_DAY = timedelta(days=1)
_SKEW = timedelta(days=2)  # a day's hours in UTC lie within this of its date

ToUtc = Callable[[datetime], datetime]


def local(moment: datetime) -> datetime:
    """A naive time of this machine's own zone, in UTC."""
    return moment.astimezone(UTC)


def in_zone(zone: tzinfo) -> ToUtc:
    """A naive time of `zone`, in UTC."""
    return lambda moment: moment.replace(tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a show is open. One that closes at or before it opens closes the day after.

    `days` are numbers as `date.weekday()` gives them; a night belongs to the day it began on."""

    opens: time
    closes: time
    days: frozenset[int] = frozenset(range(7))
    closed: frozenset[date] = field(default_factory=frozenset)
    to_utc: ToUtc = local

    def at(self, now: datetime) -> "Opening":
        """How it stands at `now`, an aware time."""
        now = now.astimezone(UTC)
        for begin, end in self._spans(now):
            if begin <= now < end:
                return Opening(True, end, "opening hours")
            if now < begin:
                return Opening(False, begin, self._why(now))
        return Opening(False, None, "no day on which it opens is near")

    def _spans(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = (now - _SKEW).date()
        for ahead in range(FORESIGHT):
            day = first + ahead * _DAY
            if day.weekday() in self.days and day not in self.closed:
                last = day if self.closes > self.opens else day + _DAY
                begin, end = self._moment(day, self.opens), self._moment(last, self.closes)
                if begin < end:  # not so where the clock skips all of it
                    yield begin, end

    def _moment(self, day: date, at: time) -> datetime:
        return self.to_utc(datetime.combine(day, at))

    def _why(self, now: datetime) -> str:
        """The day is the one whose midnight was last, where the show is."""
        day = (now + _DAY).date()
        while self._moment(day, time()) > now:
            day -= _DAY
        if day in self.closed:
            return "a closed day"
        return "outside opening hours" if day.weekday() in self.days else "closed on this weekday"


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether it is open, the moment (UTC) that next changes it, and why it is so."""

    open: bool
    until: datetime | None
    why: str


ALWAYS = Opening(True, None, "no opening hours")
CLOCK, BY_HAND_OPEN, BY_HAND_CLOSED = range(3)  # the choices of /day/open


class Keeping:
    """Opening hours with a hand on them: what a person ordered holds until the next edge."""

    def __init__(self, hours: Hours | None) -> None:
        self.hours = hours
        self._ordered: tuple[int, datetime | None] | None = None

    def step(self, order: int, now: datetime) -> tuple[Opening, bool]:
        """How it stands, with `order` one of CLOCK and BY_HAND_…, and whether the order is over."""
        found = self.hours.at(now) if self.hours else ALWAYS
        if order == CLOCK:
            self._ordered = None
            return found, False
        if self._ordered is None or self._ordered[0] != order:
            self._ordered = order, found.until
        until = self._ordered[1]
        if until is not None and now >= until:
            self._ordered = None
            return found, True
        wanted = order == BY_HAND_OPEN
        return Opening(wanted, until, f"{'opened' if wanted else 'closed'} by hand"), False


class Dimmer:
    """The light of the day: 1 while open, 0 while closed, a straight line between."""

    def __init__(self) -> None:
        self.light: float | None = None  # before the first look nothing fades

    def step(self, is_open: bool, fade: float, dt: float) -> float:
        """The light `dt` seconds on. A whole fade takes `fade` seconds."""
        goal = 1.0 if is_open else 0.0
        if self.light is None or fade <= 0:
            self.light = goal
        step = dt / fade if fade > 0 else 1.0
        self.light = min(max(goal, self.light - step), self.light + step)
        return self.light
