"""What can be done inside the network, between its layers, and what a graph needs for it.

An `Edit` says what is wanted of one picture in a model's own words. `Taps` is what remains of it
when every number is taken away: the nodes that a compiled graph must have. Two edits of equal taps
are played by one graph, which is given other numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from installation.generators.architecture import Architecture
from installation.generators.bends import CHANNEL_ROWS

Array = npt.NDArray[np.float32]
Inputs = dict[str, Array]
Shapes = dict[str, tuple[int, ...]]
Clusters = Mapping[
    int, npt.NDArray[np.int64]
]  # by a layer's side: which cluster each channel is of


@dataclass(frozen=True, slots=True)
class Taps:
    """The nodes of a graph beside the plain network's. `bends` are applied in order."""

    bends: tuple[tuple[str, int], ...] = ()  # an operation of `bends`, and the side of its layer
    xray: int = 0  # the side of the layer whose maps can be shown, 0 for none
    regions: int = 1  # places in one picture
    rows: bool = False  # which lie above each other, not side by side

    def inputs(self, arch: Architecture, wide: int) -> Shapes:
        """The graph's inputs that they need, by name, all float32."""
        shapes: Shapes = {}
        if self.regions > 1:
            shapes["bands"] = self.regions, sum(self.length(s, wide) for s in arch.resolutions)
        for place, (operation, side) in enumerate(self.bends):
            if rows := CHANNEL_ROWS[operation]:
                shapes[f"bend{place}"] = rows, arch.channels(side)
            if operation.startswith("warp"):
                shapes[f"bend{place}_warp"] = 3, 2
        if self.xray:
            shapes["xray"] = 1, 1
        return shapes

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
