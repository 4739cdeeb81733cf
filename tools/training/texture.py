"""The contrast of strands, brush and crests, which an error pixel by pixel averages away.

A network that cannot yet place a strand exactly does best by L1 to paint the mean of where it might
be: nothing. Whether there are strands of that strength *near there* is another question. It is
asked here by the sliced Wasserstein distance of small patches (Rabin et al. 2011; as a loss of
texture: Heitz et al. 2021, "A Sliced Wasserstein Loss for Neural Texture Synthesis"), between a
picture and its painted one, cell by cell, so that texture lands where it belongs.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from tools.training.metrics import laplacian

OCTAVES = 2  # the finest; what is coarser is placed well by L1
PATCH, DIRECTIONS = 7, 16
CELLS = 8  # along a side: a cell of a 256-pixel picture is 32 pixels wide
SAMPLES = 8  # patches along a cell's side


def slices(source: torch.Generator) -> Tensor:
    """Random directions of unit length in the space of patches: (DIRECTIONS, 3, PATCH, PATCH)."""
    directions = torch.randn(DIRECTIONS, 3 * PATCH**2, generator=source)
    return F.normalize(directions).view(DIRECTIONS, 3, PATCH, PATCH)


def sorted_cells(band: Tensor, directions: Tensor, cell: int) -> Tensor:
    """How the patches in each cell of (B, 3, R, C) lie along each direction, in ascending order:
    (B, DIRECTIONS, cells, cells, N). A cell that does not fit whole is left out."""
    samples = min(SAMPLES, cell)
    seen = F.conv2d(band, directions, stride=cell // samples)
    cells = seen.unfold(2, samples, samples).unfold(3, samples, samples)
    return cells.flatten(-2).sort(-1).values


def texture_distance(
    fake: Tensor, real: Tensor, source: torch.Generator, where: Tensor | None = None
) -> Tensor:
    """Mean sliced Wasserstein-1 distance between the patches of each cell of (B, 3, R, R), R at
    least 32, over the two finest octaves. Directions and the place of the grid are drawn from
    `source`. `where` (B, 1, R, R) says how much a place counts; without it all count the same."""
    total = torch.zeros((), device=fake.device)
    where = torch.ones_like(fake[:, :1]) if where is None else where
    for ours, theirs in zip(laplacian(fake)[:OCTAVES], laplacian(real)[:OCTAVES], strict=True):
        cell = ours.shape[-1] // CELLS
        row, column = torch.randint(cell, (2,), generator=source).tolist()
        directions = slices(source).to(fake.device)
        a, b = (sorted_cells(x[..., row:, column:], directions, cell) for x in (ours, theirs))
        apart = (a - b).abs().mean((1, -1))
        weights = F.avg_pool2d(where[..., row:, column:], cell)[:, 0]
        total = total + (apart * weights[:, : apart.shape[1], : apart.shape[2]]).mean()
        where = F.avg_pool2d(where, 2)
    return total
