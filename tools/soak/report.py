"""What a soak found, for people (Markdown) and for programs (JSON)."""

import math
import os
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tools.soak.faults import Fault
from tools.soak.growth import Growth

SHARED = 3.0  # times a promise: other work may hold the cores


@dataclass(frozen=True, slots=True)
class Strike:
    """One fault and what it cost. Seconds."""

    fault: Fault
    at: float
    gap: float  # the longest between two presents
    back: float  # until live again with all processes at work
    black: int

    @property
    def kept(self) -> bool:
        """Whether the promise was kept, three times over."""
        allowed = SHARED * max(self.fault.gap, 0.3), SHARED * self.fault.back
        return not self.black and self.gap <= allowed[0] and self.back <= allowed[1]

    def __str__(self) -> str:
        broken = "" if self.kept else "  PROMISE BROKEN"
        words = f"{self.fault.name:<18} gap {self.gap * 1e3:5.0f} ms, live after {self.back:5.2f} s"
        return words + broken


@dataclass
class Report:
    """A whole soak."""

    seed: int
    seconds: float = 0.0
    strikes: list[Strike] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    black: int = 0
    starts: int = 0
    load: float = 0.0  # processes that ran or wanted to, mean of the last fifteen minutes
    growth: dict[str, Growth] = field(default_factory=dict)

    @property
    def kept(self) -> bool:
        """Whether every promise was kept."""
        return not self.black and all(strike.kept for strike in self.strikes)


def as_json(report: Report) -> dict[str, Any]:
    """Everything but the single presents."""
    slopes = {name: growth.slope() for name, growth in report.growth.items()}
    return {
        "seed": report.seed,
        "seconds": round(report.seconds, 1),
        "kept": report.kept,
        "presents": len(report.gaps),
        "black": report.black,
        "starts": report.starts,
        "load": round(report.load, 2),
        "cores": os.cpu_count(),
        "interval_ms": _intervals(report),
        "strikes": [
            {
                "fault": strike.fault.name,
                "row": strike.fault.row,
                "at": round(strike.at, 1),
                "gap_s": round(strike.gap, 3),
                "back_s": round(strike.back, 2) if math.isfinite(strike.back) else None,
                "black": strike.black,
                "kept": strike.kept,
            }
            for strike in report.strikes
        ],
        "processes": {
            name: {
                "lives": len(growth.lives),
                "mb_per_hour": _number(slopes[name][0]),
                "confidence_95": _number(slopes[name][1]),
                "mb": round(growth.lives[-1].megabytes[-1], 1),
                "files": growth.most("files"),
                "threads": growth.most("threads"),
            }
            for name, growth in report.growth.items()
            if growth.lives
        },
    }


def as_markdown(report: Report) -> str:
    """Two tables: the faults, and the processes."""
    found = as_json(report)
    times = ", ".join(f"{name} {value:.0f}" for name, value in found["interval_ms"].items())
    head = (
        f"{report.seconds / 60:.0f} minutes, seed {report.seed}: {len(report.strikes)} faults, "
        f"{len(report.gaps)} presents, {report.black} of them black unasked. "
        f"Between presents in ms: {times}. Load of the machine: {report.load:.1f} processes for "
        f"{os.cpu_count()} cores.\n"
    )
    return "\n".join([head, *_fault_table(report), "", *_process_table(found)])


def _intervals(report: Report) -> dict[str, float]:
    gaps = 1e3 * np.array(report.gaps or [0.0])
    marks = {f"p{mark}": float(np.percentile(gaps, mark)) for mark in (50, 95, 99)}
    return {name: round(value, 1) for name, value in {**marks, "max": float(gaps.max())}.items()}


def _fault_table(report: Report) -> list[str]:
    rows = [
        "| fault | row | times | longest gap | live again, median and worst | promise |",
        "|---|---|---|---|---|---|",
    ]
    for fault in dict.fromkeys(strike.fault for strike in report.strikes):
        mine = [strike for strike in report.strikes if strike.fault is fault]
        back = [strike.back for strike in mine]
        gap = 1e3 * max(strike.gap for strike in mine)
        kept = "" if all(strike.kept for strike in mine) else ", **broken**"
        rows.append(
            f"| {fault.name} | {fault.row} | {len(mine)} | {gap:.0f} ms | {np.median(back):.1f} s, "
            f"{max(back):.1f} s | {fault.gap * 1e3:.0f} ms, {fault.back:.0f} s{kept} |"
        )
    return rows


def _process_table(found: dict[str, Any]) -> list[str]:
    rows = [
        "| process | lives | own memory | growth an hour (95 %) | files, first, most | threads |",
        "|---|---|---|---|---|---|",
    ]
    for name, told in found["processes"].items():
        slope, error = told["mb_per_hour"], told["confidence_95"]
        words = "too short to say" if slope is None else f"{slope:+.2f} ± {error:.2f} MB"
        files, threads = ("{}, {}".format(*told[key]) for key in ("files", "threads"))
        size = f"{told['mb']:.0f} MB"
        rows.append(f"| {name} | {told['lives']} | {size} | {words} | {files} | {threads} |")
    return rows


def _number(value: float) -> float | None:
    return round(value, 2) if math.isfinite(value) else None
