"""The flight recorder: for every picture a deck draws, all that it was drawn from.

A ring of fixed records in shared memory, which outlives the deck. A record is laid before the
picture is begun and completed when it is there, so that the picture a deck fell over is the last
one in it. Each record stands for itself, by its number and its checksum: what is torn or scribbled
over is left out, and nothing else is lost. A picture costs 11 µs and the checksum of its rows (8 µs
at 256², 22 at 512²), on one core of two that others use as well.
"""

import zlib
from enum import IntFlag

import numpy as np
import numpy.typing as npt

from installation.control.edit_rows import EDIT_GROUPS
from installation.control.parameters import Table
from installation.control.state import Values
from installation.latent.walks import STATE, State
from installation.show.diff import Part

MOVED = 32  # controls away from their default that fit a record
GROUPS = (
    "walk",
    "steer",
    "style",
    "zone",
    "direction",
    *EDIT_GROUPS,
)  # of the controls that a deck reads
EVERY = 16  # the rows of a picture whose checksum is taken: all of 512² cost 303 µs, these 27

RECORD = np.dtype(
    [
        ("number", "<u8"),  # of the picture, from 1, over all processes of this deck
        ("at", "<f8"),  # when it was begun, monotonic seconds
        ("dt", "<f8"),  # seconds since the one before it, as the walk took them
        ("edition", "<u8"),  # of show.yaml
        ("scene", "<i4"),
        ("flags", "<u4"),
        ("picture", "<u4"),  # CRC-32 of every 16th row
        ("moved", "<u4"),  # how many of `rows` and `values` count
        ("walk", "<f8", STATE),  # before the step
        ("values", "<f8", MOVED),
        ("rows", "<u2", MOVED),  # of the table
        ("left_out", "<u4"),  # parts of the edit that no graph was ready for, see anatomy.parts
        ("member", "<u4"),  # of the scene's models
        ("spare", "<u4"),
        ("check", "<u4"),  # CRC-32 of what is before it
    ]
)
Records = npt.NDArray[np.void]


class Doing(IntFlag):
    """What was special while a picture was drawn."""

    NONE = 0
    BEGUN = 1  # not finished yet; in a fallen deck's last record: never
    JUNK = 2  # it was not finite and thrown away
    TRAVEL = 4  # between two walks: where it began is not in the record
    ORDERED = 8  # a journey or a partner that somebody ordered, not of show.yaml
    ANOTHER = 16  # a network that is not the scene's
    CROWDED = 32  # more controls were moved than a record holds
    FENCED = 64  # kept by a fence, which goes on from where it was
    FAILING = 128  # the walk failed: where the picture was is not in the record


# These cannot be drawn again.
APART = Doing.TRAVEL | Doing.ORDERED | Doing.ANOTHER | Doing.CROWDED | Doing.FENCED | Doing.FAILING


class Recorder:
    """A deck's end. Goes on after the last record of its forebear."""

    def __init__(self, view: memoryview, table: Table, edition: int) -> None:
        self._view = view
        self._count = len(view) // RECORD.itemsize
        self._bytes = bytearray(RECORD.itemsize)
        self._record = np.frombuffer(self._bytes, RECORD)[0]
        self._record["edition"] = edition
        self._defaults = np.array([row.default for row in table])
        self._read = np.array([row.group in GROUPS for row in table])
        self._moved = np.zeros(len(table), bool)
        self._number = _last(view)
        self._doing = Doing.NONE

    def begin(
        self, at: float, part: Part, doing: Doing, dt: float, walk: State, values: Values
    ) -> None:
        """Before a picture: what it will be drawn from; `values` is one float64 a row."""
        self._number += 1
        record = self._record
        np.not_equal(values, self._defaults, out=self._moved)
        np.logical_and(self._moved, self._read, out=self._moved)
        rows = self._moved.nonzero()[0]
        moved = len(rows)
        if moved > MOVED:
            moved, rows, doing = 0, rows[:0], doing | Doing.CROWDED
        record["rows"][:moved], record["values"][:moved] = rows, values[rows]
        record["number"], record["at"], record["dt"] = self._number, at, dt
        record["scene"], record["member"] = part
        record["moved"], record["walk"] = moved, walk
        self._doing, record["picture"], record["left_out"] = doing, 0, 0
        self._lay(doing | Doing.BEGUN)

    def end(
        self,
        picture: npt.NDArray[np.uint8],
        good: bool,
        left_out: int = 0,
        doing: Doing = Doing.NONE,
    ) -> None:
        """After it, uint8 (height, width, 4), and what came up while it was drawn; not `good`: it
        was thrown away. `left_out` are the parts of the edit that it is without."""
        self._record["left_out"] = left_out
        self._record["picture"] = fingerprint(picture) if good else 0
        self._lay(self._doing | doing if good else self._doing | doing | Doing.JUNK)

    def _lay(self, doing: Doing) -> None:
        self._record["flags"] = doing
        self._record["check"] = zlib.crc32(memoryview(self._bytes)[:-4])
        start = self._number % self._count * RECORD.itemsize
        self._view[start : start + RECORD.itemsize] = self._bytes


def fingerprint(picture: npt.NDArray[np.uint8]) -> int:
    """The CRC-32 of every 16th row."""
    crc = 0
    for row in range(0, len(picture), EVERY):
        crc = zlib.crc32(picture[row], crc)
    return crc


def whole(data: bytes | bytearray | memoryview) -> Records:
    """The whole records of a ring, in order."""
    ring = _ring(data)
    held = np.flatnonzero(_in_place(ring))
    good = [place for place in held if _checked(ring, int(place))]
    return np.sort(ring[good], order="number")


def _last(view: memoryview) -> int:
    ring = _ring(view)
    held = np.flatnonzero(_in_place(ring))
    for place in held[np.argsort(ring["number"][held])[::-1]]:
        if _checked(ring, int(place)):
            return int(ring["number"][place])
    return 0


def _ring(data: bytes | bytearray | memoryview) -> Records:
    return np.frombuffer(data, RECORD, len(data) // RECORD.itemsize)


def _in_place(ring: Records) -> npt.NDArray[np.bool_]:
    number = ring["number"]
    return (number > 0) & (number % max(len(ring), 1) == np.arange(len(ring)))


def _checked(ring: Records, place: int) -> bool:
    return zlib.crc32(ring[place].tobytes()[:-4]) == ring["check"][place]
