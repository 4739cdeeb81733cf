"""A contact sheet: what a converted model paints, to be looked at before it goes on a wall."""

import struct
import zlib
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from tools.conversion.directions import AnyGenerator

COLUMNS = 4
SIDE = 256  # pixels, at most
PSI = 0.7


@torch.inference_mode()
def sheet(
    generator: AnyGenerator,
    label: Tensor | None,
    count: int,
    tell: Callable[[int], None],
    seed: int = 0,
) -> Tensor:
    """`count` pictures in rows of COLUMNS, uint8 (H, W, 3). `tell` hears how many are done."""
    source = torch.Generator().manual_seed(seed)
    zs = torch.randn(count, generator.arch.z_dim, generator=source)
    pictures = []
    for z in zs:
        rgb = generator.synthesis(generator.mapping(z[None], PSI, label=label))
        side = min(SIDE, generator.arch.resolution)
        pictures.append(F.adaptive_avg_pool2d(rgb, side)[0])
        tell(len(pictures))
    rows = [torch.cat(pictures[i : i + COLUMNS], 2) for i in range(0, count, COLUMNS)]
    levels = (torch.cat(rows, 1) * 127.5 + 128).clamp(0, 255).to(torch.uint8)
    return levels.permute(1, 2, 0).contiguous()


def png(picture: Tensor) -> bytes:
    """uint8 (H, W, 3) as a PNG file (ISO/IEC 15948): every line unfiltered, then deflated."""
    height, width = picture.shape[:2]
    lines = b"".join(b"\0" + line.numpy().tobytes() for line in picture)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
