"""What every house painter is: numbers with names in, one picture out.

The numbers are standard normal and the map to pictures is smooth, so a straight or circular walk
through them is a film. A network that learns the map inherits the names as steering axes.
"""

from typing import NamedTuple, Protocol

import numpy as np


class Parameter(NamedTuple):
    """One latent number: its name, which is also its steering axis, and what +1 does."""

    name: str
    meaning: str


class Painter(Protocol):
    """A painter; `tools.paint.painters` has them all by name."""

    @property
    def name(self) -> str:
        """As on the command line: "waves", "faces/mirre"."""
        ...

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """One entry for each number a picture takes."""
        ...

    def paint(self, parameters: np.ndarray, size: int) -> np.ndarray:
        """`parameters` (len(self.parameters),) as RGB uint8 (size, size, 3); deterministic."""
        ...


def sample(painter: Painter, count: int, seed: int) -> np.ndarray:
    """`count` vectors, float32 (count, numbers), standard normal, repeatable by `seed`."""
    shape = (count, len(painter.parameters))
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
