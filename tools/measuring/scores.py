"""Distances between two clouds of features, each (N, F) in double precision."""

import torch
from torch import Tensor

NEIGHBOURS = 3


def frechet(a: Tensor, b: Tensor) -> float:
    """Frechet distance of two Gaussians (Heusel et al. 2017): FID, if the features are
    Inception's."""
    first, second = torch.cov(a.t()), torch.cov(b.t())
    # The trace of the root of a product of covariances is the sum of its eigenvalues' roots.
    cross = torch.linalg.eigvals(first @ second).real.clamp(min=0).sqrt().sum()
    moved = (a.mean(0) - b.mean(0)).square().sum()
    return (moved + first.trace() + second.trace() - 2 * cross).item()


def kernel_distance(a: Tensor, b: Tensor) -> float:
    """Unbiased squared MMD with the kernel (x.y / F + 1)^3 (Binkowski et al. 2018): KID, if the
    features are Inception's. About zero, even slightly negative, for equal clouds."""
    count = min(len(a), len(b))
    a, b = a[:count], b[:count]
    within = [_off_diagonal((x @ x.t() / x.shape[1] + 1) ** 3) for x in (a, b)]
    return (sum(within) - 2 * ((a @ b.t() / a.shape[1] + 1) ** 3).mean()).item()


def _off_diagonal(kernel: Tensor) -> Tensor:
    count = len(kernel)
    return (kernel.sum() - kernel.diagonal().sum()) / (count * (count - 1))


def standardised(fake: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """Both clouds in the units of the real one: random features have no scale of their own."""
    spread = real.std(0) + 1e-12
    return (fake - real.mean(0)) / spread, (real - real.mean(0)) / spread


def precision_recall(fake: Tensor, real: Tensor) -> tuple[float, float]:
    """Share of the fakes within the real manifold, and of the reals within the fake one
    (Kynkaanniemi et al. 2019, k = 3)."""
    between = torch.cdist(fake, real)
    reach_real, reach_fake = (
        torch.cdist(x, x).kthvalue(NEIGHBOURS + 1, 1).values for x in (real, fake)
    )
    precision = (between <= reach_real[None]).any(1).double().mean()
    recall = (between <= reach_fake[:, None]).any(0).double().mean()
    return precision.item(), recall.item()


def nearest(fake: Tensor, real: Tensor, known: Tensor) -> float:
    """How near fakes come to the pictures the network was shown, against how near unseen real
    ones come: medians of the smallest distances, as a ratio. About 1 for a network that invents,
    towards 0 for one that copies."""
    ours, theirs = (torch.cdist(x, known).min(1).values.median() for x in (fake, real))
    return (ours / theirs).item()
