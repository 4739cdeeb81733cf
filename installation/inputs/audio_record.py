"""What the sound capture tells the desk, in the arena's section "audio"; no sample is among it.

Layout: 27 float64 numbers, then two texts in UTF-8 parted by a zero byte, device and error.
"""

import struct
from dataclasses import dataclass
from typing import Self

from installation.control.told_rows import AUDIO_FEATURES

FEATURES = len(AUDIO_FEATURES)
_NUMBERS = struct.Struct(f"<{4 + FEATURES}d")
TEXT = 400  # bytes kept of each text
SILENT = (0.0,) * FEATURES


@dataclass(frozen=True, slots=True)
class AudioRecord:
    """One update. `count` goes on growing when the capture is restarted."""

    count: int = 0
    at: float = 0.0  # when the newest samples were handed over, monotonic seconds
    values: tuple[float, ...] = SILENT  # in the order of AUDIO_FEATURES
    blocks: int = 0  # blocks of this device since it was opened
    updates_per_s: float = 0.0
    device: str = ""
    error: str = ""  # why the capture ended; the other fields then are of its last update

    def pack(self) -> bytes:
        """The record as bytes."""
        numbers = (self.count, self.at, *self.values, self.blocks, self.updates_per_s)
        return _NUMBERS.pack(*numbers) + b"\0".join(map(_short, (self.device, self.error)))

    @classmethod
    def unpack(cls, payload: bytes) -> Self:
        """The record that `pack` wrote."""
        count, at, *values, blocks, rate = _NUMBERS.unpack_from(payload)
        device, error = payload[_NUMBERS.size :].decode(errors="replace").split("\0")
        return cls(int(count), at, tuple(values), int(blocks), rate, device, error)


def _short(text: str) -> bytes:
    return text.replace("\0", "").encode(errors="replace")[:TEXT]
