"""Reading a file that anybody may have put there: no more of it than is asked for, and no pipe in
its place holds the reader up."""

import errno
import os
import stat
from pathlib import Path


def read(path: Path, most: int) -> bytes:
    """Its bytes. Raises OSError, whose `strerror` says why not: it is no file, or larger."""
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most} bytes")
    return data
