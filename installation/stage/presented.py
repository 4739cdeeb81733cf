"""What the stage counts of its presents: how many, how far apart, how old what they showed."""

from installation.clock import Clock
from installation.rate import Rate
from installation.stage.fallback import Mode
from installation.stage.figures import Latency, Samples
from installation.stage.programme import Programme


class Presented:
    """The presents since the start. Times in seconds; intervals from the first live picture on."""

    def __init__(self, clock: Clock) -> None:
        self.rate = Rate(clock)
        self.intervals, self.latency = Samples(), Latency()
        self.first_live_at: float | None = None
        self.house = 0  # presents before the first live picture
        self.oldest_picture = 0.0
        self._last: float | None = None

    def count(self, now: float, programme: Programme) -> None:
        """Note a present that was seen at `now`, of what the programme shows."""
        self.rate.count()
        if self._last is not None:
            if self.first_live_at is not None:
                self.intervals.add(now - self._last)
            programme.presented(now - self._last)
        self._last = now
        for deck in programme.visible:
            if deck.header:
                self.latency.presented(deck.header.stamps, now)
        self.house += self.first_live_at is None
        if programme.fallback.mode is Mode.LIVE:
            self.first_live_at = self.first_live_at or now
            self.oldest_picture = max(self.oldest_picture, programme.main.timeline.age(now))
