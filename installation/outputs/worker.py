"""A sink's own thread and its bounded queue: what it cannot take is dropped and counted."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from installation.outputs.sink import Picture, Sink

PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds after an error; the last one for ever
FAREWELL = 2.0  # seconds a sink may take to end

log = logging.getLogger("outputs")


class Worker:
    """Feeds the sink that `make` opens. `room` is the most bytes that may wait; one picture always
    may. A sink that shows the present keeps one, a recorder as many as its memory allows."""

    def __init__(self, name: str, make: Callable[[], Sink], room: int = 0) -> None:
        self.name, self._make, self._room = name, make, room
        self.sent = self.dropped = 0
        self.error: str | None = None
        self._waiting: deque[tuple[Picture, float]] = deque()
        self._bytes = 0
        self._turn = threading.Condition()
        self._ending = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def offer(self, picture: Picture, at: float) -> None:
        """Pass a picture on; never waits for the sink. Without room the oldest present goes, but a
        recorder's newest: a film should have its gap in one place."""
        with self._turn:
            if self._waiting and self._bytes + picture.nbytes > self._room:
                self.dropped += 1
                if self._room:
                    return
                self._bytes -= self._waiting.popleft()[0].nbytes
            self._waiting.append((picture, at))
            self._bytes += picture.nbytes
            self._turn.notify()

    def finish(self) -> None:
        """Take no more, send what waits, and close; returns at once."""
        with self._turn:
            self._ending = True
            self._end.set()
            self._turn.notify()

    def join(self) -> bool:
        """Wait a little for `finish`; whether the sink is closed."""
        self._thread.join(FAREWELL)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether its thread still runs."""
        return self._thread.is_alive()

    def status(self) -> dict[str, Any]:
        """Pictures `sent` and `dropped`; the present `error`, None when all is well."""
        return {"sent": self.sent, "dropped": self.dropped, "error": self.error}

    def _run(self) -> None:
        tries = 0
        while not self._ending:
            before = self.sent
            try:
                self._feed(self._make())
            except Exception as error:  # a sink is somebody else's code: any fault is its own
                tries = 0 if self.sent > before else tries
                pause = PAUSES[min(tries, len(PAUSES) - 1)]
                if self.error is None:
                    log.error("%s: %s; trying again", self.name, error)
                self.error = f"{self.name}: {error}; next try in {pause:.0f} s"
                tries += 1
                self._end.wait(pause)

    def _feed(self, sink: Sink) -> None:
        try:
            while (item := self._next()) is not None:
                sink.send(*item)
                self.sent += 1
                self.error = None
        finally:
            sink.close()

    def _next(self) -> tuple[Picture, float] | None:
        with self._turn:
            while not self._waiting and not self._ending:
                self._turn.wait()
            if not self._waiting:
                return None
            item = self._waiting.popleft()
            self._bytes -= item[0].nbytes
            return item
