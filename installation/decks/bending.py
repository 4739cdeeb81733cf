"""From the table's controls and the scene to the bends, the x-ray and the bands of a picture."""

from collections.abc import Sequence

import numpy as np

from installation.control.edit_rows import BEND_SLOTS, KINDS, LAYERS
from installation.control.parameters import Table
from installation.control.state import Values
from installation.generators.bands import Bands
from installation.generators.bends import Bend
from installation.generators.xray import XRay
from installation.latent.space import Vector
from installation.show import schema

_KEYS = ("kind", "amount", "layer", "cluster", "from", "to")
LEAST = 1e-3  # of an amount, below which it is none: a glide to 0 takes minutes to arrive
_SCENE, _OFF = KINDS.index("scene"), KINDS.index("off")


class Within:
    """What one scene does between the layers. A table without these controls asks for nothing."""

    def __init__(self, scene: schema.Scene, table: Table) -> None:
        self._scene = scene
        slots = range(1, BEND_SLOTS + 1) if "/bend/1/kind" in table else range(0)
        self._slots = [[table.index(f"/bend/{slot}/{key}") for key in _KEYS] for slot in slots]
        self._kinds = np.array([rows[0] for rows in self._slots], int)
        known = "/xray/mix" in table
        self._xray = [table.index(f"/xray/{key}") for key in ("layer", "mix")] if known else []
        rows = [f"/compose/{key}" for key in ("mix", "soft", "shift")]
        self._compose = [table.index(row) for row in rows] if known and scene.compose else []

    def bends(self, values: Values) -> tuple[Bend, ...]:
        """Those in use, in the order of their slots."""
        if not self._scene.bend and not values[self._kinds].any():
            return ()
        found = (self._bend(slot, values[rows]) for slot, rows in enumerate(self._slots))
        return tuple(bend for bend in found if bend and abs(bend.amount) >= LEAST)

    def xray(self, values: Values) -> XRay | None:
        """None while it is not mixed in."""
        if not self._xray or values[self._xray[1]] < LEAST:
            return None
        layer, mix = values[self._xray]
        return XRay(LAYERS[int(layer)], float(mix))

    def bands(self, values: Values, places: Sequence[Vector]) -> Bands | None:
        """None while the scene's own place fills the picture."""
        if not self._compose or values[self._compose[0]] < LEAST or not places:
            return None
        mix, soft, shift = map(float, values[self._compose])
        assert self._scene.compose
        return Bands(places, mix, soft, shift, self._scene.compose.across == "rows")

    @property
    def composes(self) -> bool:
        """Whether the scene has other places than its own."""
        return bool(self._compose)

    def _bend(self, slot: int, controls: Values) -> Bend | None:
        kind, amount, layer, cluster, low, high = controls
        if kind == _OFF:
            return None
        if kind != _SCENE:
            side = LAYERS[int(layer)]
            return Bend(
                KINDS[int(kind)], side, float(amount), int(cluster), float(low), float(high)
            )
        if slot >= len(self._scene.bend):
            return None
        own = self._scene.bend[slot]
        amount = min(max(own.amount + float(amount), -1.0), 1.0)
        return Bend(own.kind, own.layer, amount, own.cluster, *own.channels)
