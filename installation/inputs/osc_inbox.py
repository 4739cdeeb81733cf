"""What OSC has brought and the desk has not taken yet. Bounded; any thread may put and drain."""

import threading
from collections import deque
from collections.abc import Iterable

from installation.inputs.protocol import Update

MAX_PRESSES = 256  # waiting for the desk; more than a minute of a drummer's fastest roll


class Inbox:
    """The newest value of each control and a bounded queue of presses; any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: dict[str, tuple[Update, str]] = {}
        self._presses: deque[tuple[Update, str]] = deque()
        self.dropped = 0

    def put(self, updates: Iterable[Update], source: str = "") -> None:
        """Keep `updates`, all seen by one `drain`. A press that finds the queue full is dropped."""
        with self._lock:
            for update in updates:
                if not update.press:
                    self._newest[update.address] = update, source
                elif len(self._presses) < MAX_PRESSES:
                    self._presses.append((update, source))
                else:
                    self.dropped += 1

    def drain(self) -> list[Update]:
        """What was kept since the last call, oldest first, each with its source."""
        with self._lock:
            kept = [*self._newest.values(), *self._presses]
            self._newest.clear()
            self._presses.clear()
        told = [update._replace(source=source) for update, source in kept]
        return sorted(told, key=lambda update: update.at)
