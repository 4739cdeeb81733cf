"""The last hour in small: a few figures of the status record every ten seconds. Bounded, pure."""

import math
from collections import deque
from collections.abc import Mapping
from typing import Any

PERIOD = 10.0  # seconds between two notes
KEPT = 360  # notes: an hour

Record = Mapping[str, Any]


class History:
    """A ring of notes. A figure that is not known at the time is None."""

    def __init__(self) -> None:
        self._notes: deque[dict[str, float | None]] = deque(maxlen=KEPT)

    def note(self, status: Record, celsius: float | None) -> None:
        """Keep this moment's figures; `celsius` is the machine's warmest part."""
        stage, desk = _part(status, "health", "stage"), _part(status, "health", "desk")
        decks = [_part(status, "health", name).get("fps") for name in ("deck_a", "deck_b")]
        self._notes.append(
            {
                "stage_fps": _number(stage.get("fps")),
                "live_fps": max((n for n in map(_number, decks) if n is not None), default=None),
                "slowest_ms": _number(_part(stage, "interval_ms").get("p99")),
                "osc_ms": _number(_part(stage, "control_ms", "osc").get("p95")),
                "audio_hz": _number(_part(desk, "audio").get("updates_per_s")),
                "memory_mb": _number(_part(status, "memory_mb").get("total")),
                "celsius": _number(celsius),
            }
        )

    def columns(self) -> dict[str, list[float | None]]:
        """Every figure's notes, oldest first; {} before the first."""
        return {name: [note[name] for note in self._notes] for name in self._newest}

    @property
    def _newest(self) -> dict[str, float | None]:
        return self._notes[-1] if self._notes else {}


def _part(record: Record, *keys: str) -> Record:
    for key in keys:
        inner = record.get(key)
        record = inner if isinstance(inner, Mapping) else {}
    return record


def _number(value: Any) -> float | None:
    good = isinstance(value, int | float) and math.isfinite(value)
    return round(float(value), 2) if good else None
