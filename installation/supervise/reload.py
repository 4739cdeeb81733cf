"""show.yaml, read again each time it is saved, while the show runs.

On a thread of its own: neither a slow disk nor a monstrous file holds the supervisor up. What is
good is published to the children; what is not costs a line in the log, on the panel and in the
figures over the picture, and the old show goes on.
"""

import logging
import os
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from installation.control.parameters import Table
from installation.errors import ShowError
from installation.logs import Guard
from installation.memory import Arena
from installation.show.diff import compare
from installation.show.loader import load
from installation.show.outputs import sent
from installation.show.schema import Show
from installation.show.shared import FIRST, publish

POLL = 0.1  # seconds between two looks at the files
SETTLED = 0.15  # seconds a file must stand still: an editor may write it in several pieces
PATIENCE = 0.5  # seconds after which one that never stands still is read all the same
CONVINCED = 0.6  # seconds a file must stay broken before anybody is told

log = logging.getLogger("supervisor")

Print = Mapping[Path, tuple[int, int, int] | None]


class Settling:
    """When to read a file that changes. Pure: prints and times come in."""

    def __init__(self, first: object) -> None:
        self._read, self._last = first, first
        self._since = self._changed = 0.0
        self._waiting = False

    def due(self, print: object, now: float) -> bool:
        """Whether to read now, the file looking like `print`."""
        if print != self._last:
            self._last, self._since = print, now
            if not self._waiting:
                self._waiting, self._changed = True, now
        if not self._waiting:
            return False
        if now - self._since < SETTLED and now - self._changed < PATIENCE:
            return False
        self._waiting, differs = False, self._last != self._read
        self._read = self._last
        return differs

    def still(self, now: float) -> float:
        """Seconds since the file changed last."""
        return now - self._since


@dataclass(frozen=True, slots=True)
class Running:
    """What the show plays now, and what was wrong with the last file."""

    show: Show
    table: Table
    edition: int = FIRST
    error: str | None = None


class Reload:
    """Watches one show.yaml and the shaders whose controls are in its table."""

    def __init__(self, path: Path, shaders: Path, show: Show, table: Table, arena: Arena) -> None:
        self._path, self._shaders, self._arena = path, shaders, arena
        self.running = Running(show, table)
        self._sends = bool(sent(show.outputs))  # whether the process for it was started
        self.restarts: dict[str, int] = {}  # a process, and the edition it must start again for
        self._settling = Settling(None)  # whoever saved while the show was starting is heard, too
        self._doubt: str | None = None
        self._guard = Guard(log)
        self._end = threading.Event()

    def start(self) -> None:
        """Begin to watch, until the process ends."""
        threading.Thread(target=self._run, name="reload", daemon=True).start()

    def close(self) -> None:
        """Watch no more."""
        self._end.set()

    def step(self, now: float) -> None:
        """Look once; `now` in monotonic seconds."""
        if self._settling.due(self._print(), now):
            self._read()
        if self._doubt and self._settling.still(now) >= CONVINCED:
            self._complain(self._doubt)

    def _run(self) -> None:
        while not self._end.wait(POLL):
            with self._guard("looking at show.yaml"):
                self.step(time.monotonic())

    def _read(self) -> None:
        try:
            show, table = load(self._path, self._shaders)
            self._doubt = None
            self._take(show, table)
        except ShowError as error:
            self._doubt = str(error)
        except (ValueError, OSError, RuntimeError) as error:  # the last: too deep, or a loop
            self._doubt = f"{self._path}: {' '.join(str(error).split())[:200]}"

    def _take(self, show: Show, table: Table) -> None:
        now = self.running
        if (show, table.rows) == (now.show, now.table.rows):
            if now.error:
                log.info("%s is as it was", self._path)
            self.running = Running(show, table, now.edition)
            return
        change = compare(now.show, show)
        edition = publish(self._arena, show, table)
        self.restarts |= dict.fromkeys(change.restart, edition)
        self.running = Running(show, table, edition)
        log.info("%s is taken up: %s", self._path, change)
        if sent(show.outputs) and not self._sends:
            log.warning("what outputs send to other programs begins with the show's next start")

    def _complain(self, why: str) -> None:
        self._doubt, now = None, self.running
        self.running = Running(now.show, now.table, now.edition, why)
        for line in why.splitlines():
            log.error("%s; the old show goes on", line)

    def _print(self) -> Print:
        return {path: _look(path) for path in (self._path, *sorted(self._shaders.glob("*.frag")))}


def _look(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
