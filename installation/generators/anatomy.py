"""From an edit to the numbers that a network's taps are given."""

from dataclasses import replace
from typing import Any

import numpy.typing as npt

from installation.generators.architecture import Architecture
from installation.generators.architecture3 import AnyArchitecture
from installation.generators.bands import Bands, masks
from installation.generators.bends import (
    Array,
    Bend,
    channel_rows,
    chosen,
    gathered,
    operation,
    warp,
)
from installation.generators.styles import Edit
from installation.generators.taps import PLACES, Inputs, Taps, Variant

ONE_PLACE = "only a stylegan2 paints several places in one picture"
_XRAY, _BANDS = 1 << 30, 1 << 31  # in a mask of parts; the bends are the bits from 0


class Anatomy:
    """One network's layers and clusters.

    A layer is called by its side in pixels; of a StyleGAN3, by the rate of its samples across the
    picture, the last of that rate."""

    def __init__(self, arch: AnyArchitecture, variant: Variant) -> None:
        self.arch, self.wide, self._clusters = arch, variant.wide, variant.clusters
        # By an input's name, of what warp it tells: one that stands is not computed again.
        self._standing: dict[str, tuple[npt.NDArray[Any], Array]] = {}

    @property
    def composes(self) -> bool:
        """Whether it can hold several places: a StyleGAN3's signal begins as one turn and move."""
        return isinstance(self.arch, Architecture)

    def taps(self, edit: Edit | None) -> Taps:
        """What a graph must have to paint this edit."""
        if edit is None:
            return Taps()
        bends = tuple((operation(bend), self._side(bend.side)) for bend in edit.bends)
        xray = self._side(edit.xray.side) if edit.xray else 0
        if edit.bands is None:
            return Taps(bends, xray)
        return Taps(bends, xray, edit.bands.count, edit.bands.rows)

    def fill(self, edit: Edit, inputs: Inputs) -> None:
        """Write the edit's numbers into the inputs of a graph that has its taps."""
        for place, bend in enumerate(edit.bends):
            self._bend(bend, f"bend{place}", inputs)
        if edit.xray:
            inputs["xray"][:] = edit.xray.mix
        if edit.bands:
            self._bands(edit.bands, inputs)

    def rest(self, taps: Taps, inputs: Inputs) -> None:
        """Numbers with which the taps do nothing."""
        for place, (doing, side) in enumerate(taps.bends):
            if f"bend{place}" in inputs:
                inputs[f"bend{place}"][:] = 0
            if doing == "affine":
                inputs[f"bend{place}"][0] = 1
            elif doing.startswith("warp"):
                self._warp("", 0.0, f"bend{place}", side, inputs)
        if taps.xray:
            inputs["xray"][:] = 0
        if taps.regions > 1:
            inputs["bands"][:] = 0
            inputs["bands"][0] = 1

    def _bend(self, bend: Bend, name: str, inputs: Inputs) -> None:
        side, doing = self._side(bend.side), operation(bend)
        if name in inputs:
            taken = chosen(bend, self.arch.channels(side), self._clusters.get(side))
            inputs[name][:] = channel_rows(bend.kind, bend.amount, taken)
        if doing.startswith("warp"):
            self._warp(bend.kind, bend.amount, name, side, inputs)

    def _warp(self, kind: str, amount: float, name: str, side: int, inputs: Inputs) -> None:
        by = warp(kind, amount, self.wide)
        by[2] *= side / self.arch.size(side)  # moves are by the picture, margins left out
        if f"{name}_warp" in inputs:
            inputs[f"{name}_warp"][:] = by
            return
        places, beside = inputs[f"{name}_{PLACES}"], inputs[f"{name}_beside"]
        standing = self._standing.get(name)
        if not standing or standing[0] is not places or (standing[1] != by).any():
            gathered(by, side, side * self.wide, places, beside)
            self._standing[name] = places, by

    def _bands(self, bands: Bands, inputs: Inputs) -> None:
        end = 0
        for side in self.arch.resolutions:
            begin, end = end, end + (side if bands.rows else side * self.wide)
            inputs["bands"][:, begin:end] = masks(bands, end - begin)

    def _side(self, side: int) -> int:
        """The layer that is meant: of that side, or the next below, or the first."""
        known = self.arch.resolutions
        return max((each for each in known if each <= side), default=known[0])


def parts(edit: Edit | None) -> int:
    """Which parts of an edit go between the network's layers, as bits."""
    if edit is None:
        return 0
    bends = (1 << len(edit.bends)) - 1
    return bends | (_XRAY if edit.xray else 0) | (_BANDS if edit.bands else 0)


def without(edit: Edit, left_out: int) -> Edit:
    """The edit without some of its parts."""
    if not left_out:
        return edit
    return replace(
        edit,
        bends=tuple(bend for n, bend in enumerate(edit.bends) if not left_out >> n & 1),
        xray=None if left_out & _XRAY else edit.xray,
        bands=None if left_out & _BANDS else edit.bands,
    )
