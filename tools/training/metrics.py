"""How good the pictures are: held-out error, sharpness, sliced Wasserstein distance."""

import torch
from torch import Tensor
from torch.nn import functional as F

from tools.training.losses import gradients

PATCH, PATCHES, DIRECTIONS = 7, 64, 256


def mean_error(fake: Tensor, real: Tensor, where: Tensor | None = None) -> float:
    """Mean absolute difference; pictures span 2.0. `where` (B, 1, R, R) weighs the places."""
    wrong = (fake - real).abs().mean(1, keepdim=True)
    return wrong.mean().item() if where is None else ((wrong * where).sum() / where.sum()).item()


def sharpness(fake: Tensor, real: Tensor) -> float:
    """Share of the real pictures' horizontal gradient that the fake ones have; 1 is as sharp."""
    return (gradients(fake)[0].abs().mean() / gradients(real)[0].abs().mean()).item()


def laplacian(x: Tensor) -> list[Tensor]:
    """Band-pass levels from the finest down to 32 pixels."""
    levels = []
    while x.shape[-1] > 16:
        small = F.avg_pool2d(x, 2)
        levels.append(x - F.interpolate(small, scale_factor=2.0, mode="bilinear"))
        x = small
    return levels


def patches(x: Tensor, seed: int) -> Tensor:
    """Random 7 x 7 patches, each colour normalised over all of them: (N, 147)."""
    source = torch.Generator().manual_seed(seed)
    batch, _, tall, wide = x.shape
    rows = torch.randint(0, tall - PATCH + 1, (batch, PATCHES), generator=source)
    columns = torch.randint(0, wide - PATCH + 1, (batch, PATCHES), generator=source)
    windows = x.unfold(2, PATCH, 1).unfold(3, PATCH, 1)
    found = windows[torch.arange(batch)[:, None], :, rows, columns].flatten(0, 1).flatten(2)
    centred = found - found.mean((0, 2), keepdim=True)
    return (centred / (found.std((0, 2), keepdim=True) + 1e-8)).flatten(1)


def sliced_wasserstein(fake: Tensor, real: Tensor) -> list[float]:
    """Per Laplacian level, finest first, times 1000 (Karras et al. 2018, appendix).

    Tells where a model fails; compare only with the distance between two sets of real pictures.
    """
    source = torch.Generator().manual_seed(0)
    directions = F.normalize(torch.randn(3 * PATCH**2, DIRECTIONS, generator=source), dim=0)
    distances = []
    for a, b in zip(laplacian(fake), laplacian(real), strict=True):
        p, q = patches(a, 1) @ directions, patches(b, 2) @ directions
        distances.append(1e3 * (p.sort(0).values - q.sort(0).values).abs().mean().item())
    return distances
