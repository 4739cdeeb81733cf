"""Pictures to a file: a film, or a folder of PNG pictures. Not for the live show."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from installation.errors import InstallationError
from installation.outputs.codecs import CODECS, SUFFIXES, Codec, add_stream, frame_of

_RATE_LIMIT = 1001  # denominators: 29.97 is 30000/1001


class Film:
    """A film in the making; use it in a `with`. See `codec_for` for what `out` may be.

    Raises InstallationError when the place cannot be written, ValueError for odd sizes of a film.
    """

    def __init__(
        self, out: Path, size: tuple[int, int], fps: float, codec: str | None = None
    ) -> None:
        rate = Fraction(fps).limit_denominator(_RATE_LIMIT)
        self._codec = codec_for(out, codec)
        try:
            (out.parent if self._codec else out).mkdir(parents=True, exist_ok=True)
            target, form = (str(out), None) if self._codec else (str(out / "%06d.png"), "image2")
            self._container: Any = av.open(target, "w", format=form)
        except OSError as error:
            raise InstallationError(f"{out}: cannot be written: {error.strerror}") from None
        self._stream = self._opened(size, rate)
        self._stream.time_base = self._frame_time = 1 / rate
        self._count = 0

    def add(self, picture: npt.NDArray[np.uint8]) -> None:
        """The next picture, uint8 (height, width, 3 or 4), sRGB."""
        if self._codec:
            frame = frame_of(picture[..., :3], self._codec)
        else:
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[..., :3]), "rgb24")
        frame.pts, frame.time_base = self._count, self._frame_time
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def __enter__(self) -> "Film":
        return self

    def __exit__(self, *error: object) -> None:
        self._container.mux(self._stream.encode(None))
        self._container.close()

    def _opened(self, size: tuple[int, int], rate: Fraction) -> Any:
        if self._codec:
            return add_stream(self._container, self._codec, size, self._codec.slow, rate=rate)
        stream = self._container.add_stream("png", rate=rate)
        stream.width, stream.height = size
        stream.pix_fmt = "rgb24"
        return stream


def codec_for(out: Path, name: str | None = None) -> Codec | None:
    """What `out` is written in: by `name`, else by its suffix the first that fits; None for a
    folder of PNG pictures. Raises InstallationError when the two do not go together."""
    suffix = out.suffix.lower()
    if suffix not in SUFFIXES:
        if name:
            raise InstallationError(
                f"{out}: {name} is a film; write its name with {CODECS[name].suffix}"
            )
        return None
    fitting = {key: codec for key, codec in CODECS.items() if codec.suffix == suffix}
    if name and name not in fitting:
        raise InstallationError(f"{out}: {name} is kept in {CODECS[name].suffix}, not in {suffix}")
    return fitting[name] if name else next(iter(fitting.values()))
