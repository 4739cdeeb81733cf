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

    A picture's header names, for each source, when the newest event in it was received. What the
    first picture brings was there before the stage came and is no sample."""

    def __init__(self) -> None:
        self._samples = {source: Samples() for source in SOURCES}
        self._newest: list[float] | None = None

    def presented(self, stamps: Sequence[float], now: float) -> None:
        """A picture with these header stamps was seen at `now`, monotonic seconds.

        Times and not counts decide what is new: a restarted desk counts from one again."""
        received = stamps[1::2]
        if self._newest is None:
            self._newest = [at if at <= now else 0.0 for at in received]
        for place, source in enumerate(SOURCES):
            if self._newest[place] < received[place] <= now:
                self._samples[source].add(now - received[place])
                self._newest[place] = received[place]

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
