"""One line of the doctor's: what was looked at, how it stands, what to do. And who is asked."""

import contextlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

PATIENCE = 20.0  # seconds a driver may take to answer


class State(StrEnum):
    """How a thing stands. Only BAD makes the doctor fail."""

    WELL = "ok"
    NOTE = "note"
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it stands, and what to do where that is needed."""

    what: str
    state: State
    words: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"  ->  {self.remedy}" if self.remedy else ""
        return f"{self.state:<5} {self.what:<10} {self.words}{remedy}"


def answer(command: Sequence[str]) -> str | None:
    """What a command of the machine prints; None when it fails or is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def ask(program: str) -> str | None:
    """What a small Python program prints in a process of its own, None when it fails."""
    return answer([sys.executable, "-c", program])


def read(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text(errors="replace").strip()
    return ""
