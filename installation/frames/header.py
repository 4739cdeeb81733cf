"""What travels with a picture: who made it when, from which controls, and where the walk was."""

import struct
from dataclasses import dataclass, field
from enum import IntFlag

from installation.control.state import SOURCES

WALK_STATE = 16  # float64 numbers a walk may keep
_LAYOUT = struct.Struct(f"<IIIIQdd{2 * len(SOURCES)}d{WALK_STATE}dQ")


HEADER_BYTES = _LAYOUT.size


class Flag(IntFlag):
    """What is special about a picture."""

    NONE = 0
    TEST_CARD = 1  # no model could be loaded
    IDLE = 2  # of an idle film, not of a deck


@dataclass(slots=True)
class Header:
    """A picture's header. Times are monotonic seconds."""

    width: int
    height: int
    scene: int = 0  # index into the show's scenes
    flags: int = 0
    index: int = 0  # pictures this deck has made; never goes back within one process
    made_at: float = 0.0
    cost: float = 0.0  # seconds the picture took
    stamps: tuple[float, ...] = (0.0,) * (2 * len(SOURCES))  # as in ControlState
    walk: tuple[float, ...] = field(default=(0.0,) * WALK_STATE)
    edition: int = 0  # of show.yaml, whose scenes `scene` counts

    def pack_into(self, view: memoryview) -> None:
        """Write the header to the start of `view`."""
        _LAYOUT.pack_into(
            view,
            0,
            self.width,
            self.height,
            self.scene,
            self.flags,
            self.index,
            self.made_at,
            self.cost,
            *self.stamps,
            *self.walk,
            self.edition,
        )

    @classmethod
    def unpack_from(cls, view: memoryview | bytes) -> "Header":
        """The header at the start of `view`."""
        numbers = _LAYOUT.unpack_from(view, 0)
        split = 7 + 2 * len(SOURCES)
        return cls(
            *numbers[:7], stamps=numbers[7:split], walk=numbers[split:-1], edition=numbers[-1]
        )
