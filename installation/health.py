"""What each process says of itself: a JSON record in shared memory, four times a second.

The supervisor's watchdog, the panel, `/status`, the report and the tests all read the same records.
A record's `beat` counts work done (frames, ticks), never the passing of a timer: a process that is
alive but stuck has a `beat` that stands still.
"""

import json
from collections.abc import Mapping
from typing import Any

from installation.memory import Arena, Mailbox

PROCESSES = ("supervisor", "desk", "deck_a", "deck_b", "stage")
SPARE = "outputs"  # runs only in shows that send their picture elsewhere than to windows
RECORD_BYTES = 256 * 1024
PERIOD = 0.25  # seconds between two records


def section(process: str) -> str:
    """The name of a process's section in the arena."""
    return f"health/{process}"


class HealthWriter:
    """Publishes one process's record, at most once every `PERIOD` seconds."""

    def __init__(self, arena: Arena, process: str, pid: int) -> None:
        self._box = Mailbox(arena.section(section(process)))
        self._pid = pid
        self._due = 0.0

    def due(self, now: float) -> bool:
        """Whether a record should be written now; ask before putting one together."""
        return now >= self._due

    def write(self, now: float, beat: int, **record: Any) -> None:
        """Publish the record of this moment. `now` is monotonic seconds."""
        self._due = now + PERIOD
        body = {"pid": self._pid, "at": now, "beat": beat, **record}
        self._box.write(json.dumps(body, separators=(",", ":")).encode())


class HealthReader:
    """Reads any process's newest record; keeps the last good one when a read is torn."""

    def __init__(self, arena: Arena) -> None:
        self._boxes = {name: Mailbox(arena.section(section(name))) for name in (*PROCESSES, SPARE)}
        self._kept: dict[str, tuple[int, dict[str, Any]]] = {}

    def record(self, process: str) -> Mapping[str, Any]:
        """The newest record, {} before the first."""
        box = self._boxes[process]
        seen, kept = self._kept.get(process, (0, {}))
        sequence = box.sequence  # taken first: a record written meanwhile is read next time
        if sequence == seen:
            return kept
        fresh = _parse(box.read())
        if fresh is None:
            return kept
        self._kept[process] = (sequence, fresh)
        return fresh


def _parse(payload: bytes | None) -> dict[str, Any] | None:
    if payload is None:
        return None
    try:
        record = json.loads(payload)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
