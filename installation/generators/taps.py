"""What can be done inside the network, between its layers, and what a graph needs for it.

An `Edit` says what is wanted of one picture in a model's own words. `Taps` is what remains of it
when every number is taken away: the nodes that a compiled graph must have. Two edits of equal taps
are played by one graph, which is given other numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from installation.generators.architecture3 import AnyArchitecture
from installation.generators.bends import CHANNEL_ROWS

Array = npt.NDArray[np.float32]
Inputs = dict[str, npt.NDArray[Any]]  # of the types that `kind` tells
Shapes = dict[str, tuple[int, ...]]
Clusters = Mapping[
    int, npt.NDArray[np.int64]
]  # by a layer's side: which cluster each channel is of


PLACES = "places"  # what the names of such inputs end with


def kind(name: str) -> type[np.float32] | type[np.int32]:
    """The type of the input of that name."""
    return np.int32 if name.endswith(PLACES) else np.float32


@dataclass(frozen=True, slots=True)
class Taps:
    """The nodes of a graph beside the plain network's. `bends` are applied in order."""

    bends: tuple[tuple[str, int], ...] = ()  # an operation of `bends`, and the side of its layer
    xray: int = 0  # the side of the layer whose maps can be shown, 0 for none
    regions: int = 1  # places in one picture
    rows: bool = False  # which lie above each other, not side by side

    def inputs(self, arch: AnyArchitecture, wide: int, gathered: bool = False) -> Shapes:
        """The graph's inputs that they need, by name; see `kind` for their types.

        `gathered`: what a warp moves is told by `bends.gathered`, not by its matrix."""
        shapes: Shapes = {}
        if self.regions > 1:
            shapes["bands"] = self.regions, sum(self.length(s, wide) for s in arch.resolutions)
        for place, (operation, side) in enumerate(self.bends):
            if rows := CHANNEL_ROWS[operation]:
                shapes[f"bend{place}"] = rows, arch.channels(side)
            if operation.startswith("warp") and gathered and place not in self.late(arch):
                shapes[f"bend{place}_{PLACES}"] = (side * side * wide,)
                shapes[f"bend{place}_beside"] = 2, side * side * wide, 1
            elif operation.startswith("warp"):
                shapes[f"bend{place}_warp"] = 3, 2
        if self.xray:
            shapes["xray"] = 1, 1
        return shapes

    def late(self, arch: AnyArchitecture) -> list[int]:
        """The places of the bends that may as well be done after the last layer has become colour.

        A 1x1 convolution of what was sampled elsewhere is, sampled elsewhere, the convolution:
        three channels are sampled instead of all (1 instead of 32 % of a 128 px network's time).
        Not where its result is clamped."""
        last = arch.resolution
        clamps = arch.conv_clamp is not None or len(arch.resolutions) == 1
        if clamps or self.regions > 1 or self.xray == last:
            return []
        at_last = [place for place, (_, side) in enumerate(self.bends) if side == last]
        kept = [place for place in at_last if self.bends[place][0] != "warp"]
        return [place for place in at_last if not kept or place > kept[-1]]

    def length(self, side: int, wide: int) -> int:
        """Pixels across the regions in the layer of this side."""
        return side if self.rows else side * wide


PLAIN = Taps()


@dataclass(frozen=True, slots=True)
class Variant:
    """Which graph of a model: what it can do to a picture, and how many times as wide it is.

    `clusters` are what the model's bends can choose from."""

    taps: Taps = PLAIN
    wide: int = 1
    clusters: Clusters = field(default_factory=dict, compare=False)


WHOLE = Variant()
