"""StyleGAN2 in plain torch (Karras et al. 2020, "Analyzing and Improving the Image Quality of
StyleGAN", arXiv:1912.04958), skip architecture, no custom kernels.

Modules and parameters carry the names of the public checkpoints, so one is loaded key for key.
The weight modulation of the paper is computed in its equal form with one shared kernel: scale the
input channels by the style, convolve, scale the output channels by the demodulation. Any batch
size costs one ordinary convolution per layer.

Shapes: B batch, W w_dim, C channels, R side. All tensors are float; pictures are about [-1, 1].
"""

import math
from collections.abc import Iterator
from typing import Literal, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.generators.architecture import Architecture, MappingShape

Noise = Literal["const", "none"] | list[Tensor] | None
Noises = Iterator[Tensor | None]


class Tapped(Protocol):
    """What is done between the layers; generators.torch_taps has the one that does it all."""

    wide: int  # how many times as wide as high the picture is

    def band(self, side: int) -> Tensor | None:
        """The share of each place in each pixel of a layer, (N, 1 or side, 1 or width)."""
        ...

    def after(self, x: Tensor, side: int) -> Tensor:
        """The features of a layer, (B, C, side, width), on their way to the next."""
        ...

    def over(self, picture: Tensor) -> Tensor:
        """The whole picture before it is shown."""
        ...


EPSILON = 1e-8
SQRT2 = math.sqrt(2.0)


def activate(x: Tensor) -> Tensor:
    """Leaky ReLU that keeps the second moment of a normal input about constant."""
    return F.leaky_relu(x, 0.2) * SQRT2


def binomial_filter() -> Tensor:
    """The [1, 3, 3, 1] low-pass, separable, 4 x 4, sum one."""
    taps = torch.tensor([1.0, 3.0, 3.0, 1.0])
    return torch.outer(taps, taps) / taps.sum() ** 2


def per_channel(kernel: Tensor, x: Tensor) -> Tensor:
    """The 4 x 4 kernel repeated for a depthwise convolution of x (B, C, H, W): (C, 1, 4, 4)."""
    return kernel.to(x.dtype).expand(x.shape[1], 1, 4, 4).contiguous()


def upsample(picture: Tensor, kernel: Tensor) -> Tensor:
    """Twice the side: zeros between the pixels, then the low-pass with gain 4."""
    weights = per_channel(4.0 * kernel, picture)
    return F.conv_transpose2d(picture, weights, stride=2, padding=1, groups=picture.shape[1])


def unit(x: Tensor) -> Tensor:
    """Every row of x (B, N) at second moment one."""
    return x * (x.square().mean(1, keepdim=True) + EPSILON).rsqrt()


def spread(style: Tensor, taps: Tapped | None, side: int) -> Tensor:
    """A number a channel, (B, C), for every pixel of a layer: (B, C, 1, 1), or blended over places,
    one picture of them all."""
    band = taps.band(side) if taps else None
    if band is None:
        return style[:, :, None, None]
    return torch.einsum("nc,nhw->chw", style, band)[None]


class FullyConnectedLayer(nn.Module):
    """Linear layer with equalised learning rate (Karras et al. 2018): stored weights are N(0, 1).

    `lr_multiplier` slows the layer down; it is divided out of the stored weight and bias.
    """

    def __init__(
        self, inputs: int, outputs: int, lr_multiplier: float = 1.0, bias: float = 0.0
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / lr_multiplier)
        self.bias = nn.Parameter(torch.full((outputs,), bias / lr_multiplier))
        self.weight_gain = lr_multiplier / math.sqrt(inputs)
        self.bias_gain = lr_multiplier

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs) -> (B, outputs)."""
        return F.linear(x, self.weight * self.weight_gain, self.bias * self.bias_gain)


class MappingNetwork(nn.Module):
    """z (B, z_dim) -> w (B, num_ws, W): one vector per picture, repeated for every layer."""

    w_avg: Tensor

    def __init__(self, arch: MappingShape) -> None:
        super().__init__()
        self.layers = arch.mapping_layers
        self.num_ws = arch.num_ws
        self.c_dim = arch.c_dim
        if arch.c_dim:
            self.embed = FullyConnectedLayer(arch.c_dim, arch.w_dim)
        first = arch.z_dim + (arch.w_dim if arch.c_dim else 0)
        for i in range(self.layers):
            inputs = arch.w_dim if i else first
            layer = FullyConnectedLayer(inputs, arch.w_dim, arch.mapping_lr_multiplier)
            self.add_module(f"fc{i}", layer)
        self.register_buffer("w_avg", torch.zeros(arch.w_dim))

    def forward(
        self, z: Tensor, psi: float = 1.0, normalise: bool = True, label: Tensor | None = None
    ) -> Tensor:
        """`psi` below one draws w towards the average. `normalise` brings z to second moment one;
        only training on fewer, unscaled numbers turns it off. `label` (B or 1, c_dim) weighs the
        classes of a class-conditional model; without one it shows none in particular."""
        x = unit(z) if normalise else z
        if self.c_dim:
            label = z.new_zeros(1, self.c_dim) if label is None else label
            x = torch.cat([x, unit(self.embed(label)).expand(len(x), -1)], 1)
        for i in range(self.layers):
            x = activate(self.get_submodule(f"fc{i}")(x))
        w = x if psi == 1.0 else self.w_avg.lerp(x, psi)
        return w[:, None].expand(-1, self.num_ws, -1)


class SynthesisLayer(nn.Module):
    """Modulated 3 x 3 convolution, optional doubling, noise, bias, leaky ReLU."""

    noise_const: Tensor
    resample_filter: Tensor

    def __init__(
        self, arch: Architecture, inputs: int, outputs: int, resolution: int, up: bool
    ) -> None:
        super().__init__()
        self.up = up
        self.clamp = arch.conv_clamp
        self.affine = FullyConnectedLayer(arch.w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.register_buffer("noise_const", torch.randn(resolution, resolution))
        self.register_buffer("resample_filter", binomial_filter())

    def convolve(self, x: Tensor) -> Tensor:
        """Shared-weight convolution; doubling is a strided transpose, then the low-pass."""
        if not self.up:
            return F.conv2d(x, self.weight, padding=1)
        x = F.conv_transpose2d(x, self.weight.transpose(0, 1), stride=2)
        kernel = per_channel(4.0 * self.resample_filter, x)
        return F.conv2d(x, kernel, padding=1, groups=x.shape[1])

    def demodulation(self, style: Tensor) -> Tensor:
        """1 / L2 norm of each modulated output kernel: (B, C_in) -> (B, C_out)."""
        return (style.square() @ self.weight.square().sum((2, 3)).t() + EPSILON).rsqrt()

    def forward(
        self, x: Tensor, w: Tensor, noise: Tensor | None, taps: Tapped | None = None
    ) -> Tensor:
        """x (B, C_in, R', R'), w (B, W), noise (R, R) or (B or 1, 1, R, R) -> (B, C_out, R, R);
        R' is R / 2 when doubling."""
        style = self.affine(w)
        x = self.convolve(x * spread(style, taps, x.shape[2]))
        x = x * spread(self.demodulation(style), taps, x.shape[2]).to(x.dtype)
        if noise is not None:
            x = x + (noise * self.noise_strength).to(x.dtype)
        x = activate(x + self.bias[:, None, None].to(x.dtype))
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)


class ToRGBLayer(nn.Module):
    """Modulated 1 x 1 convolution to picture channels; no demodulation, no activation."""

    def __init__(self, arch: Architecture, inputs: int) -> None:
        super().__init__()
        self.clamp = arch.conv_clamp
        self.affine = FullyConnectedLayer(arch.w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(arch.img_channels, inputs, 1, 1))
        self.bias = nn.Parameter(torch.zeros(arch.img_channels))
        self.weight_gain = 1.0 / math.sqrt(inputs)

    def forward(self, x: Tensor, w: Tensor, taps: Tapped | None = None) -> Tensor:
        """x (B, C, R, R), w (B, W) -> (B, 3, R, R)."""
        style = self.affine(w) * self.weight_gain
        x = F.conv2d(x * spread(style, taps, x.shape[2]).to(x.dtype), self.weight)
        x = x + self.bias[:, None, None].to(x.dtype)
        return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)


class SynthesisBlock(nn.Module):
    """All layers of one resolution: [conv0 doubles,] conv1, torgb."""

    resample_filter: Tensor

    def __init__(self, arch: Architecture, resolution: int) -> None:
        super().__init__()
        outputs = arch.channels(resolution)
        if resolution == arch.resolutions[0]:
            self.const = nn.Parameter(torch.randn(outputs, resolution, resolution))
        else:
            inputs = arch.channels(resolution // 2)
            self.conv0 = SynthesisLayer(arch, inputs, outputs, resolution, up=True)
        self.conv1 = SynthesisLayer(arch, outputs, outputs, resolution, up=False)
        self.torgb = ToRGBLayer(arch, outputs)
        self.register_buffer("resample_filter", binomial_filter())

    def start(self, ws: Tensor, noise: Noises, taps: Tapped | None = None) -> tuple[Tensor, Tensor]:
        """The first block: styles (B, 2, W) -> features and picture."""
        one = taps is not None and taps.band(self.const.shape[1]) is not None
        x = self.const.expand(1 if one else len(ws), -1, -1, -1).tile(taps.wide if taps else 1)
        x = self.conv1(x, ws[:, 0], next(noise), taps)
        x = taps.after(x, x.shape[2]) if taps else x
        return x, self.torgb(x, ws[:, 1], taps).float()

    def forward(
        self, x: Tensor, picture: Tensor, ws: Tensor, noise: Noises, taps: Tapped | None = None
    ) -> tuple[Tensor, Tensor]:
        """Features and picture at R / 2, styles (B, 3, W) -> features and picture at R."""
        x = self.conv0(x, ws[:, 0], next(noise), taps)
        x = self.conv1(x, ws[:, 1], next(noise), taps)
        x = taps.after(x, x.shape[2]) if taps else x
        # The picture is summed in full precision: eight bits of mantissa would show as steps.
        return x, upsample(picture, self.resample_filter) + self.torgb(x, ws[:, 2], taps).float()


class SynthesisNetwork(nn.Module):
    """w (B, num_ws, W) -> picture (B, 3, R, R)."""

    def __init__(self, arch: Architecture) -> None:
        super().__init__()
        self.arch = arch
        for resolution in arch.resolutions:
            self.add_module(f"b{resolution}", SynthesisBlock(arch, resolution))

    def noises(self, noise: Noise, wide: int = 1) -> Noises:
        """One map, or none, for every 3 x 3 layer in order; the stored ones `wide` times."""
        layers = [layer for layer in self.modules() if isinstance(layer, SynthesisLayer)]
        if isinstance(noise, list):
            if len(noise) != len(layers):
                raise ValueError(f"{len(noise)} noise maps for {len(layers)} layers: give one each")
            return iter(noise)
        stored = (layer.noise_const.tile(1, wide) for layer in layers)
        return iter([None] * len(layers)) if noise == "none" else stored

    def forward(
        self,
        ws: Tensor,
        noise: Noise = None,
        upto: int | None = None,
        taps: Tapped | None = None,
    ) -> Tensor:
        """`noise`: "const" (also None) for the maps stored with the weights, "none", or one map
        (B or 1, 1, r, r) per 3 x 3 layer. `upto` stops at a lower resolution. With `taps` that
        blend N places, ws is (N, num_ws, W) and the picture one."""
        noises = self.noises(noise, taps.wide if taps else 1)
        sides = [r for r in self.arch.resolutions if upto is None or r <= upto]
        first = self.get_submodule(f"b{sides[0]}")
        x, picture = first.start(ws[:, :2], noises, taps)  # pyright: ignore
        for i, side in enumerate(sides[1:]):
            # A block's torgb and the next block's conv0 share a style.
            styles = ws[:, 2 * i + 1 : 2 * i + 4]
            x, picture = self.get_submodule(f"b{side}")(x, picture, styles, noises, taps)
        return taps.over(picture) if taps else picture


class Generator(nn.Module):
    """Mapping and synthesis. Calling it does both; the parts serve walks, edits and mixing."""

    def __init__(self, arch: Architecture) -> None:
        super().__init__()
        self.arch = arch
        self.mapping = MappingNetwork(arch)
        self.synthesis = SynthesisNetwork(arch)

    def forward(self, z: Tensor, psi: float = 1.0, noise: Noise = None) -> Tensor:
        """z (B, z_dim) -> picture (B, 3, R, R), about [-1, 1]."""
        return self.synthesis(self.mapping(z, psi), noise)


def noise_maps(arch: Architecture, seed: int) -> list[Tensor]:
    """One standard normal map (1, 1, r, r) per 3 x 3 layer, repeatable by seed."""
    source = torch.Generator().manual_seed(seed)
    sides = [arch.resolutions[0]] + [r for r in arch.resolutions[1:] for _ in range(2)]
    return [torch.randn(1, 1, side, side, generator=source) for side in sides]
