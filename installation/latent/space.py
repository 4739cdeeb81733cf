"""A model's latent space as a walk sees it, and the few movements every walk is made of.

z is float64 of shape (z_dim,), drawn from N(0, 1) and brought to unit root mean square, as
StyleGAN's mapping network does (Karras et al. 2019, arXiv:1812.04948). Everything here is pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Swell:
    """Two dimensions of z that are one travelling wave: their angle is its phase."""

    pair: tuple[int, int]
    wavelength: float  # metres


@dataclass(frozen=True, slots=True)
class Space:
    """What a model's card says of its z.

    `used` leading dimensions shape the picture, the rest only carry the norm (0: all are used).
    `axes` names single dimensions worth steering along.
    """

    z_dim: int = 512
    used: int = 0
    tide: tuple[Swell, ...] = ()
    axes: Mapping[str, int] = field(default_factory=dict)


def unit(z: Vector) -> Vector:
    """`z` at unit root mean square."""
    return z / np.sqrt(np.mean(z * z) + 1e-12)


def slerp(a: Vector, b: Vector, t: float) -> Vector:
    """The point a part `t` along the great circle from `a` to `b` (Shoemake 1985), norms mixed."""
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    cosine = np.clip(np.dot(a, b) / max(float(length_a * length_b), 1e-12), -1.0, 1.0)
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-6:
        return a + t * (b - a)
    way = (np.sin((1 - t) * angle) * a / length_a + np.sin(t * angle) * b / length_b) / np.sin(
        angle
    )
    return way * (length_a + t * (length_b - length_a))


def towards(a: Vector, b: Vector) -> Vector:
    """The way from `a` to `b` along the great circle: tangent at `a`, as long as the arc.

    The logarithmic map of the sphere through `a`; `along` is its inverse."""
    straight = b - a * (np.dot(a, b) / np.dot(a, a))
    length = np.linalg.norm(straight)
    angle = np.arctan2(length, np.dot(a, b) / np.linalg.norm(a))
    return straight * (angle * np.linalg.norm(a) / max(float(length), 1e-12))


def along(a: Vector, way: Vector) -> Vector:
    """Where a tangent `way` leads from `a` along the sphere (the exponential map)."""
    radius, length = np.linalg.norm(a), np.linalg.norm(way)
    angle = length / radius
    return np.cos(angle) * a + np.sin(angle) * radius * way / max(float(length), 1e-12)


class Loop:
    """A smooth closed curve whose every point is a fair draw from N(0, 1)^size.

    z(turn) is a random Fourier series over a few harmonics, with weights whose squares add to one.
    """

    def __init__(self, size: int, rng: np.random.Generator, weights: tuple[float, ...]) -> None:
        power = np.sqrt(np.sum(np.square(weights)))
        self._series = rng.standard_normal((2, len(weights), size))
        self._series *= (np.array(weights) / power)[None, :, None]
        self._harmonics = 2 * np.pi * np.arange(1, len(weights) + 1)

    def at(self, turns: float | Vector) -> Vector:
        """The point at `turns` rounds; an array gives each harmonic a phase of its own."""
        angle = self._harmonics * turns
        return np.cos(angle) @ self._series[0] + np.sin(angle) @ self._series[1]
