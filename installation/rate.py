"""Counting and keeping a rate. Pure but for the clock it is given."""

from collections import deque

from installation.clock import Clock


class Rate:
    """Events a second over the last few seconds."""

    def __init__(self, clock: Clock, window: float = 2.0) -> None:
        self._clock, self._window = clock, window
        self._marks: deque[tuple[float, int]] = deque(maxlen=256)
        self.total = 0

    def count(self, events: int = 1) -> None:
        """`events` happened just now."""
        self.total += events

    def per_second(self) -> float:
        """The rate since the oldest mark within the window; each call leaves a mark."""
        now = self._clock.now()
        self._marks.append((now, self.total))
        while len(self._marks) > 2 and now - self._marks[1][0] >= self._window:
            self._marks.popleft()
        then, before = self._marks[0]
        return (self.total - before) / (now - then) if now > then else 0.0


class Pacer:
    """Keeps a loop at a rate by absolute deadlines. A late round is skipped, never caught up."""

    def __init__(self, rate: float, clock: Clock) -> None:
        self._period, self._clock = 1.0 / rate, clock
        self._deadline = clock.now()
        self.skipped = 0

    def wait(self) -> None:
        """Sleep until the next deadline; at once if it has passed."""
        now = self._clock.now()
        self._deadline += self._period
        if now >= self._deadline:
            missed = int((now - self._deadline) / self._period)
            self.skipped += missed
            self._deadline += missed * self._period
        else:
            self._clock.sleep(self._deadline - now)
