"""The figures of one network on one backend, and the words and JSON they are told in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Spread:
    """Median and 99th percentile of some milliseconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, times: Sequence[float]) -> "Spread":
        """The spread of a series that is not empty."""
        p50, p99 = np.percentile(times, [50, 99])
        return cls(float(p50), float(p99))

    def as_json(self) -> dict[str, float]:
        """With a thousandth of a millisecond."""
        return {"p50": round(self.p50, 3), "p99": round(self.p99, 3)}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. Times in milliseconds, speeds in 10^9 operations a second."""

    backend: str
    words: str  # the backend's own, with provider and precision
    precision: str
    model: str
    resolution: int
    network: Spread  # styles to picture
    mapping: Spread  # place to styles
    deck: Spread
    overhead: float  # median of what a round takes beside these two
    fps: float
    max_error: float | None  # in standard deviations of the reference's picture
    mean_error: float | None
    gflops: float | None
    ceiling: float  # of this machine at this precision

    def as_json(self) -> dict[str, Any]:
        """As in --json."""
        return {
            "backend": self.backend,
            "precision": self.precision,
            "model": self.model,
            "resolution": self.resolution,
            "network_ms": self.network.as_json(),
            "mapping_ms": self.mapping.as_json(),
            "deck_ms": self.deck.as_json(),
            "fps": round(self.fps, 2),
            "max_error": self.max_error,
            "mean_error": self.mean_error,
            "words": self.words,
            "overhead_ms": round(self.overhead, 3),
            "gflops": None if self.gflops is None else round(self.gflops, 1),
            "ceiling_gflops": round(self.ceiling, 1),
        }


_HEAD = (
    f"  {'':<24}{'synth.':>7}{'map':>7}{'around':>8}{'deck ms':>15}{'pictures':>9}{'of':>13}"
    f"{'error %':>15}",
    f"  {'backend':<24}{'ms p50':>7}{'ms p50':>7}{'ms p50':>8}{'p50':>7}{'p99':>8}"
    f"{'a second':>9}{'GFLOP/s':>8}{'top':>5}{'most':>8}{'mean':>7}",
)


def table(title: str, rows: Sequence[Row]) -> str:
    """The rows of one network, for a terminal of 100 columns."""
    return "\n".join([title, *_HEAD, *map(_line, rows)])


def _line(row: Row) -> str:
    deck = row.deck
    parts = f"{row.network.p50:7.2f}{row.mapping.p50:7.3f}{row.overhead:8.3f}"
    times = f"{parts}{deck.p50:7.2f}{deck.p99:8.2f}"
    return f"  {row.words:<24}{times}{row.fps:9.1f}{_speed(row)}{_error(row)}"


def _speed(row: Row) -> str:
    if row.gflops is None:
        return f"{'?':>8}{'?':>5}"
    return f"{row.gflops:8.0f}{100 * row.gflops / row.ceiling:4.0f}%"


def _error(row: Row) -> str:
    if row.max_error is None or row.mean_error is None:
        return f"{'?':>8}{'?':>7}"
    return f"{100 * row.max_error:8.4f}{100 * row.mean_error:7.4f}"
