"""Keeps what the decks recorded when something falls, for somebody to draw it again later.

On a thread of its own: neither a slow disk nor a large model holds the supervisor up.
"""

import logging
import platform
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from installation import __version__, flight
from installation.logs import Guard
from installation.memory import Arena, Mailbox

FOLDER = "flights"  # in the show's state folder
KEPT = 10
EVERY = 60.0  # seconds: a child that falls for ever must not wipe out how it began

log = logging.getLogger("supervisor")


class Flights:
    """The flight files of one show."""

    def __init__(self, arena: Arena, state_folder: Path, show_folder: Path) -> None:
        self._arena, self._show_folder = arena, show_folder
        self._folder = state_folder / FOLDER
        self._thread: threading.Thread | None = None
        self._due = 0.0
        self._guard = Guard(log)

    def keep(self, what: str, now: float, wall: datetime, decks: Mapping[str, Any]) -> None:
        """Write a file named after the moment and `what`, unless one was just written.

        `decks` is what the decks say of themselves. Never waits, never raises."""
        if now < self._due or (self._thread and self._thread.is_alive()):
            return
        self._due = now + EVERY
        facts = {
            "what": what,
            "at": wall.isoformat(timespec="seconds"),
            "monotonic": now,
            "program": __version__,
            "machine": f"{platform.system()} {platform.machine()}",
            "show_folder": str(self._show_folder),
            "decks": decks,
        }
        path = self._folder / f"{wall:%Y%m%dT%H%M%SZ}-{what}{flight.SUFFIX}"
        self._thread = threading.Thread(
            target=self._run, args=(path, facts), name="flight", daemon=True
        )
        self._thread.start()

    def close(self, seconds: float) -> None:
        """Let a file that is being written be finished, for a moment."""
        if self._thread:
            self._thread.join(seconds)

    def _run(self, path: Path, facts: dict[str, Any]) -> None:
        with self._guard("keeping a flight file"):
            try:
                self._write(path, facts)
                log.info("%s keeps what the decks drew; see installation replay", path)
            except OSError as error:
                log.error("%s is not kept: %s", path, error.strerror)

    def _write(self, path: Path, facts: dict[str, Any]) -> None:
        records = {name: self._arena.copy(name) for name in flight.SECTIONS}
        box = Mailbox(self._arena.section("show"))
        edition, number = box.read(), box.sequence
        if edition is None:
            raise OSError(None, "the show is being read anew")
        show, _ = flight.split(edition)
        names = flight.drawn_from(show, show["scenes"])
        facts |= {"edition": number, "files": flight.checksums(self._show_folder, names)}
        path.parent.mkdir(parents=True, exist_ok=True)
        flight.write(path, facts, edition, records)
        for old in sorted(path.parent.glob(f"*{flight.SUFFIX}"))[:-KEPT]:
            old.unlink(missing_ok=True)
