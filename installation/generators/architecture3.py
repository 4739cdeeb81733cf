"""The shape of a StyleGAN3 generator, without the network: safe to import anywhere.

Karras et al. 2021 (arXiv:2106.12423), section 3.2 and appendix D. Every layer works at its own
sampling rate and keeps frequencies below its own cutoff; what lies between the cutoff and the
stopband is the room its filters have to fall. Rates and frequencies are in cycles a picture width.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from installation.errors import ModelError
from installation.generators.architecture import Architecture

LRELU_UPSAMPLING = 2  # the nonlinearity runs at twice the rate, its new frequencies then fall away
TAPS = 6  # filter taps for each sample between two old ones


@dataclass(frozen=True, slots=True)
class Band:
    """The signal after one layer: samples a picture width, and what frequencies it holds."""

    rate: int
    cutoff: float
    half_width: float
    size: int  # samples on a side, with the margin that the filters eat from
    channels: int


@dataclass(frozen=True, slots=True)
class Layer:
    """One modulated convolution, from one band to the next, and its filtered nonlinearity."""

    name: str
    into: Band
    out: Band
    kernel: int
    critical: bool  # sampled without spare room: no radial filter
    torgb: bool

    @property
    def work_rate(self) -> int:
        """Samples a picture width while the nonlinearity acts."""
        return max(self.into.rate, self.out.rate) * (1 if self.torgb else LRELU_UPSAMPLING)

    @property
    def up(self) -> int:
        """How many samples the first filter makes of one."""
        return self.work_rate // self.into.rate

    @property
    def down(self) -> int:
        """Of how many samples the second filter keeps one."""
        return self.work_rate // self.out.rate

    @property
    def up_taps(self) -> int:
        """Length of the first filter; 1 for none."""
        return TAPS * self.up if self.up > 1 and not self.torgb else 1

    @property
    def down_taps(self) -> int:
        """Length of the second filter; 1 for none."""
        return TAPS * self.down if self.down > 1 and not self.torgb else 1

    @property
    def padding(self) -> tuple[int, int]:
        """Samples added before and after at the work rate, so that the middle stays the middle;
        less than none crops."""
        total = (self.out.size - 1) * self.down + 1
        total -= (self.into.size + self.kernel - 1) * self.up
        total += self.up_taps + self.down_taps - 2
        low = (total + self.up) // 2
        return low, total - low


@dataclass(frozen=True, slots=True)
class Architecture3:
    """Everything that fixes the tensors of a StyleGAN3 generator and how they are used.

    The defaults are those of the public translation-equivariant models (T). The
    rotation-equivariant ones (R) have kernel 1, radial filters and twice the channels.
    """

    z_dim: int = 512
    w_dim: int = 512
    resolution: int = 256
    channel_base: int = 32768
    channel_max: int = 512
    mapping_layers: int = 2
    mapping_lr_multiplier: float = 0.01
    conv_clamp: float | None = 256.0
    img_channels: int = 3
    c_dim: int = 0
    kernel: int = 3
    radial: bool = False
    layers: int = 14
    critical_layers: int = 2
    first_cutoff: float = 2.0
    first_stopband: float = 2.0**2.1
    last_stopband: float = 2.0**0.3  # times the last cutoff
    margin: int = 10  # samples around the picture, so that no filter sees its edge
    output_scale: float = 0.25

    def __post_init__(self) -> None:
        side = self.resolution
        if side < 16 or side & (side - 1):
            raise ModelError(f"resolution {side} is not a power of two from 16 up")
        if self.kernel not in (1, 3) or not 1 <= self.critical_layers < self.layers <= 64:
            raise ModelError(f"{self} is no StyleGAN3: kernel 1 or 3, 1 to 64 layers")
        if not 0.5 <= self.first_cutoff < self.first_stopband or self.last_stopband < 1:
            raise ModelError(f"{self}: a stopband begins above its cutoff")
        if min(self.z_dim, self.w_dim, self.mapping_layers, self.bands[-2].channels) < 1:
            raise ModelError(f"{self} has an empty layer: raise its sizes to at least one channel")

    @property
    def num_ws(self) -> int:
        """Style vectors a picture takes: the input's, each layer's, the picture layer's."""
        return self.layers + 2

    @property
    def bands(self) -> tuple[Band, ...]:
        """The signal after each layer; the last is the picture."""
        return tuple(self._band(i) for i in range(self.layers + 1))

    @property
    def plan(self) -> tuple[Layer, ...]:
        """All layers in order; the last makes the picture. Layer i takes style i + 1."""
        bands = self.bands
        return tuple(self._layer(i, bands[max(i - 1, 0)], out) for i, out in enumerate(bands))

    @property
    def resolutions(self) -> tuple[int, ...]:
        """The rates of its features: what edits call its layers, of each the last."""
        return tuple(taken(self))

    def channels(self, resolution: int) -> int:
        """Feature channels of the last layer at one rate."""
        return taken(self)[resolution].out.channels

    def size(self, resolution: int) -> int:
        """Samples on a side of the features there, the margin with them."""
        return taken(self)[resolution].out.size

    def _layer(self, i: int, into: Band, out: Band) -> Layer:
        torgb = i == self.layers
        name = f"L{i}_{out.size}_{out.channels}"
        critical = i >= self.layers - self.critical_layers
        return Layer(name, into, out, 1 if torgb else self.kernel, critical, torgb)

    def _band(self, i: int) -> Band:
        """Cutoff and stopband grow geometrically and stand still in the critical layers."""
        part = min(i / (self.layers - self.critical_layers), 1.0)
        last = self.resolution / 2
        cutoff = self.first_cutoff * (last / self.first_cutoff) ** part
        stopband = self.first_stopband * (last * self.last_stopband / self.first_stopband) ** part
        rate = 2 ** math.ceil(math.log2(min(stopband * 2, self.resolution)))
        picture = i >= self.layers - 1
        size = self.resolution if picture else rate + 2 * self.margin
        channels = round(min(self.channel_base / 2 / cutoff, self.channel_max))
        channels = self.img_channels if i == self.layers else channels
        return Band(rate, cutoff, max(stopband, rate / 2) - cutoff, size, channels)


@cache
def taken(arch: Architecture3) -> Mapping[int, Layer]:
    """The layers that edits take hold of, by their rate: the last of each."""
    return {layer.out.rate: layer for layer in arch.plan if not layer.torgb}


AnyArchitecture = Architecture | Architecture3
