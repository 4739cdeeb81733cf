"""Pairs of latent numbers and pictures from a data set that may still be growing."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from tools.paint import PAINTERS, Painter
from tools.paint.dataset import count, describe, latents_file, pictures_file

HELD_OUT = 64  # the first pairs are never trained on


def to_float(pictures: np.ndarray) -> Tensor:
    """uint8 (B, H, W, 3) -> float32 (B, 3, H, W) in [-1, 1], channels last in memory."""
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)
    return x.contiguous(memory_format=torch.channels_last)


def to_uint8(pictures: Tensor) -> np.ndarray:
    """float (B, 3, H, W) in about [-1, 1] -> uint8 (B, H, W, 3), rounded."""
    x = pictures.detach().float().cpu().clamp(-1, 1).add(1).mul(127.5).round()
    return x.permute(0, 2, 3, 1).to(torch.uint8).numpy()


def shrink(pictures: Tensor, side: int) -> Tensor:
    """Average down to `side`, a power-of-two fraction."""
    factor = pictures.shape[-1] // side
    return F.avg_pool2d(pictures, factor) if factor > 1 else pictures


class PaintedSet:
    """Read access to one painted data set; its length is looked up anew every time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.about = describe(folder)
        if len(self) <= HELD_OUT:
            raise ValueError(f"{folder} holds {len(self)} pairs; paint more than {HELD_OUT} first")

    def __len__(self) -> int:
        return count(self.folder, self.about)

    def read(self, rows: np.ndarray, side: int) -> tuple[Tensor, Tensor]:
        """Latents (B, K) and pictures (B, 3, side, side) of the given rows."""
        n, size = len(self), self.about.size
        shape = (n, size, size, 3)
        pictures = np.memmap(pictures_file(self.folder), np.uint8, "r", shape=shape)
        latents = np.memmap(
            latents_file(self.folder), np.float32, "r", shape=(n, self.about.latents)
        )
        return torch.from_numpy(latents[rows]), shrink(to_float(pictures[rows]), side)


class Pairs:
    """What a run learns from: a painted set and, if given, a finer one of the same painter for the
    stages that the first is too small for. Large pictures are dear: few of them are enough once
    the forms are known."""

    def __init__(self, folder: Path, fine: Path | None = None) -> None:
        self.sets = [PaintedSet(folder)] + ([PaintedSet(fine)] if fine else [])
        self.about = self.sets[-1].about
        painters = {part.about.painter for part in self.sets}
        if len(painters) > 1:
            raise ValueError(f"{folder} and {fine} are of two painters: {', '.join(painters)}")

    @property
    def painter(self) -> Painter:
        """Who painted them."""
        return PAINTERS[self.about.painter]

    def __len__(self) -> int:
        return sum(len(part) for part in self.sets)

    def _for(self, side: int) -> PaintedSet:
        return next(part for part in self.sets if part.about.size >= side)

    def available(self, side: int) -> int:
        """Pairs there are at `side` pixels."""
        return len(self._for(side))

    def read(self, rows: np.ndarray, side: int) -> tuple[Tensor, Tensor]:
        """Latents (B, K) and pictures (B, 3, side, side) of the given rows."""
        return self._for(side).read(rows, side)

    def batch(self, size: int, side: int, source: torch.Generator) -> tuple[Tensor, Tensor]:
        """A random training batch."""
        rows = (
            torch.randint(HELD_OUT, self.available(side), (size,), generator=source).sort().values
        )
        return self.read(rows.numpy(), side)

    def held_out(self, side: int) -> tuple[Tensor, Tensor]:
        """The pairs kept for measuring."""
        return self.read(np.arange(HELD_OUT), side)
