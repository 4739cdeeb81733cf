"""How much memory the run takes, counted so that a page shared by four processes counts once."""

from collections.abc import Mapping

import psutil

from installation.clock import Clock

PERIOD = 2.0  # seconds: reading the page tables of a large process takes milliseconds
_MEGA = 1024 * 1024


class Memory:
    """The last measurement, renewed every PERIOD seconds. Megabytes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._due = 0.0
        self._last: dict[str, float] = {"total": 0.0, "peak": 0.0}

    def look(self, pids: Mapping[str, int]) -> dict[str, float]:
        """Proportional set size of each process and its children, their total, and its peak."""
        if self._clock.now() >= self._due:
            self._due = self._clock.now() + PERIOD
            each = {name: _family(pid) for name, pid in pids.items()}
            each["supervisor"] = _own(pids["supervisor"])
            total = sum(each.values())
            peak = max(total, self._last["peak"])
            sizes = {"total": total, "peak": peak, **each}
            self._last = {name: round(size, 1) for name, size in sizes.items()}
        return self._last


def _family(pid: int) -> float:
    try:
        children = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return 0.0
    return _own(pid) + sum(_own(child.pid) for child in children)


def _own(pid: int) -> float:
    try:
        info = psutil.Process(pid).memory_full_info()
    except (psutil.Error, OSError):
        return 0.0
    return getattr(info, "pss", info.rss) / _MEGA
