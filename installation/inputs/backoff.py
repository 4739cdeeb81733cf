"""How long to wait before a lost device is tried again: 1, 2, 5, 10, then every 30 seconds."""

DELAYS = (1.0, 2.0, 5.0, 10.0, 30.0)


class Backoff:
    """The delays in turn, from the first again after `reset`."""

    def __init__(self) -> None:
        self._failures = 0

    def next(self) -> float:
        """Seconds to wait after one more failure."""
        delay = DELAYS[min(self._failures, len(DELAYS) - 1)]
        self._failures += 1
        return delay

    def reset(self) -> None:
        """The device works again."""
        self._failures = 0
