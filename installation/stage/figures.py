"""What the stage measures of itself, in arrays made beforehand."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from installation.control.state import SOURCES

WINDOW = 1024  # samples the percentiles look back on: 17 s at 60 Hz


class Samples:
    """The newest WINDOW samples of one quantity, and its maximum ever."""

    def __init__(self) -> None:
        self._kept = np.zeros(WINDOW)
        self.count = 0
        self.max = 0.0

    def add(self, value: float) -> None:
        """Take one sample."""
        self._kept[self.count % WINDOW] = value
        self.count += 1
        self.max = max(self.max, value)

    def percentile(self, percent: float) -> float:
        """A percentile of the newest samples, 0 before the first."""
        kept = self._kept[: min(self.count, WINDOW)]
        return float(np.percentile(kept, percent)) if self.count else 0.0

    def mean(self) -> float:
        """The mean of the newest samples, 0 before the first."""
        return float(self._kept[: min(self.count, WINDOW)].mean()) if self.count else 0.0


class Latency:
    """Control to photon: from the receipt of an event to the first present that contains it.

    A picture's header names, for each source, how many events it contains and when the newest was
    received. What was there before the stage came is no event of its."""

    def __init__(self) -> None:
        self._samples = {source: Samples() for source in SOURCES}
        self._counts: list[float] | None = None

    def presented(self, stamps: Sequence[float], now: float) -> None:
        """A picture with these header stamps was first presented at `now`, monotonic seconds."""
        counts = list(stamps[0::2])
        if self._counts is None:
            self._counts = counts
        for place, source in enumerate(SOURCES):
            if counts[place] > self._counts[place]:
                self._samples[source].add(max(now - stamps[2 * place + 1], 0.0))
        self._counts = counts

    def record(self) -> dict[str, dict[str, Any]]:
        """For the health record, milliseconds."""
        return {
            source: {
                "count": samples.count,
                "p50": round(1e3 * samples.percentile(50), 2),
                "p95": round(1e3 * samples.percentile(95), 2),
            }
            for source, samples in self._samples.items()
        }


def interval_record(samples: Samples) -> dict[str, float]:
    """Present intervals for the health record, milliseconds; `max` is the worst since the start."""
    figures = {f"p{percent}": samples.percentile(percent) for percent in (50, 95, 99)}
    return {name: round(1e3 * value, 2) for name, value in {**figures, "max": samples.max}.items()}
