"""What the generator is asked to do."""

import torch
from torch import Tensor
from torch.nn import functional as F

PYRAMID = (1.0, 0.5, 0.5, 0.5)  # weights from full size down by halves
EDGE_LEVELS = 2
EDGE_WEIGHT = 0.6


def gradients(x: Tensor) -> tuple[Tensor, Tensor]:
    """Differences to the right and lower neighbour."""
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def edge_distance(wrong: Tensor, where: Tensor) -> Tensor:
    """Mean absolute gradient of an error: punishes blur where L1 hardly sees it."""
    across, down = gradients(wrong)
    return (across.abs() * where[..., 1:]).mean() + (down.abs() * where[..., 1:, :]).mean()


def reconstruction(fake: Tensor, real: Tensor, where: Tensor | None = None) -> Tensor:
    """L1 over a pyramid, plus gradient L1 on the two finest levels. `where` (B, 1, R, R) says how
    much an error counts at each place; without it all places are equal."""
    wrong = fake - real
    where = torch.ones_like(wrong[:, :1]) if where is None else where
    total = torch.zeros((), device=fake.device)
    for level, weight in enumerate(PYRAMID):
        total = total + weight * (wrong.abs() * where).mean()
        if level < EDGE_LEVELS:
            total = total + EDGE_WEIGHT * edge_distance(wrong, where)
        wrong, where = F.avg_pool2d(wrong, 2), F.avg_pool2d(where, 2)
    return total


def feature_distance(fake: list[Tensor], real: list[Tensor]) -> Tensor:
    """Mean L1 between discriminator features (feature matching, Salimans et al. 2016)."""
    pairs = zip(fake, real, strict=True)
    return torch.stack([(a.float() - b.float()).abs().mean() for a, b in pairs]).mean()


def gradient_penalty(scores: Tensor, pictures: Tensor) -> Tensor:
    """R1: mean squared gradient at real pictures (Mescheder et al. 2018)."""
    (slope,) = torch.autograd.grad(scores.sum(), pictures, create_graph=True)
    return slope.square().sum((1, 2, 3)).mean()
