"""A process of the desk's that holds a device, kept alive: started again when it ends or hangs.

No thread: everything happens in `tend`, which the desk calls in each of its rounds. The kernel
ends a child with the thread that started it, so those calls must come from the desk's main thread.
"""

import contextlib
import json
import logging
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import IO, Any

from installation.clock import Clock
from installation.inputs.backoff import Backoff
from installation.session import Session

HUNG = 5.0  # seconds without a word after which a helper is ended; opening a sound device took 0.4
BATCH = 100  # messages in one write: short enough for the pipe to take it whole or not at all
STEADY = 10.0  # seconds a helper must have lived for its end to be tried again at once

Process = subprocess.Popen[bytes]


class Helper:
    """The process of `command`; `what` is its name for people, `log` where its ends are told.

    `said` is called, on a thread of its own, with each line of JSON that it writes; without it, its
    streams are closed. One that ends or hangs is started again after 1, 2, 5, 10, then every 30
    seconds; until it speaks again, `error` says why."""

    def __init__(
        self,
        what: str,
        command: Sequence[str],
        session: Session,
        clock: Clock,
        log: logging.Logger,
        said: Callable[[Any], None] | None = None,
    ) -> None:
        self._what, self._command, self._session = what, command, session
        self._clock, self._log, self._said = clock, log, said
        self._stream = subprocess.PIPE if said else subprocess.DEVNULL
        self._backoff = Backoff()
        self._due = self._alive = self._launched = 0.0
        self.process: Process | None = None
        self.error: str | None = None

    def start(self) -> None:
        """Start the process."""
        self._launch(self._clock.now())

    def tend(self, heard: float, last_words: Callable[[], str]) -> None:
        """Look after it. `heard` is when it spoke last, `last_words` what it says of its end."""
        now = self._clock.now()
        if self.process is None:
            if now >= self._due:
                self._launch(now)
            return
        if heard > self._alive:
            self._heard(heard)
        code = self.process.poll()
        if code is not None:
            self._lost(last_words() or self._ending(code), now)
        elif now - self._alive > HUNG:
            self.process.kill()  # and not waited for: a driver may hold it beyond its death
            self._alive = now

    def close(self) -> None:
        """End the process, for good."""
        if self.process:
            _end(self.process)
            self._let_go()
        self._due = float("inf")

    def _launch(self, now: float) -> None:
        """It is told this process as its parent, so that it ends with the desk."""
        session = replace(self._session, parent=os.getpid())
        try:
            self.process = subprocess.Popen(
                self._command,
                env=session.environment(),
                pass_fds=(session.arena_fd,),
                stdin=self._stream,
                stdout=self._stream,
                stderr=subprocess.DEVNULL,  # ALSA writes a page about each device it cannot find
            )
            self._listen(self.process)
        except OSError as error:
            self._lost(f"{self._what} does not start: {error}", now)
        self._alive = self._launched = now

    def send(self, messages: Sequence[Any]) -> bool:
        """Write `messages` to it, lists of a few; False when it cannot take them. Never waits."""
        if self.process is None or self.process.stdin is None:
            return False
        for start in range(0, len(messages), BATCH):
            line = json.dumps(messages[start : start + BATCH], separators=(",", ":")) + "\n"
            try:
                os.write(self.process.stdin.fileno(), line.encode())
            except OSError:  # full, or broken
                return False
        return True

    def _listen(self, process: Process) -> None:
        if process.stdin and process.stdout:
            os.set_blocking(process.stdin.fileno(), False)
            words = (process.stdout, self._said)
            threading.Thread(target=_read, args=words, name="helper", daemon=True).start()

    def _heard(self, at: float) -> None:
        self._alive = at
        if at - self._launched > STEADY:
            self._backoff.reset()
        if self.error is not None:
            self._log.info("%s is back", self._what)
        self.error = None

    def _lost(self, why: str, now: float) -> None:
        if self.error is None:  # once in the log; the panel shows it as long as it lasts
            self._log.error("%s", why)
        self._let_go()
        delay = self._backoff.next()
        self._due = now + delay
        self.error = f"{why}; next try in {delay:.0f} s"

    def _let_go(self) -> None:
        if self.process and self.process.stdin:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        self.process = None

    def _ending(self, code: int) -> str:
        """Words for an end that left none."""
        if code == -signal.SIGKILL:
            return f"{self._what} hung, or was killed"
        how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"{self._what} {how}"


def _read(lines: IO[bytes], said: Callable[[Any], None]) -> None:
    with lines:
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, KeyError):  # cut short by its end
                said(json.loads(line))


def _end(process: Process) -> None:
    for end in (process.terminate, process.kill):
        end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1.0)
            return
