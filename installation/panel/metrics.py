"""The status record as Prometheus reads it (text exposition format 0.0.4). Pure: a record in.

Names follow Prometheus' own advice: a unit of the base kind at the end, `_total` for counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Record = Mapping[str, Any]
Sample = tuple[str, Any]  # labels as `{a="b"}` or nothing, and the value

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition(status: Record) -> str:
    """Every metric that has a value, with its help."""
    return "".join(_lines(status))


def _lines(status: Record) -> Iterator[str]:
    for name, help, samples in _metrics(status):
        known = [(labels, float(value)) for labels, value in samples if value is not None]
        if known:
            kind = "counter" if name.endswith("_total") else "gauge"
            yield f"# HELP installation_{name} {help}\n# TYPE installation_{name} {kind}\n"
            yield from (f"installation_{name}{labels} {value:.10g}\n" for labels, value in known)


def _metrics(status: Record) -> Iterable[tuple[str, str, list[Sample]]]:
    shown, made, osc = status["presented"], status["generated"], status["osc"]
    memory, restarts = status["memory_mb"], status["restarts"]
    cpu = status.get("values", {})
    return [
        ("uptime_seconds", "since the run began", [("", status["seconds"])]),
        ("first_picture_seconds", "from start to picture", [("", status["first_picture_s"])]),
        ("presented_total", "frames presented", [("", shown["frames"])]),
        ("presented_per_second", "frames presented a second", [("", shown["fps"])]),
        ("present_interval_seconds", "between two presents", _quantiles(shown["interval_ms"])),
        ("black_total", "presents that were black unasked", [("", shown["black"])]),
        ("torn_total", "pictures given up while being read", [("", status["torn"])]),
        ("generated_total", "pictures that the networks made", [("", made["frames"])]),
        ("generated_per_second", "pictures made a second", [("", made["fps"])]),
        ("discarded_total", "pictures that were no numbers", [("", status["discarded"])]),
        ("picture_age_seconds", "of the newest picture", [("", cpu.get("/state/picture_age"))]),
        ("osc_messages_total", "by what became of them", _labelled("outcome", osc, 1)),
        ("restarts_total", "of processes that fell", _labelled("process", restarts, 1)),
        ("memory_bytes", "proportional set size", _labelled("process", _each(memory), 1048576)),
        ("open", "1 while the day lets it be open", [("", status["day"]["open"])]),
        ("light_ratio", "what opening hours leave of the light", [("", status["day"]["light"])]),
        ("barred_scenes", "skipped for want of consent", [("", len(status["barred"]))]),
        ("complaints", "promises that are not kept", _complaints(status)),
    ]


def _complaints(status: Record) -> list[Sample]:
    return [("", len(status["complaints"]))] if "complaints" in status else []


def _each(memory: Record) -> Record:
    return {name: size for name, size in memory.items() if name not in ("total", "peak")}


def _quantiles(interval: Record) -> list[Sample]:
    names = {"p50": "0.5", "p95": "0.95", "p99": "0.99", "max": "1"}
    return [
        (f'{{quantile="{names[key]}"}}', None if ms is None else ms / 1e3)
        for key, ms in interval.items()
        if key in names
    ]


def _labelled(label: str, values: Record, scale: float) -> list[Sample]:
    return [(f'{{{label}="{name}"}}', value * scale) for name, value in values.items()]
