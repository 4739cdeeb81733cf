"""Log lines: words on the terminal. No line is ever worth stopping a picture for."""

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

_FORMAT = "%(asctime)s %(name)-10s %(levelname)-7s %(message)s"


def start(process: str, level: int = logging.INFO) -> logging.Logger:
    """Send this process's log to standard error and return its logger."""
    logging.raiseExceptions = False  # a full disk or a closed terminal must not raise
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(_FORMAT, datefmt="%H:%M:%S"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    return logging.getLogger(process)


class Guard:
    """Keeps a fault in outside code from leaving a callback, and its log from flooding.

    The first fault of a kind is logged with its traceback, later ones as one line with a count,
    at most one line each `every` seconds.
    """

    def __init__(self, log: logging.Logger, every: float = 3.0) -> None:
        self._log = log
        self._every = every
        self._seen: dict[str, tuple[int, float]] = {}

    @contextmanager
    def __call__(self, what: str) -> Iterator[None]:
        """Run the block; an Exception in it is logged and forgotten."""
        try:
            yield
        except Exception as error:
            self._report(what, error, time.monotonic())

    def count(self, what: str) -> int:
        """How often `what` has failed so far."""
        return self._seen.get(what, (0, 0.0))[0]

    def _report(self, what: str, error: Exception, now: float) -> None:
        count, last = self._seen.get(what, (0, -self._every))
        speak = now - last >= self._every
        self._seen[what] = (count + 1, now if speak else last)
        if count == 0:
            self._log.error("%s failed", what, exc_info=error)
        elif speak:
            self._log.error("%s failed %d times, last: %s", what, count + 1, error)
