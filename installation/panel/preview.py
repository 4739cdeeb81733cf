"""The picture on the wall, small and compressed, for those who watch it on a phone."""

import threading

import simplejpeg

from installation.frames.ring import RingReader

QUALITY = 80  # 640x360 of a painted sea: 25 to 45 kB, no visible blocks on a phone


class Preview:
    """The newest picture of a ring as JPEG. Encodes when asked, once a picture. Thread-safe."""

    def __init__(self, ring: RingReader) -> None:
        self._ring = ring
        self._lock = threading.Lock()
        self._jpeg: bytes | None = None

    def jpeg(self) -> bytes | None:
        """The newest whole picture, None before the first; the same object until a newer one."""
        with self._lock:
            newest = self._ring.newest()
            if newest is not None:
                jpeg = simplejpeg.encode_jpeg(newest[1], QUALITY, "RGBA", "420")
                self._jpeg = jpeg if self._ring.intact() else self._jpeg
            return self._jpeg
