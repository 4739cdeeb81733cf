"""A log file that stays small and whole, and that no disk can turn into a fault.

When it is full it becomes `.1`, that one `.2`, and the oldest is dropped. A line is written whole
or not at all. On a full, read-only or missing disk lines are dropped and counted, and the count is
the first line when there is room again.
"""

import contextlib
import errno
import os
from pathlib import Path

LIMIT = 1024 * 1024  # bytes a file
COPIES = 3
# A FIFO in the file's place must not hold us up; a regular file does not mind.
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)


class Journal:
    """One file and its former selves, at most `limit` bytes each."""

    def __init__(self, path: Path, limit: int = LIMIT, copies: int = COPIES) -> None:
        self._path, self._limit, self._copies = path, limit, copies
        self._fd = -1
        self.dropped = 0  # lines since the last one that was written

    def write(self, line: bytes) -> bool:
        """Add one line, with its line end; False when it had to be dropped. Never raises."""
        try:
            if self.dropped:
                self._add(b'{"dropped": %d}\n' % self.dropped)
                self.dropped = 0
            self._add(line)
        except OSError:
            self.dropped += 1
            self.close()
            return False
        return True

    def close(self) -> None:
        """Let the file go; the next line opens it again."""
        if self._fd >= 0:
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = -1

    def _add(self, line: bytes) -> None:
        if self._fd < 0:
            self._open()
        size = os.fstat(self._fd).st_size
        if size and size + len(line) > self._limit:
            self._rotate()
            size = 0
        written = os.write(self._fd, line[: self._limit])
        if written < len(line):
            os.ftruncate(self._fd, size)
            raise OSError(errno.ENOSPC, "no room for the whole line")

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._fd = os.open(self._path, _FLAGS, 0o600)

    def _rotate(self) -> None:
        self.close()
        for number in range(self._copies - 1, 0, -1):
            with contextlib.suppress(FileNotFoundError):
                os.replace(self._copy(number), self._copy(number + 1))
        os.replace(self._path, self._copy(1))
        self._open()

    def _copy(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")
