"""Shared memory that cannot leak: one anonymous file, cut into named sections.

The supervisor creates the file and hands its descriptor to the children it starts. It has no name
in any folder, so the system frees it with the last process that holds it, however that one ends.
"""

import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Mapping

_PAGE = mmap.ALLOCATIONGRANULARITY


class Arena:
    """An anonymous shared file and its sections. Untouched pages cost no memory."""

    def __init__(self, fd: int, sections: Mapping[str, int]) -> None:
        self.fd = fd
        self._map = mmap.mmap(fd, _total(sections))
        self._views: dict[str, memoryview] = {}
        self._starts: dict[str, int] = {}
        start = 0
        for name, size in sections.items():
            self._views[name] = memoryview(self._map)[start : start + size]
            self._starts[name] = start
            start += _aligned(size)

    @classmethod
    def create(cls, sections: Mapping[str, int]) -> "Arena":
        """A new arena, zeroed. `sections` gives each section's size in bytes."""
        fd = _anonymous_file()
        os.ftruncate(fd, _total(sections))
        return cls(fd, sections)

    def section(self, name: str) -> memoryview:
        """The writable bytes of one section."""
        return self._views[name]

    def copy(self, name: str) -> bytes:
        """One section's bytes, read as from a file: its pages do not become this process's."""
        return os.pread(self.fd, len(self._views[name]), self._starts[name])


def _anonymous_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("installation", 0)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _aligned(size: int) -> int:
    return -(-size // _PAGE) * _PAGE


def _total(sections: Mapping[str, int]) -> int:
    return sum(map(_aligned, sections.values()))


class Mailbox:
    """Latest-wins bytes with one writer and any number of readers, none of whom ever waits.

    Two banks and a sequence number: the writer fills the bank nobody reads and then publishes it.
    A checksum over sequence and bytes makes a torn or scribbled read impossible to mistake for a
    good one, whatever the processor's memory order; `read` then answers None and the reader keeps
    what it had.
    """

    _HEAD = struct.Struct("<4sIQ")  # magic, unused, sequence
    _BANK = struct.Struct("<QII")  # sequence, length, crc32
    _MAGIC = b"mbx1"
    _LAST = 2**64 - 1  # after it comes 1: a scribbled head must not be the writer's end

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self._bank_size = (len(view) - self._HEAD.size) // 2
        self.capacity = self._bank_size - self._BANK.size

    def write(self, payload: bytes | bytearray | memoryview) -> int:
        """Publish `payload`; returns its sequence number, counted from 1.

        Raises ValueError when it does not fit."""
        size = len(payload)
        if size > self.capacity:
            raise ValueError(f"{size} bytes do not fit a mailbox of {self.capacity}")
        sequence = self.sequence % self._LAST + 1
        start = self._bank_start(sequence)
        body = start + self._BANK.size
        self._view[body : body + size] = payload
        self._BANK.pack_into(self._view, start, sequence, size, _checksum(sequence, payload))
        self._HEAD.pack_into(self._view, 0, self._MAGIC, 0, sequence)
        return sequence

    @property
    def sequence(self) -> int:
        """How many times the box was written; 0 for an empty or a scribbled head."""
        magic, _, sequence = self._HEAD.unpack_from(self._view, 0)
        return sequence if magic == self._MAGIC else 0

    def read(self) -> bytes | None:
        """The newest whole payload, or None when there is none or it was overwritten meanwhile."""
        sequence = self.sequence
        if not sequence:
            return None
        start = self._bank_start(sequence)
        written, size, crc = self._BANK.unpack_from(self._view, start)
        if written != sequence or size > self.capacity:
            return None
        body = start + self._BANK.size
        payload = bytes(self._view[body : body + size])
        return payload if _checksum(sequence, payload) == crc else None

    def _bank_start(self, sequence: int) -> int:
        return self._HEAD.size + (sequence & 1) * self._bank_size


def _checksum(sequence: int, payload: bytes | bytearray | memoryview) -> int:
    return zlib.crc32(payload, sequence & 0xFFFFFFFF)
