"""How fast a client may talk. Pure: time comes in as an argument."""


class Pace:
    """A bucket that refills at `rate` a second up to `burst`: says how long the next must wait."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate = rate
        self._burst = burst
        self._left = burst
        self._at = 0.0

    def wait(self, now: float) -> float:
        """Take one; seconds to wait before acting on it, 0 while the pace is kept."""
        self._left = min(self._burst, self._left + (now - self._at) * self._rate) - 1
        self._at = now
        return max(0.0, -self._left / self._rate)
