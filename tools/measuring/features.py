"""Features to compare pictures by: a fixed random network of our own, or the user's Inception.

Random convolutions see colour, texture and coarse layout, not meaning. Their distances are
comparable only among themselves, which is why every value is printed beside its floor and none is
called FID.
"""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from installation.progress import progress

CHANNELS = (3, 48, 96, 192, 256)
KERNELS = (5, 3, 3, 3)
WIDTH = 256
BATCH = 32

Features = Callable[[Tensor], Tensor]


class RandomFeatures:
    """Four seeded convolutions of stride two; mean and deviation of each, projected to 256."""

    def __init__(self, seed: int = 0) -> None:
        source = torch.Generator().manual_seed(seed)
        self.kernels = [
            torch.randn(outputs, inputs, side, side, generator=source)
            * (2.0 / (inputs * side * side)) ** 0.5
            for inputs, outputs, side in zip(CHANNELS, CHANNELS[1:], KERNELS, strict=False)
        ]
        pooled = 2 * sum(CHANNELS[1:])
        self.projection = torch.randn(pooled, WIDTH, generator=source) / pooled**0.5

    def __call__(self, pictures: Tensor) -> Tensor:
        """(B, 3, R, R) in [-1, 1] -> (B, 256)."""
        x, pooled = pictures, []
        for kernel in self.kernels:
            x = F.conv2d(x, kernel, stride=2, padding=kernel.shape[-1] // 2)
            x = F.leaky_relu(x, 0.2)
            pooled += [x.mean((2, 3)), x.std((2, 3))]
        return torch.cat(pooled, 1) @ self.projection


def inception(file: Path) -> Features:
    """A user's InceptionV3 as TorchScript, in the form NVIDIA publishes (`inception-2015-12-05`):
    takes uint8 (B, 3, R, R), gives (B, 2048) with `return_features=True`.

    TorchScript is a program: give only a file whose origin you know.
    """
    network = torch.jit.load(str(file), map_location="cpu").eval()

    def features(pictures: Tensor) -> Tensor:
        levels = pictures.clamp(-1, 1).add(1).mul(127.5).round().to(torch.uint8)
        return network(levels, return_features=True)

    return features


@torch.inference_mode()
def extract(features: Features, pictures: Tensor, what: str = "features") -> Tensor:
    """Features of all pictures in double precision (N, F), in small batches."""
    parts = pictures.split(BATCH)
    return torch.cat([features(part).double() for part in progress(parts, len(parts), what)])
