"""Several places in one picture: which of them each pixel belongs to, softly.

The features of one layer are one field; only the styles that scale them differ from place to place
(Collins et al. 2020, arXiv:2004.14367, edit styles by region in the same spirit). So a picture of
many places costs one picture, and the seams are painted by the network itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.latent.space import Vector

Array = npt.NDArray[np.float32]
SOFTEST, HARDEST = 1.0, 0.01  # of a band's length


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """`places` follow the walk's own, left to right or top to bottom; `mix` is how much of them.

    `soft` is how long the way from one into the next is, 1 a whole band; `shift` moves all borders,
    by as much as one band at 1."""

    places: Sequence[Vector]
    mix: float = 1.0
    soft: float = 0.5
    shift: float = 0.0
    rows: bool = False

    @property
    def count(self) -> int:
        """How many places there are, with the walk's own."""
        return len(self.places) + 1


def masks(bands: Bands, length: int) -> Array:
    """The share of each place in each pixel across the bands, (places, length); columns sum to 1.

    The same function of the place in the picture whatever the length, so that all layers agree."""
    at = (np.arange(length) + 0.5) / length
    borders = (np.arange(1, bands.count) + bands.shift) / bands.count
    width = min(max(bands.soft, HARDEST), SOFTEST) / bands.count
    past = np.clip((at[None] - borders[:, None]) / width + 0.5, 0, 1)
    past = past * past * (3 - 2 * past)
    one, none = np.ones((1, length)), np.zeros((1, length))
    shares = np.concatenate([one, past]) - np.concatenate([past, none])
    shares *= bands.mix
    shares[0] += 1 - bands.mix
    return shares.astype(np.float32)
