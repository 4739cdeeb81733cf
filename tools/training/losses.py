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


def edge_distance(a: Tensor, b: Tensor) -> Tensor:
    """Mean absolute difference of the gradients: punishes blur where L1 hardly sees it."""
    return sum(
        ((p - q).abs().mean() for p, q in zip(gradients(a), gradients(b), strict=True)),
        torch.zeros((), device=a.device),
    )


def reconstruction(fake: Tensor, real: Tensor) -> Tensor:
    """L1 over a pyramid, plus gradient L1 on the two finest levels."""
    total = torch.zeros((), device=fake.device)
    for level, weight in enumerate(PYRAMID):
        total = total + weight * (fake - real).abs().mean()
        if level < EDGE_LEVELS:
            total = total + EDGE_WEIGHT * edge_distance(fake, real)
        fake, real = F.avg_pool2d(fake, 2), F.avg_pool2d(real, 2)
    return total


def feature_distance(fake: list[Tensor], real: list[Tensor]) -> Tensor:
    """Mean L1 between discriminator features (feature matching, Salimans et al. 2016)."""
    pairs = zip(fake, real, strict=True)
    return torch.stack([(a.float() - b.float()).abs().mean() for a, b in pairs]).mean()


def gradient_penalty(scores: Tensor, pictures: Tensor) -> Tensor:
    """R1: mean squared gradient at real pictures (Mescheder et al. 2018)."""
    (slope,) = torch.autograd.grad(scores.sum(), pictures, create_graph=True)
    return slope.square().sum((1, 2, 3)).mean()
