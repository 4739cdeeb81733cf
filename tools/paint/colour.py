"""Small colour arithmetic on (red, green, blue) tuples in [0, 1]."""

import numpy as np

from tools.paint.noise import scalar

Colour = tuple[float, float, float]


@scalar
def mix(a: Colour, b: Colour, t: float) -> Colour:
    """`a` at t = 0, `b` at t = 1."""
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


@scalar
def add(a: Colour, b: Colour, amount: float) -> Colour:
    """Light `b` on top of `a`."""
    return (a[0] + b[0] * amount, a[1] + b[1] * amount, a[2] + b[2] * amount)


@scalar
def pick(colours: np.ndarray, row: int) -> Colour:
    """One row of a palette."""
    return (colours[row, 0], colours[row, 1], colours[row, 2])


@scalar
def ramp(t: float, colours: np.ndarray) -> Colour:
    """Equally spaced colours (n, 3), read at t in [0, 1]; slightly eased so that bands show."""
    last = colours.shape[0] - 1
    position = min(max(t, 0.0), 1.0) * last
    i = min(int(position), last - 1)
    f = position - i
    f = 0.6 * f * f * (3.0 - 2.0 * f) + 0.4 * f
    return mix(pick(colours, i), pick(colours, i + 1), f)
