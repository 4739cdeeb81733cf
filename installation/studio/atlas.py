"""A model's latent space as a map: named ways through it, and from a recipe to a picture's styles.

The principal ways are those of w: PCA of many mapped seeds, as in GANSpace (Härkönen et al. 2020,
arXiv:2004.02546). Mixing follows Karras et al. 2019 (arXiv:1812.04948), section 3.1: what the
layers up to 8 x 8 take is coarse (the pose), up to 32 x 32 middle, the rest fine (the colours).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from installation.latent.space import Vector, unit
from installation.studio.painter import Painter, Styles
from installation.studio.recipe import Mix, Point, Sheet, Start

SAMPLES = 2000  # mapped seeds for the mean and the principal ways; 0.3 s for a 512-wide mapping
PRINCIPAL = 10  # of them are offered
PAIRS = 128  # of places, for the way in w that an axis of z amounts to


@dataclass(frozen=True, slots=True)
class Landmark:
    """A named way: unit steps along `z` (z_dim,) or along `w` (layers, w_dim)."""

    name: str
    kind: str  # axis, direction or principal
    span: tuple[float, float]
    z: Vector | None = None
    w: Styles | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a recipe comes to: the styles, and z if they are those of a plain z."""

    ws: Styles
    z: Vector | None


class Atlas:
    """One painter's space."""

    def __init__(self, painter: Painter) -> None:
        self._painter = painter
        self._steps: dict[str, Styles] = {}

    @cached_property
    def ways(self) -> dict[str, Landmark]:
        """Every named way: the card's axes, the model's directions, the principal ones."""
        return {way.name: way for way in (*self._axes(), *self._directions(), *self._principal())}

    def find(self, point: Point) -> Found:
        """A recipe's styles. Raises ValueError for a way that the model does not have."""
        z, ws = self._started(point.start)
        for name in point.push:
            if name not in self.ways:
                raise ValueError(f"the model has no way {name}")
        if z is not None:
            z = self._pushed(z, point)
            ws = self._spread(self._painter.map(z))
        assert ws is not None
        ws = ws + self._w_pushes(point, z is None)
        if point.mix:
            ws = self._mixed(ws, point.mix)
        if point.stray:
            seed, amount = point.stray.seed, np.float32(point.stray.amount)
            ws = ws + amount * (self._painter.map(self.seed(seed)) - self._painter.average)
        altered = point.psi != 1 or point.mix or point.stray or self._in_w(point)
        average = self._painter.average
        drawn = average + np.float32(point.psi) * (ws - average)
        return Found(drawn.astype(np.float32), None if altered else z)

    def styles(self, position: Vector) -> Styles:
        """The styles (layers, w_dim) of a position: z (z_dim,), or w, which is them already."""
        ws = position if position.ndim == 2 else self._spread(self._painter.map(position))
        return ws.astype(np.float32)

    def seed(self, seed: int) -> Vector:
        """The z of a seed, as StyleGAN's own tools draw it from N(0, 1)."""
        return np.random.RandomState(seed).randn(self._painter.space.z_dim)

    def sheet(self, sheet: Sheet) -> Vector:
        """z at a point of an endless sheet with a seed at every crossing of whole numbers.

        The four corners are blended by smoothstep weights over their root sum of squares: every
        point of the sheet is itself a fair draw from N(0, 1), and the sheet has no crease."""
        left, low = int(np.floor(sheet.x)), int(np.floor(sheet.y))
        across, up = _eased(sheet.x - left), _eased(sheet.y - low)
        weights = np.outer([1 - across, across], [1 - up, up])
        z = np.zeros(self._painter.space.z_dim)
        for (i, j), weight in np.ndenumerate(weights):
            if weight:
                z += weight * self._corner(sheet.seed, left + i, low + j)
        return z / np.sqrt(np.square(weights).sum())

    def _corner(self, seed: int, x: int, y: int) -> Vector:
        words = [seed, x % 2**32, y % 2**32]
        return np.random.default_rng(words).standard_normal(self._painter.space.z_dim)

    def _started(self, start: Start) -> tuple[Vector | None, Styles | None]:
        painter = self._painter
        if start.seed is not None:
            return self.seed(start.seed), None
        if start.sheet is not None:
            return self.sheet(start.sheet), None
        if start.z is not None:
            return _sized(np.array(start.z), (painter.space.z_dim,)), None
        if start.w is not None:
            w = _sized(np.array(start.w), (painter.layers, len(painter.average)))
            return None, w.astype(np.float32)
        raise ValueError("a kept place or journey is looked up before the studio is asked")

    def _pushed(self, z: Vector, point: Point) -> Vector:
        for name, amount in point.push.items():
            way = self.ways[name].z
            z = z if way is None else z + amount * way
        return z

    def _w_pushes(self, point: Point, all_of_them: bool) -> Styles:
        """What the pushes add to the styles; those along z too where there is no z."""
        total = np.zeros((self._painter.layers, len(self._painter.average)), np.float32)
        for name, amount in point.push.items():
            way = self.ways[name]
            if way.w is not None:
                total += np.float32(amount) * way.w
            elif all_of_them and way.z is not None:
                total += np.float32(amount) * self._step(name, way.z)
        return total

    def _in_w(self, point: Point) -> bool:
        return any(self.ways[name].w is not None for name in point.push)

    def _mixed(self, ws: Styles, mix: Mix) -> Styles:
        other = self.find(mix.other).ws
        parts = zones(self._painter.layers, mix.coarse, mix.middle, mix.fine)
        return (ws + parts[:, None] * (other - ws)).astype(np.float32)

    def _spread(self, w: npt.ArrayLike) -> Styles:
        return np.tile(np.asarray(w, np.float32), (self._painter.layers, 1))

    def _axes(self) -> Iterator[Landmark]:
        size = self._painter.space.z_dim
        for name, dimension in self._painter.space.axes.items():
            yield Landmark(name, "axis", (-3.0, 3.0), z=np.eye(1, size, dimension)[0])

    def _directions(self) -> Iterator[Landmark]:
        for one in self._painter.directions:
            if one.space == "z":
                way = one.vector.astype(np.float64)
                yield Landmark(one.name, "direction", one.range, z=way)
                continue
            first, last = one.layers or (0, self._painter.layers - 1)
            way = self._spread(one.vector)
            way[:first], way[last + 1 :] = 0.0, 0.0
            yield Landmark(one.name, "direction", one.range, w=way)

    def _principal(self) -> Iterator[Landmark]:
        samples = np.stack([self._painter.map(self.seed(seed)) for seed in range(SAMPLES)])
        _, lengths, ways = np.linalg.svd(samples - samples.mean(0), full_matrices=False)
        for place, way in enumerate(ways[:PRINCIPAL]):
            way = way * np.sign(way[np.abs(way).argmax()])  # a library may turn it round
            step = np.float32(lengths[place] / np.sqrt(SAMPLES)) * way
            yield Landmark(f"pca {place + 1}", "principal", (-3.0, 3.0), w=self._spread(step))

    def _step(self, name: str, way: Vector) -> Styles:
        """What a unit step along an axis of z amounts to in w, on average over many places."""
        if name not in self._steps:
            map_, places = self._painter.map, [self.seed(seed) for seed in range(PAIRS)]
            moved = [map_(unit(z) + way / 2) - map_(unit(z) - way / 2) for z in places]
            self._steps[name] = self._spread(np.mean(moved, 0, dtype=np.float32))
        return self._steps[name]


def zones(layers: int, coarse: float, middle: float, fine: float) -> Styles:
    """One number a layer (layers,). A network of few layers has them in thirds."""
    ends = (4, 8) if layers >= 12 else (layers // 3, 2 * layers // 3)
    numbers = np.full(layers, fine, np.float32)
    numbers[: ends[1]] = middle
    numbers[: ends[0]] = coarse
    return numbers


def _eased(t: float) -> float:
    return t * t * (3.0 - 2.0 * t)


def _sized(array: Vector, shape: tuple[int, ...]) -> Vector:
    if array.shape != shape:
        raise ValueError(f"the place is of another model: {array.shape}, not {shape}")
    return array
