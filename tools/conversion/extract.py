"""Ask a confined child process for the generator in a file, and believe it only after a look."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation.errors import EXIT_BAD_INPUT, ModelError
from installation.session import ROOT
from tools.conversion.child import FOUND, TENSORS

MOST = 8 << 30  # bytes; a training file of the largest StyleGAN2 has 1.1 GB
MOST_TOLD = 1 << 20  # bytes of facts


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may use. A 1024 pixel StyleGAN2 of 360 MB takes 2 s and its own size twice;
    Python and numpy alone map 0.4 GB."""

    memory: int  # bytes of address space
    cpu: int  # seconds
    wall: float  # seconds

    @classmethod
    def of(cls, size: int) -> "Limits":
        """Ample ones for a checkpoint of `size` bytes, on a slow and busy machine."""
        seconds = 60 + size // (10 << 20)
        return cls((1 << 30) + 3 * size, seconds, 3.0 * seconds)


def extract(source: Path, folder: Path, limits: Limits | None = None) -> dict[str, Any]:
    """Leave the generator's tensors in `folder` as TENSORS; returns the facts about it.

    Raises ModelError: not a file, no checkpoint, a hostile one, or one that takes too much."""
    if not source.is_file():
        raise ModelError(f"{source}: no such file")
    size = source.stat().st_size
    if size > MOST:
        raise ModelError(f"{source}: {size >> 30} GB is more than any StyleGAN checkpoint has")
    limits = limits or Limits.of(size)
    code = _run(source.resolve(), folder, limits)
    if code not in (0, EXIT_BAD_INPUT):
        raise ModelError(f"{source}: {_death(code, limits)}")
    told = _facts(folder / FOUND, source)
    if "error" in told:
        raise ModelError(str(told["error"]).replace(str(source.resolve()), str(source), 1))
    return told


def tensors_file(folder: Path) -> Path:
    """Where `extract` leaves the tensors."""
    return folder / TENSORS


def _run(source: Path, folder: Path, limits: Limits) -> int:
    """The child's exit code, negative for the signal that ended it."""
    command = [sys.executable, "-m", "tools.conversion.child", str(source), str(folder)]
    command += [str(limits.memory), str(limits.cpu)]
    # One thread: each of a mathematics library's takes address space of its own.
    environment = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PATH": os.defpath}
    quiet = subprocess.DEVNULL
    try:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            timeout=limits.wall,
        ).returncode
    except subprocess.TimeoutExpired:
        raise ModelError(
            f"{source}: reading took more than {limits.wall:.3g} s; given up"
        ) from None


def _death(code: int, limits: Limits) -> str:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"reading took more than {limits.cpu} s of the processor; given up"
    return (
        f"reading ended with code {code}, most likely for want of memory ({limits.memory >> 20} MB)"
    )


def _facts(path: Path, source: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MOST_TOLD:
            raise ModelError(f"{source}: tells more about itself than a checkpoint has to tell")
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError):
        raise ModelError(f"{source}: reading ended without a result") from None
