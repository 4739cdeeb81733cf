"""The x-ray: what a layer sees, its feature maps side by side as one picture.

Strong features are warm, negative ones cold, on dark ground; colours are sRGB in the picture's own
range, -1 to 1.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


def _colour(code: str) -> Array:
    levels = np.frombuffer(bytes.fromhex(code), np.uint8)
    return levels.astype(np.float32) / np.float32(127.5) - np.float32(1)


GROUND, WARM, COLD = _colour("0d1216"), _colour("f6d9a4"), _colour("2f8f9d")


@dataclass(frozen=True, slots=True)
class XRay:
    """Which layer, by its side, is shown, and how much of it: `mix` 0 to 1."""

    side: int
    mix: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """How the maps of a layer lie in a picture of `resolution` * `wide` pixels by `resolution`.

    As many as make a square of a power of two; a tile is the map enlarged by whole pixels, or
    pooled."""

    channels: int
    side: int
    resolution: int
    wide: int = 1

    @property
    def tiles(self) -> int:
        """Maps in a row, and rows."""
        most = min(int(self.channels**0.5), self.resolution // 4)
        return 1 << (max(most, 1).bit_length() - 1)

    @property
    def pooled(self) -> int:
        """How many of a map's pixels, each way, are one in its tile."""
        return max(self.side * self.tiles // self.resolution, 1)

    @property
    def taken(self) -> npt.NDArray[np.int32]:
        """Which number of the pooled maps, (height, width, channels) in reading order, each pixel
        of the picture shows: (H * W,)."""
        side, tile = self.side // self.pooled, self.resolution // self.tiles
        row, down = divmod(np.arange(self.resolution), tile)
        column, across = divmod(np.arange(self.resolution * self.wide), tile * self.wide)
        at = np.add.outer(down * side // tile * side * self.wide, across * side // tile)
        numbers = at * self.channels + np.add.outer(row * self.tiles, column)
        return numbers.astype(np.int32).ravel()

    @property
    def frames(self) -> Array:
        """1, and 0 along the last pixels of every tile that is large enough: (1, 1, H, W)."""
        tile = self.resolution // self.tiles
        lines = [np.arange(length) % step == step - 1 for length, step in self._sides(tile)]
        inside = ~(lines[0][:, None] | lines[1][None])
        return (inside | (tile < 8))[None, None].astype(np.float32)

    def _sides(self, tile: int) -> list[tuple[int, int]]:
        return [(self.resolution, tile), (self.resolution * self.wide, tile * self.wide)]
