"""Where a place becomes what the synthesis network is given: one style vector for every layer."""

import numpy as np
import numpy.typing as npt

from installation.errors import PlaceError
from installation.generators.architecture import MappingShape
from installation.generators.mapping import Array, Mapping
from installation.generators.weights import Tensors
from installation.latent.space import Vector


class Styles:
    """A place to ws (layers, w_dim), float32. A place is z (z_dim,), or ws itself.

    In numpy for every backend: a tenth of a millisecond, and every backend paints the same."""

    def __init__(self, tensors: Tensors, arch: MappingShape, label: int = 0) -> None:
        self._mapping = Mapping(tensors, arch, label)
        self.shape = arch.num_ws, arch.w_dim

    def of(self, place: Vector) -> Vector:
        """ws of a place before truncation, float64: the same w for every layer of a z."""
        if place.ndim == 1:
            return np.tile(self._mapping(place).astype(np.float64), (self.shape[0], 1))
        if place.shape != self.shape:
            raise PlaceError(f"w of {place.shape} numbers, the network takes {self.shape}")
        return place

    def write(self, place: Vector, psi: float, ws: npt.NDArray[np.float32]) -> None:
        """ws of a place at truncation `psi`, into `ws` (1, layers, w_dim)."""
        if place.ndim == 1:
            ws[:] = self._mapping(place, psi)
        else:
            self._truncate(self.of(place), psi, ws)

    def _truncate(self, place: Vector, psi: float, ws: Array) -> None:
        average = self._mapping.average
        np.subtract(place, average, out=ws[0], casting="same_kind")
        ws *= np.float32(psi)
        ws += average
