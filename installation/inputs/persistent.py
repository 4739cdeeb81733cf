"""A thread that opens something and works with it, and tries again for ever when it is lost."""

import threading
from collections.abc import Callable

from installation.inputs.backoff import Backoff

PATIENCE = 2.0  # seconds that `close` waits for the work to end


class Persistent:
    """Does `work` on a thread called `name` from `start` to `close`, again whenever it ends.

    `work` calls `works` once it has what it needs, and returns soon after `closing` is set.
    `failed` is told what ended it and in how many seconds it is tried again; where it answers
    False, it is not."""

    def __init__(
        self, name: str, work: Callable[[], object], failed: Callable[[Exception, float], bool]
    ) -> None:
        self.closing = threading.Event()
        self._work, self._failed = work, failed
        self._backoff = Backoff()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def works(self) -> None:
        """It is opened: the next fault is a first one again."""
        self._backoff.reset()

    def close(self, patience: float = PATIENCE) -> None:
        """End it."""
        self.closing.set()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _run(self) -> None:
        while not self.closing.is_set():
            error = self._fault()
            delay = self._backoff.next()
            if error and not self._failed(error, delay):
                return
            self.closing.wait(delay)

    def _fault(self) -> Exception | None:
        try:
            self._work()
        except Exception as error:
            return error
        return None
