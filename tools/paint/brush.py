"""From a rendering to a painting: render a little larger, brush, average down."""

from collections.abc import Callable

import numpy as np

from tools.paint.kuwahara import kuwahara

OVERSIZE = 1.25
STROKE = 2.0  # Kuwahara radius in rendered pixels


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


def brushed(
    render: Callable[[np.ndarray], None],
    size: int,
    stroke: float = STROKE,
    oversize: float = OVERSIZE,
) -> np.ndarray:
    """Let `render` fill a float picture and return it as strokes: RGB uint8 (size, size, 3)."""
    rendered = round(size * oversize)
    picture = np.empty((rendered, rendered, 3))
    render(picture)
    return np.round(255.0 * shrink(kuwahara(picture, stroke), size)).astype(np.uint8)
