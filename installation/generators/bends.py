"""Bends: what is done to the features of one layer on their way to the next.

After Broad, Leymarie and Grierson 2021, "Network Bending: Expressive Manipulation of Deep
Generative Models" (arXiv:2005.12420), section 4. Every kind has one number, -1 to 1, and is nothing
at 0. Nine kinds are five operations on x (C, H, W), most told by a row, or two, of C numbers:

affine     x * row0 + row1
threshold  x + row0 * (step(x) - x)
noise      x + row0 * n, n a fixed standard normal map (H, W)
warp       x sampled elsewhere
warp_some  x + row0 * (x sampled elsewhere - x)
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

OPERATIONS = {
    "ablate": "affine",
    "multiply": "affine",
    "invert": "affine",
    "threshold": "threshold",
    "noise": "noise",
    "scale": "warp",
    "rotate": "warp",
    "translate_x": "warp",
    "translate_y": "warp",
}
CHANNEL_ROWS = {"affine": 2, "threshold": 1, "noise": 1, "warp": 0, "warp_some": 1}
MULTIPLIED = 4.0  # at 1; a quarter at -1
SCALED = 4.0
NOISE = 0.5  # standard deviations at 1; a layer's features have at most about one
STEP = 8.0  # steepness: features within an eighth of zero lie between the two sides


@dataclass(frozen=True, slots=True)
class Bend:
    """One bend as it is played. `side` is its layer's, in pixels.

    It takes the channels of `cluster`, from 1, 0 for any, that lie between `low` and `high` of
    all the layer's channels."""

    kind: str
    side: int
    amount: float
    cluster: int = 0
    low: float = 0.0
    high: float = 1.0


def operation(bend: Bend) -> str:
    """The operation of a bend. Sampling all channels alike saves three passes over them."""
    found = OPERATIONS[bend.kind]
    whole = bend.cluster == 0 and bend.low <= 0 and bend.high >= 1
    return "warp_some" if found == "warp" and not whole else found


def chosen(bend: Bend, channels: int, clusters: npt.NDArray[np.int64] | None) -> Array:
    """1 for the channels that a bend takes, else 0: (channels,)."""
    place = (np.arange(channels) + 0.5) / channels
    taken = (place >= bend.low) & (place <= bend.high)
    if bend.cluster and clusters is not None:
        taken &= clusters == bend.cluster - 1
    return taken.astype(np.float32)


def channel_rows(kind: str, amount: float, taken: Array) -> Array:
    """The rows that tell a bend's operation, (1 or 2, channels)."""
    size = abs(amount)
    if kind == "ablate":
        return np.stack([1 - size * taken, 0 * taken])
    if kind == "multiply":
        return np.stack([1 + (MULTIPLIED**amount - 1) * taken, 0 * taken])
    if kind == "invert":  # to 1 - x
        return np.stack([1 - 2 * size * taken, size * taken])
    if kind == "threshold":
        return size * taken[None]
    if kind == "noise":
        return NOISE * amount * taken[None]
    return taken[None]


def warp(kind: str, amount: float, wide: int) -> Array:
    """Where a pixel is taken from: (x, y, 1) times this (3, 2), -1 to 1 from edge to edge.

    `wide` is how many times as wide as high the picture is. At 1 it turns by half a turn, against
    the clock, shows four times as much or moves by its whole width to the right, or height up."""
    by = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], np.float32)
    if kind == "scale":
        by /= SCALED**amount
    elif kind == "rotate":
        cos, sin = math.cos(math.pi * amount), math.sin(math.pi * amount)
        by[:2] = [[cos, sin * wide], [-sin / wide, cos]]
    elif kind == "translate_x":
        by[2, 0] = -2 * amount
    elif kind == "translate_y":
        by[2, 1] = 2 * amount
    return by


def base_grid(height: int, width: int) -> Array:
    """The middles of all pixels as (x, y, 1), (height, width, 3)."""
    y, x = np.meshgrid(_middles(height), _middles(width), indexing="ij")
    return np.stack([x, y, np.ones_like(x)], -1).astype(np.float32)


def gathered(
    by: Array, height: int, width: int, places: npt.NDArray[np.int32], beside: Array
) -> None:
    """Write what each pixel of a warp is mixed of: the upper left of four neighbours by its place
    in reading order, to `places` (height * width,), and how far from it across and down, to
    `beside` (2, height * width, 1).

    Bilinear, with the edges mirrored, as grid_sample does it with the same grid. It is computed for
    every picture: 0.08 ms at 128 px."""
    x, y = _middles(width).astype(np.float32), _middles(height).astype(np.float32)
    across, down = beside.reshape(2, height, width)
    np.add.outer(by[1, 0] * y + by[2, 0], by[0, 0] * x, out=across)
    np.add.outer(by[1, 1] * y + by[2, 1], by[0, 1] * x, out=down)
    left, above = _beside(across, width), _beside(down, height)
    above *= width
    above += left
    np.copyto(places.reshape(height, width), above, casting="unsafe")


def _beside(at: Array, count: int) -> Array:
    """Of places between -1 and 1, or mirrored there: the pixel before each, the last but one at
    most. `at` becomes how far behind it each is."""
    at += 1
    at *= 0.25
    at -= np.rint(at)
    np.abs(at, out=at)  # half of 1 from edge to edge
    at *= 2 * count
    at -= 0.5
    # One pass, three times as fast as a maximum and a minimum; the end lies just before the last.
    np.clip(at, 0, np.nextafter(np.float32(count - 1), np.float32(0)), out=at)
    first = np.floor(at)
    at -= first
    return first


def noise_map(height: int, width: int) -> Array:
    """The map of the noise bend: the same whenever and wherever it is drawn."""
    return np.random.default_rng(height).standard_normal((height, width)).astype(np.float32)


def _middles(count: int) -> npt.NDArray[np.float64]:
    return (2 * np.arange(count) + 1) / count - 1
