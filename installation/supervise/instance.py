"""One run of a show at a time: a lock that the system lets go of, however its holder ends.

flock(2) belongs to the open file and not to a name or a process id, so a lock cannot be stale:
SIGKILL and a power cut release it too. The file stays; only who holds it counts.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from installation import folders
from installation.errors import RunningError

_PID_BYTES = 20


@contextlib.contextmanager
def playing(show: Path, folder: Path | None = None) -> Iterator[None]:
    """The right to play a show while the block runs.

    Raises RunningError, with the other's process id, when the show is being played. Where no lock
    can be had (no such call, a folder that cannot be written) the show plays all the same: a dark
    wall is worse than a second one."""
    try:
        fd = _open(folder or folders.runtime_home(), folders.key(show))
    except OSError:
        yield
        return
    try:
        if not _lock(fd):
            raise RunningError(f"{show} is being played already, by process {_holder(fd)}")
        os.ftruncate(fd, 0)
        os.write(fd, b"%d\n" % os.getpid())
        yield
    finally:
        os.close(fd)  # not inheritable: no child holds it on


def player(show: Path, folder: Path | None = None) -> str | None:
    """The id of the process that plays a show, None when nobody does."""
    file = (folder or folders.runtime_home()) / _name(folders.key(show))
    try:
        fd = os.open(file, os.O_RDWR)
    except OSError:
        return None
    try:
        return None if _lock(fd) else _holder(fd)
    finally:
        os.close(fd)


def forget(folder: Path) -> None:
    """Remove the lock files that nobody holds, and the folder if none is left."""
    for file in folder.glob(_name("*")):
        fd = os.open(file, os.O_RDWR)
        if _lock(fd):
            file.unlink()
        os.close(fd)
    with contextlib.suppress(OSError):  # not empty: a show is being played; or not there
        folder.rmdir()


def _name(key: str) -> str:
    return f"{key}.lock"


def _open(folder: Path, key: str) -> int:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    return os.open(folder / _name(key), flags, 0o600)


def _lock(fd: int) -> bool:
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(fd: int) -> str:
    return os.read(fd, _PID_BYTES).decode("ascii", "replace").strip() or "unknown"
