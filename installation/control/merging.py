"""Several signals on one control: what they come to together. Pure."""

from collections.abc import Callable, Iterable

import numpy as np

from installation.control.signals import MergeRule

_RULES: dict[str, Callable[[Iterable[float]], float]] = {
    "max": max,
    "min": min,
    "mean": lambda values: float(np.mean(list(values))),
    "sum": sum,
}


class Merger:
    """The newest value of each source. One that is silent for `timeout` seconds counts no more;
    0 lets all count for ever."""

    def __init__(self, rule: MergeRule, timeout: float) -> None:
        self._rule, self._timeout = rule, timeout or np.inf
        self._heard: dict[str, tuple[float, float]] = {}  # value and time, the latest last

    def take_over(self, former: "Merger") -> None:
        """Remember what a former merger of the same sources has heard."""
        self._heard = dict(former._heard)

    def hear(self, source: str, value: float, now: float) -> float:
        """What all sources come to, `source` having said a finite `value`."""
        self._heard.pop(source, None)
        self._heard[source] = value, now
        self.forget_silent(now)
        return self.value

    def forget_silent(self, now: float) -> bool:
        """Leave out who is silent for too long; True if that leaves others."""
        gone = [name for name, (_, at) in self._heard.items() if now - at > self._timeout]
        for name in gone:
            del self._heard[name]
        return bool(gone and self._heard)

    @property
    def value(self) -> float:
        """What those who count come to; at least one must have been heard."""
        values = [value for value, _ in self._heard.values()]
        return values[-1] if self._rule == "latest" else float(_RULES[self._rule](values))

    @property
    def latest(self) -> float:
        """When any of them was last heard, seconds."""
        return max(at for _, at in self._heard.values())
