"""What the players of the exported graph share: styles in, a picture out, a look whether it is one.

The picture is written by the network itself into the memory that `draw` is given, a slot of the
ring: at 512 px the copy that this saves took 0.1 ms, as long as the mapping network.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph_ends import PROBE_STEP
from installation.generators.protocol import Picture
from installation.generators.styles import Edit, Styles
from installation.generators.weights import Tensors
from installation.latent.space import Vector


class Compiled(ABC):
    """A model as a graph. See generators.protocol.Network."""

    why = ""
    backend: str
    precision: str

    def __init__(self, card: Card, tensors: Tensors, directions: Sequence[Direction] = ()) -> None:
        arch = card.architecture.built()
        self.name, self.space = card.name, card.space()
        self.width = self.height = arch.resolution
        sparse = -(-arch.resolution // PROBE_STEP)
        self._arch, self._styling = arch, Styles(tensors, arch, card.latent.label, directions)
        self.directions = self._styling.directions
        self._ws = self._array((1, arch.num_ws, arch.w_dim))
        self._probe = self._array((1, 3, sparse, sparse))

    def styles(self, z: Vector) -> Vector:
        """See Generator.styles."""
        return self._styling.of(z)

    def draw(self, place: Vector, psi: float, out: Picture, edit: Edit | None = None) -> bool:
        """See Generator.draw."""
        self._styling.write(place, psi, self._ws, edit)
        self._aim(out)
        self.run()
        return bool(np.isfinite(self._probe).all())

    @property
    def probe(self) -> npt.NDArray[np.float32]:
        """See Network.probe."""
        return self._probe

    @abstractmethod
    def close(self) -> None:
        """See Generator.close."""

    @abstractmethod
    def run(self) -> None:
        """See Network.run."""

    @abstractmethod
    def _aim(self, out: Picture) -> None:
        """Have the next picture written to `out`, which lies in one piece."""

    def _array(self, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        """Memory that the network reads its styles from, or writes its probe to."""
        return np.zeros(shape, np.float32)
