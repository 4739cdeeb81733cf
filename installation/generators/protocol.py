"""What a deck plays: anything that turns a place in latent space into a picture."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from installation.generators.directions import Direction
from installation.generators.styles import Edit, Styles
from installation.generators.taps import Taps
from installation.latent.space import Space, Vector

Picture = npt.NDArray[np.uint8]


class Generator(Protocol):
    """A loaded network, or something that stands in for one. Used by one thread.

    `draw` is the hot path: it allocates nothing that grows and leaves the whole of `out` written.
    """

    name: str  # the model's
    backend: str  # what runs it, in a few words for the status page
    why: str  # it and nothing else; empty where there was no choice
    width: int  # pixels
    height: int
    space: Space
    directions: tuple[Direction, ...]  # what Edit.amounts move along

    def styles(self, z: Vector) -> Vector:
        """z (z_dim,) as w (layers, w_dim), float64, before truncation; w is left as it is."""
        ...

    def draw(self, place: Vector, psi: float, out: Picture, edit: Edit | None = None) -> bool:
        """Paint a place, z (z_dim,) or w (layers, w_dim), at truncation `psi` and edited, into
        `out`, uint8 (height, width, 4), RGBA, sRGB.

        False when the network gave numbers that are no picture (not finite); `out` is then junk."""
        ...

    def close(self) -> None:
        """Give the memory back. Safe to call twice."""
        ...


class Network(Generator, Protocol):
    """A generator that computes its pictures, as `installation bench` looks at it."""

    precision: str  # of its features: f32, bf16 or fp16
    styling: Styles  # what makes a place the styles that `run` begins with
    taps: Taps | None  # what it can do between its layers; None for whatever an edit asks

    def run(self) -> None:
        """The network alone, from the last place's styles to the picture in memory."""
        ...

    @property
    def probe(self) -> npt.NDArray[np.float32]:
        """Every 16th pixel of the last picture before it was made whole levels, (1, 3, h, w)."""
        ...
