"""Routes: from one or several inputs' signals, through conditioning, to a control. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from installation.control.arbitration import Arbiter, Hand
from installation.control.conditioning import Conditioner, Conditioning
from installation.control.merging import Merger
from installation.control.parameters import Table
from installation.control.signals import MergeRule

_SETTLED = 1e-3  # of the control's range: nearer to neutral than this, a dead route lets go


@dataclass(frozen=True, slots=True)
class Path:
    """From `sources`, merged by a rule, to `target`: addresses with a leading slash."""

    sources: tuple[str, ...]
    target: str
    how: Conditioning
    merge: MergeRule = "max"


class Routes:
    """The routes of one scene."""

    def __init__(self, table: Table, paths: Iterable[Path]) -> None:
        self._routes = [_Route(path, table) for path in paths]

    @property
    def sources(self) -> set[str]:
        """The addresses these routes listen to."""
        return {source for route in self._routes for source in route.sources}

    def take_over(self, former: "Routes") -> None:
        """Go on where the former routes between the same sources and address were."""
        known = {(route.sources, route.address): route for route in former._routes}
        for route in self._routes:
            if before := known.get((route.sources, route.address)):
                route.take_over(before)

    def hear(self, values: Mapping[str, float], now: float) -> None:
        """New values of some sources."""
        for route in self._routes:
            for source in route.sources:
                if source in values:
                    route.hear(source, values[source], now)

    def step(self, arbiter: Arbiter, now: float, dt: float) -> None:
        """Let every route that has something to say touch its control."""
        for route in self._routes:
            route.step(arbiter, now, dt)

    def let_go(self, arbiter: Arbiter) -> None:
        """Give every control back: another scene's routes are at work now."""
        for route in self._routes:
            arbiter.release(Hand.ROUTE, route.target)


class _Route:
    def __init__(self, path: Path, table: Table) -> None:
        self.sources, self.address = path.sources, path.target
        self.target = table.index(path.target)
        self._signal = Conditioner(path.how)
        self._merger = Merger(path.merge, path.how.timeout)
        row = table[path.target]
        self._margin = (row.high - row.low) * _SETTLED

    def take_over(self, former: "_Route") -> None:
        self._signal.take_over(former._signal)
        self._merger.take_over(former._merger)

    def hear(self, source: str, value: float, now: float) -> None:
        """Steps add up as they come; of all else, the sources' merged value counts."""
        if np.isfinite(value) and not self._signal.steps:
            value = self._merger.hear(source, value, now)
        self._signal.hear(value, now)

    def step(self, arbiter: Arbiter, now: float, dt: float) -> None:
        """A live route touches its control, a dead one until it is back at neutral, a relative one
        while it moves: then it goes on from wherever another hand has left the control."""
        signal = self._signal
        if self._merger.forget_silent(now):
            signal.hear(self._merger.value, self._merger.latest)
        if signal.relative and arbiter.holder[self.target] != Hand.ROUTE:
            signal.begin_at(arbiter.wanted(self.target, now))
        value = signal.step(now, dt)
        if self._speaks(now):
            arbiter.touch(Hand.ROUTE, self.target, value, now)

    def _speaks(self, now: float) -> bool:
        if self._signal.relative:
            return self._signal.moved
        away = np.abs(self._signal.value - self._signal.neutral) >= self._margin
        return bool(self._signal.alive(now) or away)
