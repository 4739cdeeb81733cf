"""A contact sheet: what a converted model paints, to be looked at before it goes on a wall."""

import struct
import zlib
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from installation.generators.protocol import Picture
from installation.latent.space import Vector

COLUMNS = 4
SIDE = 256  # pixels, at most
PSI = 0.7

Sheet = npt.NDArray[np.uint8]
Paint = Callable[[Vector, float], Picture]  # z (z_dim,) at a truncation as RGBA (R, R, 4)


def sheet(paint: Paint, z_dim: int, count: int, tell: Callable[[int], None]) -> Sheet:
    """`count` pictures in rows of COLUMNS, uint8 (H, W, 3). `tell` hears how many are done."""
    rng, pictures = np.random.default_rng(0), []
    for _ in range(count):
        pictures.append(_small(paint(rng.standard_normal(z_dim), PSI)))
        tell(len(pictures))
    rows = [np.concatenate(pictures[i : i + COLUMNS], 1) for i in range(0, count, COLUMNS)]
    return np.concatenate(rows)


def _small(picture: npt.NDArray[np.uint8]) -> Sheet:
    """RGBA (R, R, 4), R a power of two, as RGB of at most SIDE pixels: means of squares."""
    side = min(SIDE, len(picture))
    step = len(picture) // side
    squares = picture[..., :3].reshape(side, step, side, step, 3)
    return (squares.mean((1, 3)) + 0.5).astype(np.uint8)


def png(picture: Sheet) -> bytes:
    """uint8 (H, W, 3) as a PNG file (ISO/IEC 15948): every line unfiltered, then deflated."""
    height, width = picture.shape[:2]
    lines = b"".join(b"\0" + line.tobytes() for line in picture)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
