"""Changes made to every picture before it is judged, so that few pictures cannot be learned by
heart (Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data",
arXiv:2006.06676, appendix B: pixel blitting, geometry, colour).

Each change is done to each picture with probability `p` and can be undone in distribution as long
as p stays below about 0.8, so the generator learns the pictures and not the changes. Gradients
pass.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

SHIFT = 0.125  # of the side
SCALE = 0.2  # octaves, one standard deviation, of size and of proportions
BRIGHTNESS, CONTRAST, SATURATION = 0.2, 0.5, 1.0  # the last two in octaves


def augment(pictures: Tensor, p: float, source: torch.Generator) -> Tensor:
    """(B, 3, R, R) in about [-1, 1] -> the same, each changed in its own way."""
    if p <= 0:
        return pictures
    dice = _Dice(len(pictures), p, source)
    return _colour(_warp(_blit(pictures, dice), dice), dice)


class _Dice:
    """Random numbers, one a picture; those of a change that is not done are at rest."""

    def __init__(self, count: int, p: float, source: torch.Generator) -> None:
        self.count, self.p, self._source = count, p, source

    def _rand(self) -> Tensor:
        return torch.rand(self.count, generator=self._source, device=self._source.device)

    def chance(self, p: float) -> Tensor:
        return self._rand() < p

    def normal(self, deviation: float) -> Tensor:
        drawn = torch.randn(self.count, generator=self._source, device=self._source.device)
        return drawn * deviation * self.chance(self.p)

    def uniform(self, reach: float, p: float | None = None) -> Tensor:
        """Within ± `reach`."""
        return (2 * self._rand() - 1) * reach * self.chance(self.p if p is None else p)

    def one_of(self, choices: int) -> Tensor:
        """0 … choices - 1."""
        return (self._rand() * choices).long() * self.chance(self.p)

    def octaves(self, deviation: float) -> Tensor:
        return torch.exp2(self.normal(deviation))


def _blit(x: Tensor, dice: _Dice) -> Tensor:
    """Mirror, quarter turns, whole pixels: no pixel's value changes."""
    x = torch.where(_each(dice.one_of(2) == 1), x.flip(3), x)
    turns = dice.one_of(4)
    for quarter in (1, 2, 3):
        x = torch.where(_each(turns == quarter), x.rot90(quarter, (2, 3)), x)
    for axis in (2, 3):
        x = _shifted(x, (dice.uniform(SHIFT) * x.shape[-1]).round().long(), axis)
    return x


def _shifted(x: Tensor, by: Tensor, axis: int) -> Tensor:
    """Moved by whole pixels along an axis; what comes in is the mirror image of the edge."""
    last = x.shape[axis] - 1
    places = torch.arange(last + 1, device=x.device)[None] - by[:, None]
    places = (last - (last - places.abs()).abs()).clamp(0, last)
    shape = (len(x), 1, last + 1, 1) if axis == 2 else (len(x), 1, 1, last + 1)
    return x.gather(axis, places.view(shape).expand_as(x))


def _warp(x: Tensor, dice: _Dice) -> Tensor:
    """Size, turn, proportions, another turn, fractions of a pixel. Sampled at twice the size, as
    the paper does; a picture that none of them met is not resampled at all."""
    size, narrow = dice.octaves(SCALE), dice.octaves(SCALE)
    half = 1 - math.sqrt(1 - dice.p)  # two turns, which together happen with p
    turns = [dice.uniform(math.pi, half) for _ in range(2)]
    across, down = (2 * dice.normal(SHIFT) for _ in range(2))  # the grid's side is 2
    stretch = _matrix(size * narrow, size / narrow)
    matrix = _turn(turns[0]) @ stretch @ _turn(turns[1])
    offset = torch.stack([across, down], 1)[:, :, None]
    grid_of = torch.cat([matrix, offset], 2)
    rest = torch.eye(2, 3, device=x.device)
    met = ((grid_of - rest).abs() > 1e-6).any(2).any(1).nonzero()[:, 0]
    if not len(met):
        return x
    return x.index_copy(0, met, _sampled(x[met], grid_of[met]))


def _sampled(x: Tensor, matrix: Tensor) -> Tensor:
    fine = F.interpolate(x, scale_factor=2.0, mode="bicubic", align_corners=False)
    grid = F.affine_grid(matrix, list(fine.shape), align_corners=False)
    moved = F.grid_sample(fine, grid, "bilinear", "reflection", align_corners=False)
    return F.avg_pool2d(moved, 2)


def _colour(x: Tensor, dice: _Dice) -> Tensor:
    """Brightness, contrast, inverted luma, hue, saturation: one 3 x 3 matrix and an offset."""
    axis = torch.full((3,), 1 / math.sqrt(3), device=x.device)
    luma, rest = torch.outer(axis, axis), torch.eye(3, device=x.device)
    offset = dice.normal(BRIGHTNESS)[:, None, None].expand(-1, 3, 1)
    matrix = dice.octaves(CONTRAST)[:, None, None] * rest
    matrix = (rest - 2 * luma * dice.one_of(2)[:, None, None]) @ matrix
    matrix = _hue(dice.uniform(math.pi), axis, luma) @ matrix
    matrix = (luma + (rest - luma) * dice.octaves(SATURATION)[:, None, None]) @ matrix
    flat = x.flatten(2).float()
    return (matrix @ (flat + offset)).view_as(x).to(x.dtype)


def _hue(angle: Tensor, axis: Tensor, luma: Tensor) -> Tensor:
    """Turns about the grey axis (Rodrigues): (B, 3, 3)."""
    x, y, z = axis.tolist()
    cross = torch.tensor([[0, -z, y], [z, 0, -x], [-y, x, 0]], device=axis.device)
    cosine, sine = (part[:, None, None] for part in (angle.cos(), angle.sin()))
    return cosine * torch.eye(3, device=axis.device) + sine * cross + (1 - cosine) * luma


def _turn(angle: Tensor) -> Tensor:
    cosine, sine = angle.cos(), angle.sin()
    return torch.stack([cosine, -sine, sine, cosine], 1).view(-1, 2, 2)


def _matrix(across: Tensor, down: Tensor) -> Tensor:
    return torch.diag_embed(torch.stack([across, down], 1))


def _each(choice: Tensor) -> Tensor:
    return choice[:, None, None, None]
