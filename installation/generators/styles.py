"""Where a place becomes what the synthesis network is given: one style vector for every layer.

In numpy for every backend, so that an edit looks the same on each. What is not in use is not
computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.errors import PlaceError
from installation.generators.architecture import MappingShape
from installation.generators.bands import Bands
from installation.generators.bends import Bend
from installation.generators.directions import Direction
from installation.generators.mapping import Array, Mapping
from installation.generators.weights import Tensors
from installation.generators.xray import XRay
from installation.latent.space import Vector

# Layers by what they shape (Karras et al. 2019, figure 3): 4 to 8 px, 16 to 32 px, and the rest.
ZONES = (slice(0, 4), slice(4, 8), slice(8, None))
Zones = tuple[float, float, float]  # coarse, middle, fine: 0 … 1
ALL: Zones = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """What is done to a place on its way to the network, and to its features within.

    `amounts` are one a direction of the model; `zones` weigh those in w. `mix` of the styles of
    `partner`, a place, comes in, weighed by `mix_zones`. Truncation draws towards `centre`, w of
    (layers, w_dim), and without one towards the average. `bends` are those in use, in order."""

    amounts: Vector | None = None
    zones: Zones = ALL
    mix: float = 0.0
    mix_zones: Zones = ALL
    partner: Vector | None = None
    centre: Vector | None = None
    bends: tuple[Bend, ...] = ()
    xray: XRay | None = None
    bands: Bands | None = None


class Styles:
    """A place to ws (layers, w_dim), float32. A place is z (z_dim,), or ws itself."""

    def __init__(
        self,
        tensors: Tensors,
        arch: MappingShape,
        label: int = 0,
        directions: Sequence[Direction] = (),
    ) -> None:
        self._mapping = Mapping(tensors, arch, label)
        self.shape = arch.num_ws, arch.w_dim
        self.directions = tuple(directions)
        self._in_z = np.array([one.space == "z" for one in directions], bool)
        self._z = _rows([one.vector for one in directions if one.space == "z"], arch.z_dim)
        ours = [one for one in directions if one.space == "w"]
        self._w = _rows([one.vector for one in ours], arch.w_dim)
        self._reach = np.zeros((arch.num_ws, len(ours)), np.float32)  # layers x directions
        for column, one in enumerate(ours):
            first, last = one.layers or (0, arch.num_ws - 1)
            self._reach[first : last + 1, column] = 1.0
        self._known: tuple[Vector | None, Vector | None] = None, None  # the partner, and its ws

    def of(self, place: Vector) -> Vector:
        """ws of a place before truncation, float64: the same w for every layer of a z."""
        if place.ndim == 1:
            return np.tile(self._mapping(place).astype(np.float64), (self.shape[0], 1))
        if place.shape != self.shape:
            raise PlaceError(f"w of {place.shape} numbers, the network takes {self.shape}")
        return place

    def write(
        self, place: Vector, psi: float, ws: npt.NDArray[np.float32], edit: Edit | None = None
    ) -> None:
        """ws of a place at truncation `psi`, edited, into `ws` (1, layers, w_dim); of all places
        of the edit's bands where there is room for them."""
        places = [place]
        if edit and edit.bands and len(ws) > 1:
            places += edit.bands.places
        for number, one in enumerate(places):
            self._write(one, psi, ws[number : number + 1], edit)

    def _write(
        self, place: Vector, psi: float, ws: npt.NDArray[np.float32], edit: Edit | None
    ) -> None:
        if edit is None:
            self._plain(place, psi, ws)
            return
        centre = self._mapping.average if edit.centre is None else edit.centre
        ws[:] = _drawn(self._moved(place, edit.amounts), centre, psi)
        if edit.mix and edit.partner is not None:
            weight = edit.mix * self._weights(edit.mix_zones)
            ws[0] += weight * (_drawn(self._partner(edit.partner), centre, psi) - ws[0])
        if edit.amounts is not None and (amounts := edit.amounts[~self._in_z]).any():
            ws[0] += self._weights(edit.zones) * ((self._reach * amounts) @ self._w)

    def _plain(self, place: Vector, psi: float, ws: npt.NDArray[np.float32]) -> None:
        if place.ndim == 1:
            ws[:] = self._mapping(place, psi)
        else:
            ws[:] = _drawn(self.of(place), self._mapping.average, psi)

    def _moved(self, place: Vector, amounts: Vector | None) -> npt.NDArray[np.floating]:
        """w of z moved along the directions in z; ws stays, since it has no z."""
        if place.ndim == 2:
            return self.of(place)
        if amounts is not None and (inside := amounts[self._in_z]).any():
            place = place + inside @ self._z
        return self._mapping(place)

    def _partner(self, partner: Vector) -> Vector:
        if self._known[0] is not partner:
            self._known = partner, self.of(partner)
        known = self._known[1]
        assert known is not None
        return known

    def _weights(self, zones: Zones) -> Array:
        """What the zones leave of an edit in each layer, (layers, 1)."""
        weights = np.ones((self.shape[0], 1), np.float32)
        for zone, weight in zip(ZONES, zones, strict=True):
            weights[zone] = weight
        return weights


def _drawn(
    ws: npt.NDArray[np.floating], centre: npt.NDArray[np.floating], psi: float
) -> npt.NDArray[np.floating]:
    return centre + psi * (ws - centre)


def _rows(vectors: Sequence[Array], size: int) -> Array:
    return np.stack(vectors) if vectors else np.zeros((0, size), np.float32)
