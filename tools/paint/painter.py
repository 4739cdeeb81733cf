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

    def faces(self, parameters: np.ndarray) -> np.ndarray:
        """Where that picture shows faces, which is where people look: float (faces, 3), each the
        centre u, v and the radius of a circle; u rightwards, v upwards, the picture is [-1, 1]."""
        ...

    def features(self, parameters: np.ndarray) -> np.ndarray:
        """Where eyes and mouths are in them: circles like those, float (features, 3)."""
        ...

    def facts(self, parameters: np.ndarray) -> np.ndarray:
        """What those pictures depend on that is steep in `parameters` (B, len(self.parameters)), so
        that a network would be long in finding it out: (B, facts), about [0, 1] each."""
        ...


def sample(painter: Painter, count: int, seed: int) -> np.ndarray:
    """`count` vectors, float32 (count, numbers), standard normal, repeatable by `seed`."""
    shape = (count, len(painter.parameters))
    return np.random.default_rng(seed).standard_normal(shape, dtype=np.float32)
