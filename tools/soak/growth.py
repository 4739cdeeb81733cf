"""How fast a process grows: a slope with its confidence, over lives that restarts cut apart.

Every life begins at another size, so only the growth within each counts: the samples of a life are
taken from their own mean, and one slope is fitted to all lives together. Neighbouring samples are
alike, which makes a plain standard error too small; it is widened by their correlation, (1 + r) /
(1 - r) (Bartlett 1935).
"""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

SETTLED = 30.0  # seconds of a life after which its memory is expected to stand still
SURE = 1.96  # standard errors to either side hold 95 of 100


@dataclass
class Life:
    """One process from its start to its end: seconds, and whatever was measured."""

    pid: int
    began: float
    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    def settled(self, settle: float) -> tuple[np.ndarray, np.ndarray]:
        """Hours and megabytes after so many seconds, both from their means."""
        hours, sizes = np.array(self.seconds) / 3600, np.array(self.megabytes)
        late = np.array(self.seconds) >= self.began + settle
        hours, sizes = hours[late], sizes[late]
        return (hours - hours.mean(), sizes - sizes.mean()) if late.any() else (hours, sizes)


@dataclass
class Growth:
    """All lives of one process's place; each counts from `settle` seconds on."""

    settle: float = SETTLED
    lives: list[Life] = field(default_factory=list)

    def note(self, now: float, pid: int, megabytes: float, files: int, threads: int) -> None:
        """One sample. A new process id is a new life."""
        if not self.lives or self.lives[-1].pid != pid:
            self.lives.append(Life(pid, now))
        life = self.lives[-1]
        life.seconds.append(now)
        life.megabytes.append(megabytes)
        life.files.append(files)
        life.threads.append(threads)

    def slope(self) -> tuple[float, float]:
        """Megabytes an hour and the half width of its 95 % confidence; not numbers without data."""
        lives = [life.settled(self.settle) for life in self.lives]
        hours = np.concatenate([hours for hours, _ in lives] or [np.empty(0)])
        sizes = np.concatenate([sizes for _, sizes in lives] or [np.empty(0)])
        used = sum(len(hours) > 0 for hours, _ in lives)
        free = len(hours) - used - 1
        if free < 3 or not hours @ hours:
            return math.nan, math.nan
        slope = float(hours @ sizes / (hours @ hours))
        rest = sizes - slope * hours
        error = math.sqrt(rest @ rest / free / (hours @ hours))
        return slope, SURE * error * _widened(rest)

    def most(self, what: str) -> tuple[int, int]:
        """The first settled and the largest count of `files` or `threads` in any life."""
        counts = [getattr(life, what) for life in self.lives]
        return counts[-1][0], max(max(count) for count in counts)


def own_memory(pid: int) -> float:
    """Megabytes that a process has written itself, in memory or swapped out: what a leak adds to.

    Clean pages of files are left out: the kernel drops them and reads them again as it likes, 60 MB
    of the stage's within half an hour. Raises OSError, psutil.Error."""
    rollup = Path(f"/proc/{pid}/smaps_rollup")
    if not rollup.exists():
        return psutil.Process(pid).memory_full_info().uss / 2**20
    parts = re.findall(r"^(?:Anonymous|Swap): +(\d+) kB$", rollup.read_text(), re.MULTILINE)
    return sum(map(int, parts)) / 1024


def _widened(rest: np.ndarray) -> float:
    """How much wider the error is than that of samples which know nothing of each other."""
    power = float(rest @ rest)
    likeness = float(rest[1:] @ rest[:-1]) / power if power else 0.0
    likeness = min(max(likeness, 0.0), 0.99)
    return math.sqrt((1 + likeness) / (1 - likeness))
