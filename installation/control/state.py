"""ControlState: the value of every row, in shared memory. The desk writes, decks and stage read."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from installation.control.layout import HEAD as _HEAD
from installation.control.layout import SOURCES
from installation.control.parameters import Table
from installation.memory import Mailbox

Values = npt.NDArray[np.float64]

__all__ = ["SOURCES", "Stamp", "StateReader", "StateWriter", "Values"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """The newest event of one source that a state contains."""

    count: float = 0.0  # events so far
    at: float = 0.0  # when it was received, monotonic seconds


class StateWriter:
    """The desk's end. Writing never waits; readers see the old state or the new one, whole."""

    def __init__(self, view: memoryview, table: Table, edition: int = 0) -> None:
        """`edition` numbers the reading of show.yaml that the values are of."""
        self._box = Mailbox(view)
        self._buffer = np.zeros(_HEAD + len(table))
        self._buffer[0], self._buffer[2] = table.fingerprint, edition

    def write(self, values: Values, stamps: dict[str, Stamp], now: float) -> None:
        """Publish `values` (float64, one a row) and the stamps of what went into them."""
        self._buffer[1] = now
        for place, source in enumerate(SOURCES):
            stamp = stamps.get(source, Stamp())
            self._buffer[3 + 2 * place : 5 + 2 * place] = stamp.count, stamp.at
        self._buffer[_HEAD:] = values
        self._box.write(self._buffer.data.cast("B"))


class StateReader:
    """Any other process's end: `values` is always a whole state, the defaults before the first."""

    def __init__(self, view: memoryview, table: Table) -> None:
        self._box = Mailbox(view)
        self._table = table
        self._fingerprint = float(table.fingerprint)
        self._size = 8 * (_HEAD + len(table))
        self._sequence = 0
        self.values: Values = np.array([row.default for row in table], dtype=np.float64)
        self.written_at = 0.0
        self.edition = 0  # of the newest state, also when its table is not ours
        self._stamps = np.zeros(2 * len(SOURCES))

    def refresh(self) -> Self:
        """Take the newest state, or keep the last good one when there is none."""
        sequence = self._box.sequence
        if sequence == self._sequence:
            return self
        payload = self._box.read()
        if payload is None or len(payload) < 8 * _HEAD:
            return self
        state = np.frombuffer(payload, count=len(payload) // 8)
        self.edition = int(state[2])
        if state[0] == self._fingerprint and len(payload) == self._size:
            self._sequence = sequence
            self.written_at = float(state[1])
            self._stamps[:] = state[3:_HEAD]
            self.values[:] = state[_HEAD:]
        return self

    def __getitem__(self, address: str) -> float:
        return float(self.values[self._table.index(address)])

    @property
    def stamps(self) -> Values:
        """(count, received at) of each of SOURCES, flat, float64; a live view."""
        return self._stamps
