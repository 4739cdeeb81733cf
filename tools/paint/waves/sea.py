"""Paint one sea: ray by ray, then stroke by stroke, then down to the wanted size."""

import math
from functools import partial

import numpy as np

from tools.paint.brush import brushed
from tools.paint.colour import Colour
from tools.paint.noise import scalar
from tools.paint.waves.scene import Scene, compose
from tools.paint.waves.sky import clouds, sky
from tools.paint.waves.surface import meet
from tools.paint.waves.water import water

SEED = 5  # of the fixed noise fields; one world for all pictures, so that a network can learn it


@scalar
def pixel(u: float, v: float, scene: Scene) -> Colour:
    """Colour at (u, v), both in [-1, 1], v upwards."""
    x, y = u * scene.zoom, v * scene.zoom
    cos, sin = math.cos(scene.pitch), math.sin(scene.pitch)
    y, z = cos * y - sin, sin * y + cos
    scale = 1.0 / math.sqrt(x * x + y * y + z * z)
    x, y, z = x * scale, y * scale, z * scale
    t = meet(x, y, z, scene)
    if t < 0.0:
        return sky(x, y, z, clouds(x, max(y, 0.0), SEED + 40, scene), scene)
    # Haze takes the colour of a cloudless sky: clouds would hang as curtains under the horizon.
    return water((x, y, z), t, sky(x, y, z, 0.0, scene), SEED, scene)


@scalar
def render(scene: Scene, out: np.ndarray) -> None:
    """Fill a square float picture (size, size, 3) pixel by pixel, in [0, 1]."""
    size = out.shape[0]
    for row in range(size):
        v = 1.0 - 2.0 * (row + 0.5) / size
        for column in range(size):
            colour = pixel(2.0 * (column + 0.5) / size - 1.0, v, scene)
            for c in range(3):
                out[row, column, c] = min(1.0, max(0.0, colour[c]))


def paint(parameters: np.ndarray, size: int) -> np.ndarray:
    """Paint the sea described by `parameters` (28,) as RGB uint8 (size, size, 3).

    Deterministic, single-threaded, and free of the interpreter lock for most of its time.
    """
    return brushed(partial(render, compose(parameters)), size)
