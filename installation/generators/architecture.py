"""The shape of a StyleGAN2 generator, without the network: safe to import anywhere."""

from dataclasses import dataclass
from typing import Protocol

from installation.errors import ModelError

FIRST_RESOLUTION = 4


class MappingShape(Protocol):
    """What fixes a mapping network; StyleGAN2's and StyleGAN3's are the same.

    `c_dim` is the number of classes the model was taught to tell apart, 0 for none."""

    @property
    def z_dim(self) -> int: ...
    @property
    def w_dim(self) -> int: ...
    @property
    def c_dim(self) -> int: ...
    @property
    def mapping_layers(self) -> int: ...
    @property
    def mapping_lr_multiplier(self) -> float: ...
    @property
    def num_ws(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Architecture:
    """Everything that fixes the tensors of a generator and how they are used.

    Resolution in pixels on a side, a power of two from 4. A layer at resolution r has
    min(channel_base // r, channel_max) channels. The defaults are those of the public models.
    """

    z_dim: int = 512
    w_dim: int = 512
    resolution: int = 256
    channel_base: int = 32768
    channel_max: int = 512
    mapping_layers: int = 8
    mapping_lr_multiplier: float = 0.01
    conv_clamp: float | None = None
    img_channels: int = 3
    c_dim: int = 0

    def __post_init__(self) -> None:
        side = self.resolution
        if side < FIRST_RESOLUTION or side & (side - 1):
            raise ModelError(f"resolution {side} is not a power of two from {FIRST_RESOLUTION} up")
        if min(self.z_dim, self.w_dim, self.mapping_layers, self.channels(side)) < 1:
            raise ModelError(f"{self} has an empty layer: raise its sizes to at least one channel")

    @property
    def resolutions(self) -> tuple[int, ...]:
        """Sides of all blocks: 4, 8, ... resolution."""
        last = self.resolution.bit_length()
        return tuple(1 << i for i in range(FIRST_RESOLUTION.bit_length() - 1, last))

    def channels(self, resolution: int) -> int:
        """Feature channels at one resolution."""
        return min(self.channel_base // resolution, self.channel_max)

    def size(self, resolution: int) -> int:
        """Samples on a side of the features at one resolution: nothing lies around the picture."""
        return resolution

    @property
    def num_ws(self) -> int:
        """Style vectors a picture takes: two per block (the last picture layer shares none)."""
        return 2 * len(self.resolutions)
