"""Routes: from an input's signal, through conditioning, to a control. Pure."""

from collections.abc import Iterable, Mapping

import numpy as np

from installation.control.arbitration import Arbiter, Hand
from installation.control.conditioning import Conditioner, Conditioning
from installation.control.parameters import Table

_SETTLED = 1e-3  # of the control's range: nearer to neutral than this, a dead route lets go


class Routes:
    """The routes of one scene. `sources` and targets are addresses with a leading slash."""

    def __init__(self, table: Table, routes: Iterable[tuple[str, str, Conditioning]]) -> None:
        self._routes = [
            _Route(source, target, table, Conditioner(how)) for source, target, how in routes
        ]

    @property
    def sources(self) -> set[str]:
        """The addresses these routes listen to."""
        return {route.source for route in self._routes}

    def take_over(self, former: "Routes") -> None:
        """Go on where the former routes between the same source and address were."""
        known = {(route.source, route.address): route for route in former._routes}
        for route in self._routes:
            if before := known.get((route.source, route.address)):
                route.signal.take_over(before.signal)

    def hear(self, values: Mapping[str, float], now: float) -> None:
        """New values of some sources."""
        for route in self._routes:
            if route.source in values:
                route.signal.hear(values[route.source], now)

    def step(self, arbiter: Arbiter, now: float, dt: float) -> None:
        """Let every live route touch its control. A dead one does until it is back at neutral."""
        for route in self._routes:
            value = route.signal.step(now, dt)
            if route.signal.alive(now) or not route.settled(value):
                arbiter.touch(Hand.ROUTE, route.target, value, now)

    def let_go(self, arbiter: Arbiter) -> None:
        """Give every control back: another scene's routes are at work now."""
        for route in self._routes:
            arbiter.release(Hand.ROUTE, route.target)


class _Route:
    def __init__(self, source: str, address: str, table: Table, signal: Conditioner) -> None:
        self.source, self.address, self.signal = source, address, signal
        self.target = table.index(address)
        row = table[address]
        self._margin = (row.high - row.low) * _SETTLED

    def settled(self, value: float) -> bool:
        return bool(np.abs(value - self.signal.neutral) < self._margin)
