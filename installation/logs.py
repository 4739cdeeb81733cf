"""Log lines: words on the terminal, JSON in a bounded file. No line is ever worth stopping a
picture for: a thread writes them, and what it cannot keep up with is dropped and counted."""

import atexit
import contextlib
import json
import logging
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from installation.journal import Journal

MOST = 1000  # lines that wait to be written
FAREWELL = 0.5  # seconds a process waits at its end for its last lines to be written
FAULTS, WITHIN = 10, 10.0  # so many within so many seconds, and a feature is left out
REST = 60.0  # seconds for which it is
_FORMAT = "%(asctime)s %(name)-10s %(levelname)-7s %(message)s"


def start(process: str, folder: str = "", level: int = logging.INFO) -> logging.Logger:
    """Send this process's log to standard error, and to a file in `folder` unless that is empty.

    What ends the process is logged, too. Returns the process's logger."""
    logging.raiseExceptions = False  # a full disk or a closed terminal must not raise
    journal = Journal(Path(folder) / f"{process}.jsonl") if folder else None
    handler = Pump(process, journal)
    handler.setFormatter(logging.Formatter(_FORMAT, datefmt="%H:%M:%S"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    sys.excepthook = _last_words
    return logging.getLogger(process)


class Pump(logging.Handler):
    """Hands finished lines to a thread. Neither a full pipe nor a slow disk holds up who logs."""

    def __init__(self, process: str, journal: Journal | None) -> None:
        super().__init__()
        self._process, self._journal = process, journal
        self._lines: queue.SimpleQueue[tuple[str, bytes] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()
        atexit.register(self.close)
        self.dropped = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Queue a record's line, or count it as dropped."""
        if self._lines.qsize() >= MOST:
            self.dropped += 1
            return
        try:
            self._lines.put((self.format(record), as_json(self._process, record)))
        except Exception:  # arguments that do not fit their format
            self.dropped += 1

    def close(self) -> None:
        """Let the thread write what waits, for a moment."""
        atexit.unregister(self.close)
        self._lines.put(None)
        self._thread.join(FAREWELL)
        super().close()

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            words, data = line
            if self._journal:
                self._journal.write(data)
            with contextlib.suppress(OSError, ValueError):  # a closed terminal
                sys.stderr.write(words + "\n")
                sys.stderr.flush()


def as_json(process: str, record: logging.LogRecord) -> bytes:
    """A record as one line of JSON. `at` is the wall clock's, `monotonic` the show's own time."""
    line = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "monotonic": round(time.monotonic(), 3),
        "process": process,
        "pid": record.process,
        "logger": record.name,
        "level": record.levelname,
        "message": record.getMessage(),
    }
    if record.exc_info:
        line["traceback"] = record.exc_text or logging.Formatter().formatException(record.exc_info)
    return json.dumps(line, default=str).encode() + b"\n"


def _last_words(
    kind: type[BaseException], error: BaseException, where: TracebackType | None
) -> None:
    """An exception that nobody caught: into the log, where somebody will look for it."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, where)
    else:
        logging.getLogger().critical("ended by %s", error, exc_info=(kind, error, where))


class Guard:
    """Keeps a fault in outside code from leaving a callback, and its log from flooding.

    The first fault of a kind is logged with its traceback, later ones as one line with a count,
    at most one line each `every` seconds. What fails FAULTS times within WITHIN seconds is `off`
    for REST seconds: ask before a block that the show can do without.
    """

    def __init__(self, log: logging.Logger, every: float = 3.0) -> None:
        self._log = log
        self._every = every
        self._seen: dict[str, tuple[int, float]] = {}
        self._recent: dict[str, deque[float]] = {}
        self._off: set[str] = set()  # what was told to be off: once is enough

    @contextmanager
    def __call__(self, what: str) -> Iterator[None]:
        """Run the block; an Exception in it is logged and forgotten."""
        try:
            yield
        except Exception as error:
            self._report(what, error, time.monotonic())

    def off(self, what: str) -> bool:
        """Whether `what` has failed so often just now that it is better left out for a while."""
        recent = self._recent.get(what)
        if recent is None or len(recent) < FAULTS or recent[-1] - recent[0] > WITHIN:
            return False
        if time.monotonic() - recent[-1] >= REST:
            recent.clear()
            return False
        if what not in self._off:
            self._off.add(what)
            self._log.error("%s fails again and again; it is left out for a while", what)
        return True

    def count(self, what: str) -> int:
        """How often `what` has failed so far."""
        return self._seen.get(what, (0, 0.0))[0]

    def _report(self, what: str, error: Exception, now: float) -> None:
        recent = self._recent.setdefault(what, deque(maxlen=FAULTS))
        recent.append(now)
        count, last = self._seen.get(what, (0, -self._every))
        speak = now - last >= self._every
        self._seen[what] = (count + 1, now if speak else last)
        if count == 0:
            self._log.error("%s failed", what, exc_info=error)
        elif speak:
            self._log.error("%s failed %d times, last: %s", what, count + 1, error)
