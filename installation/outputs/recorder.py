"""The wall to a film, picture by picture with the time it was presented at.

The film is written in fragments of half a second and synced every second, so that a power cut
leaves a film that plays to within a second or two of it. Its rate varies, as the wall's did: each
picture carries its own time (ISO/IEC 14496-12, fragmented movies).
"""

import os
import shutil
import time
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from installation.errors import InstallationError
from installation.outputs.codecs import CODECS, SUFFIXES, Codec, add_stream, frame_of
from installation.outputs.sink import Picture

CLOCK = 90_000  # ticks a second: MPEG's own, and finer than any display
FRAGMENT = 500_000  # microseconds
SYNC = 1.0  # seconds of film between two syncs and two looks at the disk
SPARE = 500 * 10**6  # bytes that a disk must have left: the log and the saved state need some
_GOP = 60  # pictures from one whole picture to the next: a player finds its place within a second


class Recorder:
    """One recording; a picture of another size begins another film. Raises InstallationError when
    the folder cannot be written or is full: `most` is what all films in it may take, in bytes."""

    def __init__(self, folder: Path, codec: str, most: int) -> None:
        self._folder, self._codec, self._most = folder, codec, most
        self._film: _Film | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InstallationError(f"{folder}: cannot be written: {error.strerror}") from None
        _check_room(folder, most)

    def send(self, picture: Picture, at: float) -> None:
        """The next picture of the film."""
        even = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
        if self._film is None or self._film.shape != even.shape:
            self.close()
            self._film = _Film(self._folder, CODECS[self._codec], even, at)
        if self._film.add(even, at):
            _check_room(self._folder, self._most)

    def close(self) -> None:
        """End the film."""
        if self._film:
            self._film.close()
            self._film = None


class _Film:
    def __init__(self, folder: Path, codec: Codec, first: Picture, at: float) -> None:
        self._codec, self.shape, self._start, self._last = codec, first.shape, at, -1
        self._path = _free(folder, codec.suffix)
        flags = {
            "movflags": "empty_moov+default_base_moof",
            "frag_duration": str(FRAGMENT),
            "flush_packets": "1",
        }
        self._container = av.open(str(self._path), "w", options=flags)
        size = first.shape[1], first.shape[0]
        stream = add_stream(self._container, codec, size, codec.live, rate=60)
        stream.codec_context.time_base = Fraction(1, CLOCK)
        stream.gop_size = _GOP
        self._stream, self._synced = stream, at

    def add(self, picture: Picture, at: float) -> bool:
        """Write a picture; whether it was time to sync, which is done."""
        frame = frame_of(picture, self._codec)
        self._last = max(round((at - self._start) * CLOCK), self._last + 1)
        frame.pts, frame.time_base = self._last, Fraction(1, CLOCK)
        self._container.mux(self._stream.encode(frame))
        due = at - self._synced >= SYNC
        if due:
            self._synced = at
            self._sync()
        return due

    def close(self) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()
        self._sync()

    def _sync(self) -> None:
        fd = os.open(self._path, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


def still(folder: Path, picture: Picture) -> Path:
    """Keep one picture, uint8 (height, width, 4), as a PNG; its place. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    data = png(picture)
    path = _free(folder, ".png")
    part = path.with_suffix(".part")
    part.write_bytes(data)
    part.replace(path)
    return path


def png(picture: Picture) -> bytes:
    """A picture, uint8 (height, width, 4), as a PNG file's bytes, without its alpha."""
    codec = av.CodecContext.create("png", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.height, codec.width = picture.shape[:2]
    codec.pix_fmt, codec.time_base = "rgb24", Fraction(1, 25)
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[..., :3]), "rgb24")
    return b"".join(bytes(packet) for packet in [*codec.encode(frame), *codec.encode(None)])


def _free(folder: Path, suffix: str) -> Path:
    """A name that is not taken: the local time, for people; nothing is decided by it."""
    name = time.strftime("%Y-%m-%d %H.%M.%S")
    path = folder / f"{name}{suffix}"
    number = 2
    while path.exists():
        path, number = folder / f"{name} {number}{suffix}", number + 1
    return path


def _check_room(folder: Path, most: int) -> None:
    used = sum(f.stat().st_size for f in folder.iterdir() if f.suffix in SUFFIXES)
    if used >= most:
        raise InstallationError(
            f"{folder}: its films fill {used / 1e9:.1f} GB of the {most / 1e9:.1f} GB they may; "
            "move some away, or raise outputs.record.max"
        )
    if (left := shutil.disk_usage(folder).free) < SPARE:
        raise InstallationError(f"{folder}: the disk has {left / 1e6:.0f} MB left; free some")
