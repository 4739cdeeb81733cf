"""The table, its cloth and what stands on it, as signed distances."""

import math

import numpy as np

from tools.paint.noise import scalar
from tools.paint.people.shapes import capsule, ellipsoid, rounded_box, smooth_min, sphere

PLATE, BOWL, CARAFE, GLASS, CANDLE, FRUIT, OTHER_FRUIT = range(7)
FLAME = 9
TALLEST = 1.1  # the carafe, with its round end


@scalar
def table(x: float, y: float, z: float, t: np.ndarray) -> float:
    """The board and the cloth that falls in folds at its front."""
    if y > t[0] + 0.6:  # nothing of it is nearer than its top
        return y - t[0]
    board = rounded_box(abs(x) - t[1], abs(y - t[0] + 0.06) - 0.05, abs(z - t[3]) - t[2]) - 0.03
    falling = min(1.0, max(0.0, 1.6 * (t[0] - y)))
    fold = 0.05 * math.sin(5.0 * x + 0.8 * math.sin(2.1 * x) + t[4]) * falling
    front = abs(z - t[3] - t[2] - 0.02 - fold) - 0.03
    cloth = rounded_box(-1.0, abs(y - t[0] + 1.6) - 1.55, front) - 0.02
    return min(board, 0.8 * cloth)


@scalar
def thing(
    kind: int, x: float, y: float, z: float, r: float, size: float, tall: float
) -> tuple[float, int]:
    """One thing at the origin of the table top; `r` is the distance from its axis."""
    if kind == PLATE:
        return max(abs(y - 0.02 - 0.06 * max(0.0, r / size - 0.6)) - 0.018, r - size), PLATE
    if kind == BOWL:
        side = math.sqrt(r * r + (y - 0.95 * size) ** 2)
        d, found = max(abs(side - size) - 0.03, y - 0.55 * size), BOWL
        for q in range(4):
            angle = 1.7 * q + 3.0 * tall
            fx, fz = x - 0.42 * size * math.cos(angle), z - 0.42 * size * math.sin(angle)
            fruit = sphere(fx, y - 0.55 * size - 0.03 * q, fz, 0.38 * size)
            if fruit < d:
                d, found = fruit, FRUIT + q % 2
        return d, found
    if kind == CARAFE:
        belly = capsule(x, y, z, 0.0, 0.0, 0.0, 0.0, 0.55 * tall, 0.0, size, 0.9 * size)
        throat = capsule(x, y, z, 0.0, 0.5 * tall, 0.0, 0.0, tall, 0.0, 0.35 * size, 0.30 * size)
        return smooth_min(belly, throat, 0.12), CARAFE
    if kind == GLASS:
        wall = abs(r - size * (0.8 + 0.25 * y / tall)) - 0.02
        return max(wall, abs(y - 0.5 * tall) - 0.5 * tall), GLASS
    stick = capsule(x, y, z, 0.0, 0.0, 0.0, 0.0, tall, 0.0, size, 0.9 * size)
    flame = ellipsoid(x, y - tall - 0.12, z, 0.05, 0.12, 0.05)
    if flame < stick:
        return flame, FLAME
    return stick, CANDLE


@scalar
def things(x: float, y: float, z: float, top: float, rows: np.ndarray) -> tuple[float, int]:
    """Distance to the nearest thing and its kind."""
    if y > top + TALLEST + 0.4:
        return y - top - TALLEST, CARAFE
    d, found = 9.0, 0
    for i in range(rows.shape[0]):
        dx, dz, size = x - rows[i, 1], z - rows[i, 2], rows[i, 3]
        r = math.sqrt(dx * dx + dz * dz)
        if r > 1.6 * size + d + 0.2:
            continue
        near, kind = thing(int(rows[i, 0]), dx, y - top, dz, r, size, rows[i, 4])
        if near < d:
            d, found = near, kind
    return d, found
