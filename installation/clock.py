"""Time as an argument: what moves asks a Clock, so a test can run a night in a second."""

import time
from typing import Protocol


class Clock(Protocol):
    """Seconds that never go back, and a way to wait for them."""

    def now(self) -> float: ...

    def sleep(self, seconds: float) -> None: ...


class MonotonicClock:
    """The machine's own clock.

    Linux's CLOCK_MONOTONIC is the same in every process, so a time stamped by the deck can be
    compared with one taken on the stage.
    """

    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)


class FakeClock:
    """A clock that moves only when told, or when somebody sleeps on it."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = start

    def now(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += max(0.0, seconds)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._now += seconds
