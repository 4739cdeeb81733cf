"""The picture in a file that other programs map: three slots, the latest wins, nobody waits.

The layout is that of `frames/ring.py` and is described, with a reader, in docs/outputs.md.
"""

import mmap
import os
from pathlib import Path

from installation.errors import DeviceError
from installation.frames.header import Header
from installation.frames.ring import RingWriter
from installation.outputs.sink import Picture

PAGE = 4096
SLOTS = 3


class ShareSink:
    """Writes pictures into `file`. A larger picture makes a new file in the old one's place:
    readers that find it gone open it again. Raises DeviceError when it cannot be made."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._map: mmap.mmap | None = None
        self._ring: RingWriter | None = None
        self._count = 0

    def send(self, picture: Picture, at: float) -> None:
        """Publish a picture."""
        if self._ring is None or picture.nbytes > self._ring.capacity:
            self._ring = self._made(picture.nbytes)
        height, width = picture.shape[:2]
        self._ring.frame(width, height)[:] = picture
        self._count += 1
        self._ring.publish(Header(width, height, index=self._count, made_at=at))

    def close(self) -> None:
        """Take the file away; who has it mapped keeps the last picture."""
        if self._ring:
            self._ring = None
            self._file.unlink(missing_ok=True)

    def _made(self, size: int) -> RingWriter:
        slot = PAGE + -(-size // PAGE) * PAGE
        part = self._file.with_name(self._file.name + ".part")
        try:
            part.unlink(missing_ok=True)
            fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)  # this user's eyes only
            try:
                os.ftruncate(fd, PAGE + SLOTS * slot)
                self._map = mmap.mmap(fd, PAGE + SLOTS * slot)
            finally:
                os.close(fd)
            part.replace(self._file)
        except OSError as error:
            raise DeviceError(f"{self._file}: cannot be made: {error.strerror}") from None
        return RingWriter(memoryview(self._map))
