"""What the players of the exported graph share: styles in, a picture out, a look whether it is one.

The picture is written by the network itself into the memory that `draw` is given, a slot of the
ring: at 512 px the copy that this saves took 0.1 ms, as long as the mapping network.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from installation.generators.anatomy import Anatomy
from installation.generators.architecture import Architecture
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph import Form, inputs
from installation.generators.graph_ends import PROBE_STEP
from installation.generators.protocol import Picture
from installation.generators.styles import Edit, Styles
from installation.generators.taps import WHOLE, Inputs, Taps, Variant, kind
from installation.generators.weights import Tensors
from installation.latent.space import Vector


class Compiled(ABC):
    """A model as a graph. See generators.protocol.Network."""

    why = ""
    gathers = False  # see Form.gathered
    backend: str
    precision: str

    def __init__(
        self,
        card: Card,
        tensors: Tensors,
        directions: Sequence[Direction] = (),
        variant: Variant = WHOLE,
    ) -> None:
        arch = card.architecture.built()
        self.name, self.space = card.name, card.space()
        self.width, self.height = arch.resolution * variant.wide, arch.resolution
        self.taps: Taps | None = variant.taps
        gathered = self.gathers and isinstance(arch, Architecture)  # a StyleGAN3's graph samples
        self._form = Form(wide=variant.wide, taps=variant.taps, gathered=gathered)
        self._anatomy = Anatomy(arch, variant)
        self._arch, self.styling = arch, Styles(tensors, arch, card.latent.label, directions)
        self.directions = self.styling.directions
        shapes = inputs(arch, self._form)
        self._inputs: Inputs = {
            name: self._array(shape) if kind(name) is np.float32 else np.zeros(shape, kind(name))
            for name, shape in shapes.items()
        }
        self._ws = self._inputs["ws"]
        self._anatomy.rest(variant.taps, self._inputs)
        sparse = [-(-length // PROBE_STEP) for length in (self.height, self.width)]
        self._probe = self._array((1, 3, *sparse))

    def styles(self, z: Vector) -> Vector:
        """See Generator.styles."""
        return self.styling.of(z)

    def draw(self, place: Vector, psi: float, out: Picture, edit: Edit | None = None) -> bool:
        """See Generator.draw."""
        self.styling.write(place, psi, self._ws, edit)
        if edit:
            self._anatomy.fill(edit, self._inputs)
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
