"""Where an error counts more: people look at faces, and at eyes first."""

import numpy as np
import torch
from torch import Tensor

from tools.paint import Painter

FACES = 4.0  # how much more than a wall a face counts, on top of it
FEATURES = 10.0  # ... and eyes and mouth on top of that: at the table an eye is four pixels wide


def discs(circles: Tensor, side: int) -> Tensor:
    """Soft discs, one where a circle of (B, N, 3) (centre u, v, radius; v upwards, the picture is
    [-1, 1]) is and zero elsewhere, the largest of N: (B, 1, side, side)."""
    line = (torch.arange(side) + 0.5) * (2.0 / side) - 1.0
    u, v, radius = (part[..., None, None] for part in circles.unbind(-1))
    away = ((line - u) ** 2 + (line[:, None] + v) ** 2) / radius.square()
    return torch.exp(-away.square()).amax(1, keepdim=True)


def faces(painter: Painter, z: Tensor, side: int) -> Tensor | None:
    """Soft discs on the faces in pictures of latents z (B, K): (B, 1, side, side) in [0, 1]; None
    for a painter of no faces."""
    circles = np.stack([painter.faces(row) for row in z.numpy()])
    return discs(torch.from_numpy(circles).float(), side) if circles.size else None


def features(painter: Painter, z: Tensor, side: int) -> Tensor | None:
    """Soft discs on their eyes and mouths, as `faces`."""
    circles = np.stack([painter.features(row) for row in z.numpy()])
    return discs(torch.from_numpy(circles).float(), side) if circles.size else None


def attention(painter: Painter, z: Tensor, side: int) -> Tensor | None:
    """Weights of the errors in those pictures: one, more on faces, most on eyes and mouths."""
    seen, first = faces(painter, z, side), features(painter, z, side)
    return None if seen is None or first is None else 1.0 + FACES * seen + FEATURES * first
