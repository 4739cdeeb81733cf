"""What the outputs process asks of the stage: pictures, and how many a second."""

import math
import struct

from installation.memory import Mailbox

_RATE = struct.Struct("<d")


class Wanted:
    """How many pictures a second the outputs want: written by them, read by the stage."""

    def __init__(self, view: memoryview) -> None:
        self._box = Mailbox(view)
        self._sequence = 0
        self._rate = 0.0

    def write(self, rate: float) -> None:
        """Ask for this many a second; 0 for none."""
        if rate != self.read():
            self._box.write(_RATE.pack(rate))

    def read(self) -> float:
        """What is asked for now."""
        sequence = self._box.sequence
        if sequence != self._sequence and (data := self._box.read()):
            (rate,) = _RATE.unpack(data)
            self._rate = rate if math.isfinite(rate) else 0.0
            self._sequence = sequence
        return self._rate
