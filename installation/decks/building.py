"""An engine being built, as a playing deck or `installation prepare` sees it: a child process that
may take minutes, and may end in any way."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from installation.clock import Clock, MonotonicClock
from installation.generators.card import load_card

LONGEST = 3600.0  # seconds: the largest networks build in minutes; what takes an hour stands still
_LOOK = 0.1  # seconds between two looks of somebody who waits

Start = Callable[[Path], "subprocess.Popen[bytes]"]


def start(folder: Path) -> "subprocess.Popen[bytes]":
    """A process that builds the engine of the model in `folder`."""
    command = [sys.executable, "-m", "installation.decks.engine_builder"]
    return subprocess.Popen(
        [*command, str(folder), str(os.getpid())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


class Building:
    """An engine being built. `ready` once it may be played; nothing here waits, but `wait`."""

    def __init__(self, folder: Path, started: Start = start, clock: Clock | None = None) -> None:
        self._folder, self.ready, self.words = folder, False, ""
        self._clock = clock or MonotonicClock()
        self._due = self._clock.now() + LONGEST
        self._process: subprocess.Popen[bytes] | None = started(folder)

    def look(self) -> bool:
        """Whether it is over; then `words` say what was built, or why nothing was."""
        if self._process and self._process.poll() is not None:
            self._end(self._process)
        elif self._process and self._clock.now() >= self._due:
            self.close()
            self._refuse(f"the builder was ended after {LONGEST / 60:.0f} minutes")
        return self._process is None

    def wait(self) -> None:
        """Until it is over."""
        while not self.look():
            self._clock.sleep(_LOOK)

    def close(self) -> None:
        """Give up; what was built so far is lost."""
        if self._process:
            self._process.kill()
            self._process.communicate()
        self._process = None

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        """The reason is the child's last line, or how it fell, which is then noted for it."""
        told = process.communicate()[0].decode(errors="replace").strip()
        self._process, self.ready = None, process.returncode == 0
        self.words = told.splitlines()[-1] if told else ""
        if not self.ready and not told:
            self._refuse(f"the builder ended with {process.returncode}")

    def _refuse(self, why: str) -> None:
        from installation.decks import engines

        self.words = why
        engines.refuse(engines.key(load_card(self._folder)), why)
