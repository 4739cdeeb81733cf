"""Paint one sea: ray by ray, then stroke by stroke, then down to the wanted size."""

import math

import numpy as np

from tools.paint.colour import Colour
from tools.paint.kuwahara import kuwahara
from tools.paint.noise import scalar
from tools.paint.scene import Scene, compose
from tools.paint.sky import clouds, sky
from tools.paint.surface import meet
from tools.paint.water import water

SEED = 5  # of the fixed noise fields; one world for all pictures, so that a network can learn it
OVERSIZE = 1.25
STROKE = 2.0  # Kuwahara radius in rendered pixels


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


def _area_weights(source: int, target: int) -> np.ndarray:
    """(target, source) matrix that averages each target pixel's exact share of source pixels."""
    edges = np.arange(target + 1) * source / target
    cells = np.arange(source)
    low, high = edges[:-1, None], edges[1:, None]
    cover = np.clip(np.minimum(high, cells + 1) - np.maximum(low, cells), 0, None)
    return (cover / cover.sum(1, keepdims=True)).astype(np.float32)


def shrink(picture: np.ndarray, size: int) -> np.ndarray:
    """Area-average a square float picture to `size`: strokes get clean edges."""
    weights = _area_weights(picture.shape[0], size)
    return np.einsum("ij,jkc,lk->ilc", weights, picture, weights, optimize=True)


def paint(parameters: np.ndarray, size: int) -> np.ndarray:
    """Paint the sea described by `parameters` (28,) as RGB uint8 (size, size, 3).

    Deterministic, single-threaded, and free of the interpreter lock for most of its time.
    """
    rendered = round(size * OVERSIZE)
    picture = np.empty((rendered, rendered, 3))
    render(compose(parameters), picture)
    return np.round(255.0 * shrink(kuwahara(picture, STROKE), size)).astype(np.uint8)
