"""A window's mask from a PNG: its alpha where it has one, else its light."""

import logging
from pathlib import Path

import av
import av.error
import numpy as np
import numpy.typing as npt

from installation.errors import DeviceError

Mask = npt.NDArray[np.uint8]

MOST = 16384 * 16384  # pixels
_ALPHA = ("rgba", "ya", "pal")  # beginnings of pixel formats' names that carry alpha


def read(file: Path, log: logging.Logger) -> Mask | None:
    """The mask; None and a line in the log where it cannot be had: a wall without its mask is
    better than none."""
    try:
        return load(file)
    except DeviceError as error:
        log.error("%s; the window has none", error)
        return None


def load(file: Path) -> Mask:
    """The mask, uint8 (height, width), 255 where the picture is seen. Raises DeviceError."""
    try:
        with av.open(str(file), format="png_pipe") as png:
            stream = png.streams.video[0]
            if stream.width * stream.height > MOST:
                raise ValueError("it is too large")
            frame = next(png.decode(stream))
    except (OSError, ValueError, IndexError, StopIteration, av.error.FFmpegError) as error:
        why = getattr(error, "strerror", None) or error
        raise DeviceError(f"mask {file}: {why}") from None
    alpha = frame.format.name.startswith(_ALPHA)
    seen = frame.to_ndarray(format="rgba")[..., 3] if alpha else frame.to_ndarray(format="gray")
    return np.ascontiguousarray(seen, np.uint8)
