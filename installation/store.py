"""A small file that survives a power cut at any byte: whole and new, or whole and old.

Written beside, synced, then renamed, and the folder synced (rename is atomic in POSIX; without the
syncs a journalling file system may still bring back an empty file). The copy before it is kept as
`.1`. A line with length and CRC-32 in front makes a cut or altered file impossible to mistake.
"""

import os
import stat
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

MOST = 1024 * 1024  # bytes; a larger file is not ours

Step = Callable[[str], None]


class DamagedError(ValueError):
    """A file is cut off or altered."""


@dataclass(frozen=True, slots=True)
class Found:
    """What `read` found: the body, None if there is none, and what a person should know."""

    body: bytes | None
    note: str = ""


class Store:
    """One such file. `step` is called between the steps of a write; tests end the process there."""

    def __init__(self, path: Path, step: Step = lambda name: None) -> None:
        self.path = path
        self.copy = path.with_name(path.name + ".1")
        self._part = path.with_name(path.name + ".part")
        self._step = step

    def write(self, body: bytes) -> None:
        """Put `body` in the place of what was there. Raises OSError; then the old one stands."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._step("begin")
        self._lay(b"%d %08x\n" % (len(body), zlib.crc32(body)) + body)
        if _is_whole(self.path):  # a damaged file must not take the good copy's place
            os.replace(self.path, self.copy)
            self._step("kept")
        os.replace(self._part, self.path)
        self._step("replaced")
        _sync(self.path.parent)

    def read(self) -> Found:
        """The newest whole body: of the file, else of the copy. Never raises."""
        problems = []
        for path in (self.path, self.copy):
            try:
                body = _body(path)
            except FileNotFoundError:
                continue
            except (OSError, DamagedError) as error:
                problems.append(f"{path} cannot be used: {_reason(error)}")
            else:
                said = [*problems, "the copy before it is used"] if problems else []
                return Found(body, "; ".join(said))
        return Found(None, "; ".join(problems))

    def forget(self) -> None:
        """Remove the file and its copies."""
        for path in (self.path, self.copy, self._part):
            path.unlink(missing_ok=True)

    def _lay(self, data: bytes) -> None:
        fd = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            self._step("opened")
            half = len(data) // 2
            for piece in (data[:half], data[half:]):
                _write_all(fd, piece)
                self._step("written")
            os.fsync(fd)
        finally:
            os.close(fd)
        self._step("synced")


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _sync(folder: Path) -> None:
    if os.name == "posix":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def _body(path: Path) -> bytes:
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a FIFO must not hold us up
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise DamagedError("it is no file")
        head, _, body = file.read(MOST + 1).partition(b"\n")
    if len(body) >= MOST or head != b"%d %08x" % (len(body), zlib.crc32(body)):
        raise DamagedError("it is cut off or altered")
    return body


def _is_whole(path: Path) -> bool:
    try:
        _body(path)
    except (OSError, DamagedError):
        return False
    return True


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
