"""Whether a steering axis does what its name says."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from installation.generators.stylegan2 import Generator
from installation.progress import progress
from tools.paint import Painter, sample
from tools.training.data import to_float
from tools.training.evaluate import draw

REACH = 1.5  # standard deviations to either side


def pairs(painter: Painter, index: int, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`count` parameter vectors twice: with number `index` low, and with it high."""
    low = sample(painter, count, seed)
    high = low.copy()
    low[:, index], high[:, index] = -REACH, REACH
    return low, high


def followed(wanted: Tensor, got: Tensor) -> float:
    """How much of a wanted change a change contains: 1 all of it, 0 none (least squares)."""
    return ((wanted * got).sum() / wanted.square().sum().clamp(min=1e-9)).item()


def axes(
    generator: Generator,
    painter: Painter,
    count: int,
    names: Sequence[str] = (),
    seed: int = 91,
) -> dict[str, float]:
    """For each of the painter's numbers, or for those in `names`: the share of the painter's
    change that the network makes when the number goes from low to high, over `count` pictures."""
    side = generator.arch.resolution
    every = [parameter.name for parameter in painter.parameters]

    def painted(z: np.ndarray) -> Tensor:
        return to_float(np.stack([painter.paint(row, side) for row in z]))

    shares = {}
    for name in progress(names or every, len(names or every), "axes"):
        low, high = pairs(painter, every.index(name), count, seed)
        got = draw(generator, torch.from_numpy(high)) - draw(generator, torch.from_numpy(low))
        shares[name] = followed(painted(high) - painted(low), got)
    return shares
