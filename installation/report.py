"""The status record: one shape for `/status` and `--report`, made from the health records.

Counters go on over restarts: the supervisor keeps what its dead children had counted.
"""

from collections.abc import Mapping
from typing import Any

from installation.health import PROCESSES, SPARE

Record = Mapping[str, Any]

OSC_COUNTERS = ("applied", "refused", "unknown", "dropped", "foreign", "limited")

# Counters in a child's record, by the path to them, that must survive the child.
COUNTERS: Mapping[str, tuple[str, ...]] = {
    "stage": ("presented", "house", "black", "torn"),
    "deck_a": ("total", "discarded"),
    "deck_b": ("total", "discarded"),
    "desk": (*(f"osc.{name}" for name in OSC_COUNTERS), "dropped_strokes"),
}

# What stands in the record before the process that knows has spoken: the shape never changes.
_NO_INTERVALS = dict.fromkeys(("p50", "p95", "p99", "max"))
_NO_DAY = {"open": True, "why": "", "until": None, "light": 1.0, "switches": []}
_NO_EVENTS = {"count": 0, "p50": None, "p95": None}
_NO_CONTROLS = dict.fromkeys(("osc", "audio", "keys", "midi"), _NO_EVENTS)
_NO_CUES = {
    "list": [],
    "current": None,
    "next": None,
    "waiting": None,
    "held": False,
    "progress": 1.0,
    "follows_in": None,
}
_NO_OUTPUTS = {"recording": False, "film": None, "sinks": {}, "error": None}
_NO_RESTARTS = dict.fromkeys(("desk", "deck", "stage"), 0)


def counted(process: str, record: Record) -> dict[str, float]:
    """The counters of one record."""
    return {path: float(_at(record, path) or 0) for path in COUNTERS.get(process, ())}


def build(records: Mapping[str, Record]) -> dict[str, Any]:
    """The status record. `records` holds the newest health record of each of PROCESSES,
    and of the outputs process where there is one."""
    supervisor, stage, desk = records["supervisor"], records["stage"], records["desk"]
    seconds = float(supervisor.get("seconds", 0.0))
    first = supervisor.get("first_picture_s")
    showing = max(seconds - first, 1e-6) if first is not None else None
    sums = {name: _sums(name, records[name], supervisor) for name in COUNTERS}
    generated = int(sums["deck_a"]["total"] + sums["deck_b"]["total"])
    presented = int(sums["stage"]["presented"])
    osc = {key: int(sums["desk"][f"osc.{key}"]) for key in OSC_COUNTERS}
    return {
        "seconds": round(seconds, 2),
        "first_picture_s": first,
        "generated": {"frames": generated, "fps": _per(generated, showing)},
        "presented": {
            "frames": presented,
            "fps": _per(presented - int(sums["stage"]["house"]), showing),
            "interval_ms": {**_NO_INTERVALS, **stage.get("interval_ms", {})},
            "oldest_picture_ms": stage.get("oldest_picture_ms"),
            "black": int(sums["stage"]["black"]),
        },
        "control_ms": {**_NO_CONTROLS, **stage.get("control_ms", {})},
        "osc": osc,
        "audio": {key: _at(desk, f"audio.{key}") for key in ("device", "updates_per_s", "blocks")},
        "cues": dict(desk.get("cues") or _NO_CUES),
        "outputs": {**_NO_OUTPUTS, **records.get(SPARE, {})},
        "keys": {"dropped": int(sums["desk"]["dropped_strokes"])},
        "restarts": {**_NO_RESTARTS, **supervisor.get("restarts", {})},
        "memory_mb": {"total": 0.0, **supervisor.get("memory_mb", {})},
        "discarded": int(sums["deck_a"]["discarded"] + sums["deck_b"]["discarded"]),
        "torn": int(sums["stage"]["torn"]),
        "pids": {name: records[name].get("pid") for name in PROCESSES},
        "day": {**_NO_DAY, **desk.get("day", {})},
        "barred": dict(desk.get("barred", {})),
        "show": {key: supervisor.get(key) for key in ("edition", "show_error")},
        "at": supervisor.get("at", 0.0),
        "uptime": seconds,
        "health": {name: dict(records[name]) for name in PROCESSES},
    }


def _sums(process: str, record: Record, supervisor: Record) -> dict[str, float]:
    """A dead child's record stands until its successor writes, but was already added to `lost`."""
    lost = supervisor.get("lost", {}).get(process, {})
    buried = supervisor.get("buried", {}).get(process)
    living = {} if buried is not None and record.get("pid") == buried else record
    return {path: n + lost.get(path, 0.0) for path, n in counted(process, living).items()}


def _per(count: int, seconds: float | None) -> float:
    return round(count / seconds, 2) if seconds else 0.0


def _at(record: Record, path: str) -> Any:
    value: Any = record
    for key in path.split("."):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
