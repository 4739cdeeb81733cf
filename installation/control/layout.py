"""How the control state lies in shared memory: float64 numbers, a head and then one a row.

Apart from `state`, which needs numpy: the supervisor lays out the first state without it.
"""

import struct
from collections.abc import Sequence

from installation.control.parameters import Table

SOURCES = ("osc", "audio", "keys", "midi")  # inputs whose way to the wall is measured
HEAD = 3 + 2 * len(SOURCES)  # fingerprint, written at, edition, and a stamp a source


def first(table: Table, values: Sequence[float], now: float, edition: int) -> bytes:
    """A state as a former desk would have left it; the desk that starts goes on from there."""
    head = (float(table.fingerprint), now, float(edition), *(0.0,) * (HEAD - 3))
    return struct.pack(f"={HEAD + len(table)}d", *head, *values)
