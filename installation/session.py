"""One run of the show, as its processes share it: options, shared memory, and who the parent is."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from installation import flight
from installation.health import PROCESSES, RECORD_BYTES, SPARE
from installation.health import section as health_section
from installation.memory import Arena
from installation.presents import BYTES as PRESENTS_BYTES
from installation.presents import SECTION as PRESENTS

ENVIRONMENT = "INSTALLATION_SESSION"

KILO, MEGA = 1024, 1024 * 1024
RING_BYTES = 3 * (4096 * 2304 * 4 + 64 * KILO)  # three 4K frames; only touched pages cost memory
SECTIONS: Mapping[str, int] = {
    "show": 8 * MEGA,
    "control": 256 * KILO,
    "places": MEGA,
    "cues": 16 * KILO,
    "pairing": 4 * KILO,
    "orders": 2 * MEGA,
    "standby": 2 * MEGA,
    "keys": 16 * KILO,
    "audio": 16 * KILO,
    "ring_a": RING_BYTES,
    "ring_b": RING_BYTES,
    "preview": RING_BYTES,
    "frames": RING_BYTES,
    "wanted": 4 * KILO,
    "trial": 16 * KILO,
    PRESENTS: PRESENTS_BYTES,
    **dict.fromkeys(flight.SECTIONS, flight.SECTION_BYTES),
    **{health_section(name): 2 * RECORD_BYTES for name in (*PROCESSES, SPARE)},
}

ROOT = Path(__file__).resolve().parent.parent
SHADERS = ROOT / "shaders"


@dataclass(frozen=True, slots=True)
class Session:
    """What every child of a run is told. Paths are absolute, times monotonic seconds."""

    arena_fd: int
    parent: int
    started: float
    show_folder: str
    headless: bool = False
    width: int = 0  # canvas size in pixels; 0: as show.yaml says
    height: int = 0
    state_folder: str = ""  # where the log and the saved state go; empty: nowhere
    sends: bool = False  # whether the picture also goes elsewhere than to windows
    safe: bool = False  # begin anew: what was saved or left behind may be what ends this child
    hung: bool = False  # the process before this one stood still and was killed

    def environment(self) -> dict[str, str]:
        """The environment that hands this session to a child."""
        return {**os.environ, ENVIRONMENT: json.dumps(asdict(self))}

    @classmethod
    def from_environment(cls) -> "Session":
        """The session this process was started in."""
        return cls(**json.loads(os.environ[ENVIRONMENT]))

    def arena(self) -> Arena:
        """This session's shared memory, mapped into this process."""
        return Arena(self.arena_fd, SECTIONS)

    def orphaned(self) -> bool:
        """Whether the supervisor is gone."""
        return os.getppid() != self.parent
