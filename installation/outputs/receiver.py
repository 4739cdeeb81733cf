"""What one receiver of values knows already, so that it is told all it needs and no more. Pure."""

import numpy as np

from installation.control.state import Values

QUIET = 0.5  # seconds without a word after which a hand counts as resting; a tablet sends 10 to 60
# times a second while a finger moves


class Receiver:
    """Knows `rows` values. `wanted` (bool, one a row) are those it is told; set as you like.

    The rule that keeps a fader true and its motor still: it is told every value it does not know.
    It knows what it was told last, and what it asked for itself; and while it moves a control, it
    is told nothing of that one."""

    def __init__(self, rows: int) -> None:
        self.wanted = np.zeros(rows, dtype=bool)
        self._known = np.full(rows, np.nan)
        self._quiet_until = np.full(rows, -np.inf)

    def heard(self, row: int, value: float, now: float) -> None:
        """The receiver itself asked for `value`, as the table understands it."""
        self._known[row] = value
        self._quiet_until[row] = now + QUIET

    def forget(self, rows: np.ndarray | slice) -> None:
        """These values may not have reached it: they will be told again."""
        self._known[rows] = np.nan

    def news(self, values: Values, now: float) -> np.ndarray:
        """The rows to tell now; they count as told. `values` is float64, one a row."""
        due = self.wanted & (values != self._known) & (now >= self._quiet_until)
        self._known[due] = values[due]
        return np.flatnonzero(due)
