"""Measure a finished model the way the runtime will use it."""

import math

import numpy as np
import torch
from torch import Tensor

from installation.generators.stylegan2 import Generator
from tools.training import metrics
from tools.training.attention import faces
from tools.training.data import Pairs
from tools.training.snapshots import great_circle

BATCH = 16
SAMPLES = 512


def embed(z: Tensor, z_dim: int) -> Tensor:
    """Short latents (B, K) among `z_dim` numbers with root mean square one.

    The remaining numbers are equal and only carry the norm, so that the network's own
    normalisation leaves the first K as they are.
    """
    rest = z_dim - z.shape[1]
    room = z_dim - z.square().sum(1, keepdim=True)
    if rest < 0 or (rest == 0 and not torch.allclose(room, torch.zeros_like(room))):
        raise ValueError(f"{z.shape[1]} numbers do not fit a latent of {z_dim} with norm to spare")
    if bool((room < 0).any()):
        raise ValueError(f"a latent of squared length above {z_dim} has no place: shorten it")
    return torch.cat([z, (room / max(rest, 1)).sqrt().expand(-1, rest)], 1)


def draw(generator: Generator, z: Tensor) -> Tensor:
    """Pictures for short latents (B, K), in small batches."""
    with torch.inference_mode():
        parts = embed(z, generator.arch.z_dim).split(BATCH)
        return torch.cat([generator(part) for part in parts])


def walk_jump(generator: Generator, numbers: int, seed: int, steps: int = 64) -> float:
    """The largest step of a walk between two seas over its mean step; a pop would be 5 or more."""
    ends = torch.randn(2, numbers, generator=torch.Generator().manual_seed(seed))
    pictures = draw(generator, great_circle(ends[0], ends[1], steps))
    moved = (pictures[1:] - pictures[:-1]).abs().mean((1, 2, 3))
    return (moved.max() / moved.mean()).item()


def measure(generator: Generator, pairs: Pairs, seed: int = 1) -> dict[str, float]:
    """Held-out error and sharpness, evenness of a walk, and the sliced Wasserstein distance of
    fresh pictures to painted ones next to its floor, the distance between two painted sets."""
    side = generator.arch.resolution
    z, real = pairs.held_out(side)
    fake = draw(generator, z)
    count = min(SAMPLES, pairs.available(side) // 2)
    _, ours = pairs.read(np.arange(count), side)
    _, others = pairs.read(np.arange(count, 2 * count), side)
    fresh = torch.randn(count, z.shape[1], generator=torch.Generator().manual_seed(seed))
    told = {"hold_l1": metrics.mean_error(fake, real)}
    if (seen := faces(pairs.painter, z, side)) is not None:
        told["face_l1"] = metrics.mean_error(fake, real, seen)
    told["sharpness"] = metrics.sharpness(fake, real)
    told["walk_jump"] = walk_jump(generator, z.shape[1], seed)
    distances = metrics.sliced_wasserstein(draw(generator, fresh), ours)
    floors = metrics.sliced_wasserstein(others, ours)
    for level, (distance, floor) in enumerate(zip(distances, floors, strict=True)):
        told |= {f"swd_{side >> level}": distance, f"swd_{side >> level}_floor": floor}
    return {name: float(f"{value:.4g}") for name, value in told.items()}


def average_style(generator: Generator, samples: int = 10000, seed: int = 0) -> Tensor:
    """The mean of w over normal latents of the generator's own z_dim, unscaled: (W,)."""
    source = torch.Generator().manual_seed(seed)
    z = torch.randn(samples, generator.arch.z_dim, generator=source)
    with torch.inference_mode():
        return generator.mapping(z, normalise=False)[:, 0].mean(0)


def widen(weight: Tensor, columns: int) -> Tensor:
    """Zero-pad the first mapping weight (W, K) to (W, columns) and undo the change of its
    1 / sqrt(fan-in) gain."""
    padded = weight.new_zeros(len(weight), columns)
    padded[:, : weight.shape[1]] = weight * math.sqrt(columns / weight.shape[1])
    return padded
