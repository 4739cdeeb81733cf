"""StyleGAN3 in plain torch (Karras et al. 2021, "Alias-Free Generative Adversarial Networks",
arXiv:2106.12423), both the translation- (T) and the rotation-equivariant (R) kind.

Modules and tensors carry the names of the public checkpoints, so one is loaded key for key. As in
StyleGAN2 here, the modulation stays off the weights: scale the input channels, convolve with the
shared kernel, scale the output channels. Separable filters run a row and then a column at a time.

Shapes: B batch, W w_dim, C channels, H side. Pictures are about [-1, 1].
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from installation.generators.architecture3 import Architecture3, Layer, taken
from installation.generators.stylegan2 import (
    EPSILON,
    SQRT2,
    FullyConnectedLayer,
    MappingNetwork,
    Tapped,
)


def kaiser_window(taps: int, width: float, rate: float) -> Tensor:
    """Kaiser's window (taps,) for a transition `width` cycles wide at `rate` samples (Kaiser 1974:
    attenuation from length and width, shape from attenuation)."""
    attenuation = 2.285 * (taps - 1) * math.pi * width / (rate / 2) + 7.95
    if attenuation > 50:
        beta = 0.1102 * (attenuation - 8.7)
    else:
        excess = max(attenuation - 21, 0.0)
        beta = 0.5842 * excess**0.4 + 0.07886 * excess
    return torch.kaiser_window(taps, periodic=False, beta=beta, dtype=torch.float64)


def low_pass(taps: int, cutoff: float, half_width: float, rate: float) -> Tensor:
    """A windowed sinc (taps,), sum one; frequencies in cycles a picture width."""
    x = (torch.arange(taps, dtype=torch.float64) - (taps - 1) / 2) / rate
    kernel = torch.sinc(2 * cutoff * x) * kaiser_window(taps, 2 * half_width, rate)
    return (kernel / kernel.sum()).float()


def radial_low_pass(taps: int, cutoff: float, half_width: float, rate: float) -> Tensor:
    """The round filter of R (taps, taps), sum one: a windowed jinc, the disc's own transform."""
    x = (torch.arange(taps, dtype=torch.float64) - (taps - 1) / 2) / rate
    radius = math.pi * torch.hypot(x[:, None], x)
    window = kaiser_window(taps, 2 * half_width, rate)
    kernel = torch.special.bessel_j1(2 * cutoff * radius) / radius * torch.outer(window, window)
    return (kernel / kernel.sum()).float()


def enlarge(x: Tensor, kernel: Tensor, up: int, padding: tuple[int, int]) -> Tensor:
    """`up` - 1 zeros after each sample, `padding` zeros around (cropping if negative), then the
    separable `kernel` (taps,) with gain up²: (B, C, H, H) -> (B, C, H', H')."""
    channels, taps = x.shape[1], len(kernel)
    column = (kernel * up).to(x.dtype).reshape(1, 1, taps, 1).repeat(channels, 1, 1, 1)
    # The transposed convolution starts where the kernel first touches the signal.
    low, high = padding[0] - taps + 1, padding[1] + up - taps
    x = F.conv_transpose2d(x, column, stride=(up, 1), groups=channels)
    x = F.pad(x, (0, 0, low, high))
    x = F.conv_transpose2d(x, column.mT, stride=(1, up), groups=channels)
    return F.pad(x, (low, high))


def reduce(x: Tensor, kernel: Tensor, down: int) -> Tensor:
    """`kernel`, separable (taps,) or round (taps, taps), then every `down`-th sample."""
    channels = x.shape[1]
    kernel = kernel.to(x.dtype)
    if kernel.ndim == 2:
        return F.conv2d(x, kernel.repeat(channels, 1, 1, 1), stride=down, groups=channels)
    column = kernel.reshape(1, 1, -1, 1).repeat(channels, 1, 1, 1)
    x = F.conv2d(x, column, stride=(down, 1), groups=channels)
    return F.conv2d(x, column.mT, stride=(1, down), groups=channels)


def placement(turn: float = 0.0, right: float = 0.0, down: float = 0.0) -> Tensor:
    """The transform (3, 3) that turns what is seen clockwise by `turn` radians about the middle,
    then moves it by `right` and `down` picture widths. It maps a place on the picture to the place
    its content came from."""
    cos, sin = math.cos(turn), math.sin(turn)
    back = torch.tensor([[1.0, 0.0, -right], [0.0, 1.0, -down], [0.0, 0.0, 1.0]])
    return torch.tensor([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]]) @ back


class SynthesisInput(nn.Module):
    """Fourier features: a sum of plane waves below the first cutoff, moved and turned by w."""

    freqs: Tensor
    phases: Tensor
    transform: Tensor

    def __init__(self, arch: Architecture3) -> None:
        super().__init__()
        self.band = arch.bands[0]
        channels = self.band.channels
        freqs = torch.randn(channels, 2)
        radius = freqs.norm(dim=1, keepdim=True)
        freqs = freqs / (radius * radius.square().exp() ** 0.25) * self.band.cutoff  # fills a disc
        self.weight = nn.Parameter(torch.randn(channels, channels))
        self.affine = FullyConnectedLayer(arch.w_dim, 4)
        nn.init.zeros_(self.affine.weight)
        self.affine.bias = nn.Parameter(torch.tensor([1.0, 0.0, 0.0, 0.0]))
        self.register_buffer("transform", torch.eye(3))
        self.register_buffer("freqs", freqs)
        self.register_buffer("phases", torch.rand(channels) - 0.5)

    def learnt(self, w: Tensor) -> Tensor:
        """The network's own turn and move, (B, 3, 3): four numbers, the first two a direction."""
        t = self.affine(w)
        cos, sin, right, down = (t / t[:, :2].norm(dim=1, keepdim=True)).unbind(1)
        zero, one = torch.zeros_like(cos), torch.ones_like(cos)
        turn = torch.stack([cos, -sin, zero, sin, cos, zero, zero, zero, one], 1)
        move = torch.stack([one, zero, -right, zero, one, -down, zero, zero, one], 1)
        return turn.reshape(-1, 3, 3) @ move.reshape(-1, 3, 3)

    def grid(self) -> Tensor:
        """Sample places (H, H, 2), x before y, in picture widths from the middle."""
        size = self.band.size
        places = torch.arange(size, device=self.freqs.device, dtype=self.freqs.dtype)
        places = (places + 0.5 - size / 2) / self.band.rate
        y, x = torch.meshgrid(places, places, indexing="ij")
        return torch.stack([x, y], -1)

    def forward(self, w: Tensor, transform: Tensor | None = None) -> Tensor:
        """w (B, W), transform (3, 3) instead of the stored one -> (B, C, H, H)."""
        placed = self.learnt(w) @ (self.transform if transform is None else transform)
        phases = self.phases + (self.freqs @ placed[:, :2, 2:]).squeeze(2)
        freqs = self.freqs @ placed[:, :2, :2]
        # What a transform shrinks beyond the sampling rate fades out instead of aliasing.
        fall = (freqs.norm(dim=2) - self.band.cutoff) / (self.band.rate / 2 - self.band.cutoff)
        waves = torch.einsum("hwd,bcd->bhwc", self.grid(), freqs) + phases[:, None, None]
        waves = torch.sin(2 * math.pi * waves) * (1 - fall).clamp(0, 1)[:, None, None]
        return (waves @ self.weight.t() / math.sqrt(len(self.weight))).permute(0, 3, 1, 2)


class SynthesisLayer(nn.Module):
    """Modulated convolution, then a leaky ReLU between two filters, so that nothing aliases."""

    magnitude_ema: Tensor
    up_filter: Tensor | None
    down_filter: Tensor | None

    def __init__(self, arch: Architecture3, plan: Layer) -> None:
        super().__init__()
        self.plan, self.clamp = plan, arch.conv_clamp
        inputs, outputs = plan.into.channels, plan.out.channels
        self.affine = FullyConnectedLayer(arch.w_dim, inputs, bias=1.0)
        self.weight = nn.Parameter(torch.randn(outputs, inputs, plan.kernel, plan.kernel))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.register_buffer("magnitude_ema", torch.ones(()))
        up, down = filters(plan, arch.radial)
        self.register_buffer("up_filter", up)
        self.register_buffer("down_filter", down)

    def forward(self, x: Tensor, w: Tensor) -> Tensor:
        """x (B, C_in, H, H), w (B, W) -> (B, C_out, H', H')."""
        style = self.affine(w)
        if self.plan.torgb:
            style = style / math.sqrt(self.weight.shape[1])
        x = F.conv2d(x * style[:, :, None, None], self.weight, padding=self.plan.kernel - 1)
        # The input's long-run power, measured in training, keeps activations near one.
        gain = self.magnitude_ema.rsqrt().expand(len(w), 1)
        if not self.plan.torgb:
            gain = gain * self.demodulation(style)
        return self.bend(x * gain[:, :, None, None] + self.bias[:, None, None])

    def demodulation(self, style: Tensor) -> Tensor:
        """1 / L2 norm of each modulated output kernel: (B, C_in) -> (B, C_out). Training
        also brings kernels and styles to unit power, for half precision's sake; it cancels."""
        return (style.square() @ self.weight.square().sum((2, 3)).t() + EPSILON).rsqrt()

    def bend(self, x: Tensor) -> Tensor:
        """Enlarge, leaky ReLU, clamp, reduce."""
        plan = self.plan
        if self.up_filter is None or self.down_filter is None:
            x = F.pad(x, plan.padding * 2)
            return x if self.clamp is None else x.clamp(-self.clamp, self.clamp)
        x = enlarge(x, self.up_filter, plan.up, plan.padding)
        x = F.leaky_relu(x, 0.2) * SQRT2
        x = x if self.clamp is None else x.clamp(-self.clamp, self.clamp)
        return reduce(x, self.down_filter, plan.down)


def filters(plan: Layer, radial: bool) -> tuple[Tensor | None, Tensor | None]:
    """A layer's two low-passes; none for the picture layer."""
    if plan.torgb:
        return None, None
    into, out, rate = plan.into, plan.out, plan.work_rate
    design = radial_low_pass if radial and not plan.critical else low_pass
    up = low_pass(plan.up_taps, into.cutoff, into.half_width, rate)
    return up, design(plan.down_taps, out.cutoff, out.half_width, rate)


class SynthesisNetwork(nn.Module):
    """w (B, num_ws, W) -> picture (B, 3, R, R)."""

    def __init__(self, arch: Architecture3) -> None:
        super().__init__()
        self.arch = arch
        self.input = SynthesisInput(arch)
        for plan in arch.plan:
            self.add_module(plan.name, SynthesisLayer(arch, plan))

    def forward(
        self, ws: Tensor, transform: Tensor | None = None, taps: Tapped | None = None
    ) -> Tensor:
        """`transform` (see `placement`) moves and turns the whole picture; `taps` take hold of the
        last layer of each rate."""
        x, held = self.input(ws[:, 0], transform), taken(self.arch).values()
        for i, plan in enumerate(self.arch.plan):
            x = self.get_submodule(plan.name)(x, ws[:, i + 1])
            x = taps.after(x, plan.out.rate) if taps and plan in held else x
        picture = x * self.arch.output_scale
        return taps.over(picture) if taps else picture


class Generator(nn.Module):
    """Mapping and synthesis. Calling it does both; the parts serve walks, edits and mixing."""

    def __init__(self, arch: Architecture3) -> None:
        super().__init__()
        self.arch = arch
        self.mapping = MappingNetwork(arch)
        self.synthesis = SynthesisNetwork(arch)

    def forward(self, z: Tensor, psi: float = 1.0, label: Tensor | None = None) -> Tensor:
        """z (B, z_dim) -> picture (B, 3, R, R), about [-1, 1]."""
        return self.synthesis(self.mapping(z, psi, label=label))
