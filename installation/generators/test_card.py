"""The generator that needs no network: a deterministic test card, and faults on demand.

For rehearsals, for tests of everything around a network, and for the wall when a model is gone.
"""

import os
import time
from collections.abc import Callable

import numpy as np

from installation.generators.protocol import Picture
from installation.generators.styles import Edit
from installation.latent.space import Space, Vector

FAULTS = ("none", "crash", "hang", "slow", "leak", "nan", "memory", "card")
SLOW = 0.15  # seconds a slow picture takes
LEAK = 1024 * 1024  # bytes a picture


class TestCard:
    """Soft bands of colour steered by the first dimensions of z, and a fine grid over them."""

    __test__ = False  # not a pytest class
    name = "test card"
    directions = ()
    why = ""

    def __init__(
        self,
        width: int,
        height: int,
        fault: str = "none",
        after: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`fault`, one of FAULTS, begins with picture number `after`."""
        self.width, self.height = width, height
        self.backend = "test card" if fault == "none" else f"test card that will {fault}"
        self.space = Space(z_dim=16)
        self._fault, self._after, self._sleep = fault, after, sleep
        self._count = 0
        self._leaked: list[bytes] = []
        rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
        self._x, self._y = columns / width - 0.5, rows / height - 0.5
        self._grid = ((columns % (width // 8) == 0) | (rows % (height // 8) == 0)) * np.float32(18)

    def styles(self, z: Vector) -> Vector:
        """See Generator.styles; the card has one layer, and its w is z."""
        return z if z.ndim == 2 else z[None]

    def draw(self, place: Vector, psi: float, out: Picture, edit: Edit | None = None) -> bool:
        """See Generator.draw."""
        self._count += 1
        if self._count > self._after and not self._behave():
            return False
        waves = (psi * self.styles(place)[0, :9]).astype(np.float32).reshape(3, 3)
        for channel, (along, across, level) in enumerate(waves):
            band = np.sin(4 * (self._x * along + self._y * across) + level)
            out[..., channel] = 118 + 62 * band + self._grid
        out[..., 3] = 255
        return True

    def _behave(self) -> bool:
        """Commit the fault; False where the picture is to be thrown away."""
        if self._fault == "crash":
            raise RuntimeError(f"the test card crashed at picture {self._count}, as it was told to")
        if self._fault == "hang":
            self._sleep(3600.0)
        elif self._fault == "slow":
            self._sleep(SLOW)
        elif self._fault == "leak":
            self._leaked.append(bytes(bytearray(LEAK)))
        elif self._fault == "memory":
            raise MemoryError("the test card found no memory, as it was told to")
        elif self._fault == "card" and os.environ.get("CUDA_VISIBLE_DEVICES") != "":
            raise RuntimeError("CUDA error: unspecified launch failure, as the test card was told")
        return self._fault != "nan"

    def close(self) -> None:
        """See Generator.close."""
        self._leaked.clear()
