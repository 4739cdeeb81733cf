"""How a part of the canvas lies on a projector's picture: warp, rotation, edge blend. Pure.

Points are (x, y) in parts of the window or of the crop, (0, 0) at the top left. A warp is a grid of
points that bends the unit square, and four corners on which a homography then lays it, as a lens
would: straight lines stay straight (Heckbert, "Fundamentals of Texture Mapping", 1989, chapter 2).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from installation.show.outputs import SQUARE, Blend, Corners, Window

FINE = 8  # pieces that a mesh's cell is drawn in, each way
Array = npt.NDArray[np.float64]
Crop = tuple[float, float, float, float]
Sides = tuple[float, float, float, float]  # left, right, top, bottom
Span = tuple[float, float]
Mesh = tuple[tuple[tuple[float, float], ...], ...]  # rows of points


@dataclass(frozen=True, slots=True)
class Warp:
    """Four corners, and a mesh of points; None where nothing bends."""

    corners: Corners = SQUARE
    points: Mesh | None = None


def straight(across: int, down: int) -> Mesh:
    """A mesh that bends nothing."""
    return tuple(
        tuple((x / (across - 1), y / (down - 1)) for x in range(across)) for y in range(down)
    )


def homography(corners: Corners) -> Array:
    """The 3x3 matrix that takes the unit square to `corners`, in their order."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    across, down = np.array([x1 - x2, y1 - y2]), np.array([x3 - x2, y3 - y2])
    rest = np.array([x0 - x1 + x2 - x3, y0 - y1 + y2 - y3])
    g, h = np.linalg.solve(np.column_stack([across, down]), rest)
    return np.array(
        [
            [x1 - x0 + g * x1, x3 - x0 + h * x3, x0],
            [y1 - y0 + g * y1, y3 - y0 + h * y3, y0],
            [g, h, 1.0],
        ]
    )


def project(matrix: Array, points: Array) -> Array:
    """Points (n, 2) through a homography, as homogeneous (n, 3): x * w, y * w, w."""
    return np.column_stack([points, np.ones(len(points))]) @ matrix.T


def bend(mesh: Array, places: Array) -> Array:
    """Where `places` (n, 2) of the unit square go in a mesh (rows, columns, 2).

    Catmull-Rom splines both ways: smooth, through every point, and straight where the mesh is."""
    rows, columns = mesh.shape[:2]
    across, down = _weights(places[:, 0], columns), _weights(places[:, 1], rows)
    return np.einsum("nr,nc,rck->nk", down, across, mesh)


def turned(places: Array, window: Window) -> Array:
    """The places of the crop that a window's `places` (n, 2) show, before any warp."""
    x, y = places[:, 0], places[:, 1]
    turns = {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}
    x, y = turns[window.rotate]
    x = 1 - x if window.flip in ("horizontal", "both") else x
    y = 1 - y if window.flip in ("vertical", "both") else y
    return np.column_stack([x, y])


def vertices(window: Window, warp: Warp) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
    """Triangles: rows of x * w, y * w, w in the window and u, v in the crop; and their indices."""
    mesh = np.array(warp.points) if warp.points else None
    across = FINE * (mesh.shape[1] - 1) if mesh is not None else 1
    down = FINE * (mesh.shape[0] - 1) if mesh is not None else 1
    grid = np.array(straight(across + 1, down + 1)).reshape(-1, 2)
    bent = grid if mesh is None else bend(mesh, grid)
    table = np.column_stack([project(homography(warp.corners), bent), turned(grid, window)])
    return table.astype(np.float32), _triangles(across, down)


def first_canvas(size: tuple[int, int], window: Window) -> tuple[int, int]:
    """The canvas whose crop fills a window of `size` pixel by pixel."""
    width, height = size[::-1] if window.rotate % 180 else size
    return max(round(width / window.crop[2]), 1), max(round(height / window.crop[3]), 1)


def overlaps(index: int, crops: Sequence[Crop]) -> Sides:
    """How far the neighbours reach into crop `index`, from each side, in parts of it."""
    left, top, width, height = crops[index]
    others = [crop for place, crop in enumerate(crops) if place != index]
    beside = [(x, w) for x, y, w, h in others if _shared(y, h, top, height) > 0.5 * min(h, height)]
    above = [(y, h) for x, y, w, h in others if _shared(x, w, left, width) > 0.5 * min(w, width)]
    return *_reach(left, width, beside), *_reach(top, height, above)


def sides(index: int, windows: Sequence[Window]) -> Sides:
    """The widths of a window's ramps: as its blend says, else as far as its neighbours reach."""
    blend = windows[index].blend
    if blend is None:
        return 0.0, 0.0, 0.0, 0.0
    reach = overlaps(index, [window.crop for window in windows])
    asked = (blend.left, blend.right, blend.top, blend.bottom)
    return tuple(r if a is None else a for a, r in zip(asked, reach, strict=True))  # pyright: ignore[reportReturnType]


def share(places: Array, widths: Sides) -> Array:
    """How much of the light a projector gives at `places` (n, 2) of its crop; the shader's sum.

    A smoothstep: those of two neighbours add up to one, and neither has a kink to be seen."""
    x, y = places[:, 0], places[:, 1]
    edges = (x, 1 - x, y, 1 - y)
    parts = [_ramp(edge, width) for edge, width in zip(edges, widths, strict=True)]
    return np.prod(parts, axis=0)


def lifted(places: Array, widths: Sides, blend: Blend) -> Array:
    """The light added at `places` so that black is as bright where fewer projectors overlap.

    With n pictures here and N where most overlap, each adds black * (N - n) / n."""
    x, y = places[:, 0], places[:, 1]
    left, right, top, bottom = widths
    here = (1.0 + (x < left) + (x > 1 - right)) * (1.0 + (y < top) + (y > 1 - bottom))
    most = (1.0 + (max(left, right) > 0)) * (1.0 + (max(top, bottom) > 0))
    return blend.black * (most - np.minimum(here, most)) / here


def _ramp(edge: Array, width: float) -> Array:
    t = np.clip(edge / width, 0.0, 1.0) if width > 0 else np.ones_like(edge)
    return t * t * (3.0 - 2.0 * t)


def _shared(a: float, length: float, b: float, other: float) -> float:
    return min(a + length, b + other) - max(a, b)


def _reach(start: float, length: float, others: Sequence[Span]) -> Span:
    """From the left and from the right, in parts of `length`."""
    end = start + length
    left = [o + n - start for o, n in others if o < start < o + n < end]
    right = [end - o for o, n in others if start < o < end < o + n]
    return max(left, default=0.0) / length, max(right, default=0.0) / length


def _weights(x: Array, count: int) -> Array:
    """Each point's weight at places `x`, (n, count); beyond the ends the spline is straight."""
    scaled = np.clip(x, 0.0, 1.0) * (count - 1)
    cell = np.minimum(scaled.astype(int), count - 2)
    t = scaled - cell
    basis = np.stack(
        [
            (-t + 2 * t**2 - t**3) / 2,
            (2 - 5 * t**2 + 3 * t**3) / 2,
            (t + 4 * t**2 - 3 * t**3) / 2,
            (t**3 - t**2) / 2,
        ]
    )
    wide = np.zeros((len(x), count + 2))  # with a point beyond each end
    for offset in range(4):
        wide[np.arange(len(x)), cell + offset] += basis[offset]
    wide[:, 1] += 2 * wide[:, 0]
    wide[:, 2] -= wide[:, 0]
    wide[:, -2] += 2 * wide[:, -1]
    wide[:, -3] -= wide[:, -1]
    return wide[:, 1:-1]


def _triangles(across: int, down: int) -> npt.NDArray[np.int32]:
    row, column = np.mgrid[:down, :across]
    a = (row * (across + 1) + column).ravel()
    b, c, d = a + 1, a + across + 1, a + across + 2
    return np.column_stack([a, b, c, b, d, c]).ravel().astype(np.int32)
