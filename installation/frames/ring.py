"""Pictures between processes: three slots of shared memory, one writer, latest wins, nobody waits.

The writer fills the slot after the newest and then names it newest. A reader takes the newest;
it would have to sleep for two whole pictures before the writer came round to the slot it reads,
and then the slot's two sequence numbers tell it. Random bytes in the head fail the magic, the
sequence or the size, and the picture is skipped.
"""

import struct
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.frames.header import HEADER_BYTES, Header

SLOTS = 3
_HEAD = struct.Struct("<4sIQ")  # magic, slots, newest sequence
_SEQUENCE = struct.Struct("<Q")
_MAGIC = b"ring"
_LAST = 2**64 - 1  # after it comes 1: a scribbled head must not be the next writer's end
_ALIGN = 4096  # slots start on a page, so that each can be page-locked for a device

Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Slot:
    begin: memoryview  # sequence, written before the pixels
    end: memoryview  # the same sequence, written after them
    header: memoryview
    pixels: memoryview


def _slots(view: memoryview) -> list[_Slot]:
    size = (len(view) - _ALIGN) // SLOTS // _ALIGN * _ALIGN
    starts = [_ALIGN + place * size for place in range(SLOTS)]
    return [_slot(view[start : start + size]) for start in starts]


def _slot(view: memoryview) -> _Slot:
    return _Slot(view[0:8], view[8:16], view[16 : 16 + HEADER_BYTES], view[_ALIGN:])


class RingWriter:
    """The end that makes pictures."""

    def __init__(self, view: memoryview) -> None:
        self._head = view[: _HEAD.size]
        self._slots = _slots(view)
        self.capacity = len(self._slots[0].pixels)
        self._sequence = _newest(self._head)

    def frame(self, width: int, height: int) -> Picture:
        """The next slot's pixels, uint8 (height, width, 4), to be drawn into and then published.

        Raises ValueError when a picture of that size does not fit."""
        if width * height * 4 > self.capacity:
            raise ValueError(f"{width}x{height} pixels do not fit a slot of {self.capacity} bytes")
        sequence = self._sequence % _LAST + 1
        slot = self._slots[sequence % SLOTS]
        _SEQUENCE.pack_into(slot.begin, 0, sequence)
        return _pixels(slot, width, height)

    def publish(self, header: Header) -> None:
        """Name the drawn slot newest."""
        self._sequence = self._sequence % _LAST + 1
        slot = self._slots[self._sequence % SLOTS]
        header.pack_into(slot.header)
        _SEQUENCE.pack_into(slot.begin, 0, self._sequence)
        _SEQUENCE.pack_into(slot.end, 0, self._sequence)
        _HEAD.pack_into(self._head, 0, _MAGIC, SLOTS, self._sequence)


class RingReader:
    """The end that shows pictures."""

    def __init__(self, view: memoryview) -> None:
        self._head = view[: _HEAD.size]
        self._slots = _slots(view)
        self._seen = 0
        self.torn = 0  # pictures given up because they changed while being read

    @property
    def fresh(self) -> bool:
        """Whether there is a picture that `newest` has not handed out yet."""
        return _newest(self._head) != self._seen

    def newest(self) -> tuple[Header, Picture] | None:
        """The newest picture if it was not handed out before: header, and a view of its pixels.

        The view is of shared memory: copy or upload it at once, then ask `intact`."""
        sequence = _newest(self._head)
        if sequence in (0, self._seen):
            return None
        slot = self._slots[sequence % SLOTS]
        self._seen = sequence
        if not self._holds(slot, sequence):
            self.torn += 1
            return None
        header = Header.unpack_from(slot.header)
        if not 0 < header.width * header.height * 4 <= len(slot.pixels):
            self.torn += 1
            return None
        return header, _pixels(slot, header.width, header.height)

    def intact(self) -> bool:
        """Whether the picture last handed out is still whole; False counts it as torn."""
        whole = self._holds(self._slots[self._seen % SLOTS], self._seen)
        self.torn += not whole
        return whole

    @staticmethod
    def _holds(slot: _Slot, sequence: int) -> bool:
        begin = _SEQUENCE.unpack_from(slot.begin, 0)[0]
        return begin == sequence == _SEQUENCE.unpack_from(slot.end, 0)[0]


def _newest(head: memoryview) -> int:
    magic, slots, sequence = _HEAD.unpack_from(head, 0)
    return sequence if magic == _MAGIC and slots == SLOTS else 0


def _pixels(slot: _Slot, width: int, height: int) -> Picture:
    flat = np.frombuffer(slot.pixels, np.uint8, width * height * 4)
    return flat.reshape(height, width, 4)
