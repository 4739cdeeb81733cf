"""A small StyleGAN2 residual discriminator with low-pass down-sampling (arXiv:1912.04958)."""

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.generators.stylegan2 import (
    FullyConnectedLayer,
    activate,
    binomial_filter,
    per_channel,
)

CHANNELS = {4: 96, 8: 96, 16: 96, 32: 64, 64: 48, 128: 24, 256: 16}
GROUP = 4  # pictures that share one minibatch deviation
HALVE = math.sqrt(0.5)  # keeps the variance of a sum of two branches


class Convolution(nn.Module):
    """Equalised convolution; `down` low-passes first and then strides."""

    kernel: Tensor

    def __init__(
        self, inputs: int, outputs: int, side: int, down: bool = False, linear: bool = False
    ) -> None:
        super().__init__()
        self.side, self.down, self.linear = side, down, linear
        self.weight = nn.Parameter(torch.randn(outputs, inputs, side, side))
        self.bias = None if linear else nn.Parameter(torch.zeros(outputs))
        self.gain = 1.0 / math.sqrt(inputs * side * side)
        self.register_buffer("kernel", binomial_filter())

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, R, R) -> (B, C_out, R or R / 2, the same)."""
        stride, padding = (2, 0) if self.down else (1, self.side // 2)
        if self.down:
            x = F.conv2d(
                x, per_channel(self.kernel, x), padding=1 + self.side // 2, groups=x.shape[1]
            )
        x = F.conv2d(x, self.weight * self.gain, self.bias, stride=stride, padding=padding)
        return x if self.linear else activate(x)


class ResidualBlock(nn.Module):
    """Two convolutions and a linear short cut, half the side."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv0 = Convolution(inputs, inputs, 3)
        self.conv1 = Convolution(inputs, outputs, 3, down=True)
        self.skip = Convolution(inputs, outputs, 1, down=True, linear=True)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, R, R) -> (B, C_out, R / 2, R / 2)."""
        return (self.conv1(self.conv0(x)) + self.skip(x)) * HALVE


def minibatch_deviation(x: Tensor) -> Tensor:
    """Append one channel: the mean deviation within groups (Karras et al. 2018)."""
    batch, _, tall, wide = x.shape
    group = GROUP if batch % GROUP == 0 else batch
    y = x.float().view(group, -1, *x.shape[1:])
    deviation = (y.var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3)).repeat(group)
    return torch.cat([x, deviation.to(x.dtype).view(batch, 1, 1, 1).expand(-1, 1, tall, wide)], 1)


class Discriminator(nn.Module):
    """Picture (B, 3, R, R) -> score (B, 1) and the features of every block.

    `channels` is how many features there are at each side from 4 up."""

    def __init__(self, resolution: int, channels: Mapping[int, int] = CHANNELS) -> None:
        super().__init__()
        sides = [side for side in sorted(channels, reverse=True) if side <= resolution]
        self.first = Convolution(3, channels[sides[0]], 1)
        self.blocks = nn.ModuleList(
            ResidualBlock(channels[side], channels[side // 2]) for side in sides[:-1]
        )
        self.last = Convolution(channels[4] + 1, channels[4], 3)
        self.hidden = FullyConnectedLayer(channels[4] * 16, channels[4])
        self.score = FullyConnectedLayer(channels[4], 1)

    def forward(self, pictures: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Positive scores mean "painted"."""
        x, features = self.first(pictures), []
        for block in self.blocks:
            x = block(x)
            features.append(x)
        x = self.last(minibatch_deviation(x)).flatten(1)
        return self.score(activate(self.hidden(x))), features
