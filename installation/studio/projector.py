"""From a picture to the place in a model that looks like it: gradient descent on the styles.

After Karras et al. 2020 (arXiv:1912.04958), section 5 and appendix D, with what they need a
pretrained network for (the perceptual distance) replaced by a pyramid: the mean absolute
difference of pictures and of their slopes, at every size down to 8 pixels. Coarse levels lead from
afar, slopes hold the edges. First one style for all layers, which stays among the model's own
pictures; in the last third each layer may leave it. The noise maps stay as they are.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from installation.errors import ModelError
from installation.generators.protocol import Picture
from installation.generators.stylegan2 import Generator
from installation.studio.atlas import Atlas
from installation.studio.painter import GraphPainter, Painter, Styles, shrunk

STEPS = 240
APART = 2 / 3  # of the way, after which the layers' styles may differ
RATE = 0.06  # Adam's, in standard deviations of w; the paper's 0.1 overshoots in 240 steps
RISE, FALL = 0.05, 0.35  # parts of the way in which the rate rises, and falls
STRAY = 0.05  # first noise on w, in standard deviations; gone after three quarters of the way
SLOPES = 2.0  # weight of the slopes: they are a few times smaller than the levels
GUESSES = 64  # seeds tried before the descent, at THUMB pixels
THUMB = 32
SMALLEST = 8
LARGEST = 256  # pixels at which pictures are compared; the blocks above only sharpen


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come: 0 to 1, the styles, the pyramid's distance, the mean L1 (0 to 1)."""

    done: float
    ws: Styles
    distance: float
    l1: float


def project(painter: Painter, atlas: Atlas, picture: Picture) -> Iterator[Progress]:
    """Descend from the likeliest seed towards `picture`, uint8 (side, side, 3). One step a time.

    Raises ModelError for a model without gradients here, and for a picture too small."""
    if not isinstance(painter, GraphPainter):
        raise ModelError("only a StyleGAN2 model can be searched for a picture")
    side = min(painter.side, LARGEST)
    if min(picture.shape[:2]) < side:
        raise ModelError(f"the picture is smaller than the {side} pixels that are compared")
    torch.set_num_threads(1)
    network = _network(painter)
    goal = _tensor(shrunk(picture, side))
    samples = np.stack([painter.map(atlas.seed(seed)) for seed in range(500)])
    spread = float(samples.std(0).mean())
    start = torch.from_numpy(_likeliest(painter, samples, picture)).clone()
    yield from _descend(network, painter.layers, goal, start, spread)


def _network(painter: GraphPainter) -> Generator:
    network = Generator(painter.arch)
    weights = {name: torch.from_numpy(array) for name, array in painter.tensors.items()}
    network.load_state_dict(weights, strict=False)
    return network.eval().requires_grad_(False)


def _likeliest(painter: GraphPainter, samples: Styles, picture: Picture) -> Styles:
    """The sampled style whose thumbnail is nearest; the mean is one of them."""
    small = _tensor(shrunk(picture, THUMB))
    best, nearest = painter.average, math.inf
    for w in (painter.average, *samples[:GUESSES]):
        thumb = painter.paint(np.tile(w, (painter.layers, 1)), THUMB)
        distance = float(_pyramid(_tensor(shrunk(thumb, THUMB)), small))
        if distance < nearest:
            best, nearest = w, distance
    return best


def _descend(
    network: Generator, layers: int, goal: Tensor, start: Tensor, spread: float
) -> Iterator[Progress]:
    noise = torch.Generator().manual_seed(0)
    w = start.expand(1, 1, -1).clone().requires_grad_()
    adam = torch.optim.Adam([w], betas=(0.9, 0.999))
    for step in range(STEPS):
        done = step / STEPS
        if w.shape[1] == 1 and done >= APART:
            w = w.detach().repeat(1, layers, 1).requires_grad_()
            adam = torch.optim.Adam([w], betas=(0.9, 0.999))
        adam.param_groups[0]["lr"] = RATE * spread * _rate(done)
        stray = STRAY * spread * max(0.0, 1 - done / 0.75) ** 2
        ws = w + stray * torch.randn(w.shape, generator=noise)
        painted = network.synthesis(ws.expand(1, layers, -1), upto=goal.shape[-1])
        distance = _pyramid(painted, goal)
        adam.zero_grad()
        distance.backward()
        adam.step()
        l1 = float((painted.detach() - goal).abs().mean()) / 2
        kept = w.detach().expand(1, layers, -1)[0].numpy().copy()
        yield Progress((step + 1) / STEPS, kept, float(distance.detach()), l1)


def _rate(done: float) -> float:
    """The paper's schedule: a short rise, a long level, a cosine fall."""
    fall = min(1.0, (1 - done) / FALL)
    return min(1.0, (done + 1 / STEPS) / RISE) * (0.5 - 0.5 * math.cos(math.pi * fall))


def _pyramid(a: Tensor, b: Tensor) -> Tensor:
    """Mean absolute difference of levels and slopes, summed over sizes."""
    total = torch.zeros(())
    levels = 0
    while True:
        total = total + (a - b).abs().mean()
        for dim in (2, 3):
            total = total + SLOPES * (a.diff(dim=dim) - b.diff(dim=dim)).abs().mean()
        levels += 1
        if a.shape[-1] <= SMALLEST:
            return total / levels
        a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)


def _tensor(picture: Picture) -> Tensor:
    """uint8 (H, W, 3) to (1, 3, H, W) in [-1, 1]."""
    levels = torch.from_numpy(np.ascontiguousarray(picture)).float()
    return levels.permute(2, 0, 1)[None] / 127.5 - 1
