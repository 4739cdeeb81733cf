"""Pictures to a file: an H.264 film, or a folder of PNG pictures. Not for the live show."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from installation.errors import InstallationError

_RATE_LIMIT = 1001  # denominators: 29.97 is 30000/1001
QUALITY = "16"  # x264's crf: no difference to the eye on slow gradients


class Film:
    """A film in the making; use it in a `with`. `out` ends in .mp4, or is a folder for PNGs.

    Raises InstallationError when the place cannot be written, ValueError for odd sizes of a film.
    """

    def __init__(self, out: Path, size: tuple[int, int], fps: float) -> None:
        rate = Fraction(fps).limit_denominator(_RATE_LIMIT)
        film = out.suffix.lower() == ".mp4"
        try:
            (out.parent if film else out).mkdir(parents=True, exist_ok=True)
            target = str(out) if film else str(out / "%06d.png")
            self._container = av.open(target, "w", format=None if film else "image2")
        except OSError as error:
            raise InstallationError(f"{out}: cannot be written: {error.strerror}") from None
        codec = "libx264" if film else "png"
        self._stream = self._container.add_stream(codec, rate=rate)
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p" if film else "rgb24"
        self._stream.time_base = self._frame_time = 1 / rate
        if film:
            self._stream.options = {"crf": QUALITY, "preset": "medium"}
        self._count = 0

    def add(self, picture: npt.NDArray[np.uint8]) -> None:
        """The next picture, uint8 (height, width, 3 or 4), sRGB."""
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[..., :3]), "rgb24")
        frame.pts, frame.time_base = self._count, self._frame_time
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def __enter__(self) -> "Film":
        return self

    def __exit__(self, *error: object) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()
