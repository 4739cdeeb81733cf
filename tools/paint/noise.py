"""Value noise and its fractal sum, compiled for use inside per-pixel code.

Every compiled function of the painter shares one decorator. It releases the interpreter lock, so
several pictures are painted side by side by threads, and it never splits one picture between
threads: a loop-parallel version of such long pixel bodies was seen to miscompile.
"""

import math

from numba import njit

# Everything of fast mathematics except the promise that infinities and NaNs never occur.
scalar = njit(fastmath={"contract", "arcp", "nsz", "reassoc"}, cache=True, nogil=True)

OCTAVE_SHIFT_X, OCTAVE_SHIFT_Y = 3.1, 1.7


@scalar
def hashed(i: int, j: int, seed: int) -> float:
    """A repeatable pseudo-random number in [0, 1] for one lattice point."""
    h = (i * 374761393 + j * 668265263 + seed * 974634533) & 0xFFFFFFFF
    h = ((h ^ (h >> 13)) * 1274126177) & 0xFFFFFFFF
    h = h ^ (h >> 16)
    return (h & 0xFFFFFF) / 16777215.0


@scalar
def fade(t: float) -> float:
    """Quintic ease of Perlin's improved noise (2002): zero first and second derivative at 0, 1."""
    return t * t * t * (t * (6.0 * t - 15.0) + 10.0)


@scalar
def value_noise(x: float, y: float, seed: int) -> float:
    """Smoothly interpolated lattice noise in [0, 1]."""
    i, j = math.floor(x), math.floor(y)
    u, v = fade(x - i), fade(y - j)
    a, b = hashed(i, j, seed), hashed(i + 1, j, seed)
    c, d = hashed(i, j + 1, seed), hashed(i + 1, j + 1, seed)
    return a + (b - a) * u + (c - a) * v + (a - b - c + d) * u * v


@scalar
def fractal(x: float, y: float, seed: int, octaves: int) -> float:
    """Fractal sum in about [0, 1]; each octave doubles the frequency and turns the lattice.

    The turn (36.9 degrees) keeps the square lattice from showing through.
    """
    amplitude, total = 0.5, 0.0
    for octave in range(octaves):
        total += amplitude * value_noise(x, y, seed + octave)
        x, y = 1.6 * x + 1.2 * y + OCTAVE_SHIFT_X, 1.6 * y - 1.2 * x + OCTAVE_SHIFT_Y
        amplitude *= 0.5
    return total
