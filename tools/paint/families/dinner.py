"""Paint one family dinner: ray by ray, then stroke by stroke, then down to the wanted size."""

import math
from functools import partial

import numpy as np

from tools.paint.brush import brushed
from tools.paint.colour import Colour, add, mix, ramp
from tools.paint.families.parameters import Dinner, compose
from tools.paint.families.table import FLAME, table, things
from tools.paint.noise import fractal, scalar
from tools.paint.people.facing import in_room
from tools.paint.people.flesh import Lit, brightened, coloured
from tools.paint.people.head import CLOTH, figure
from tools.paint.people.lighting import diffuse, fill, rim, shine, smooth_step
from tools.paint.people.shapes import capsule

EYE = 11.0  # distance of the eye
NEAR, FAR = 6.0, 16.0
STEPS = 60
TOUCH = 0.006
TILE = 4
ZOOM, LOW = 3.22, -0.08
TABLE, THING = 4, 5  # owners after the four people
SEED = 3  # of the fixed noise fields
STROKE, OVERSIZE = 1.3, 1.0  # finer than in a portrait: the faces are a quarter of the size

Vector = tuple[float, float, float]
Found = tuple[float, int, int, float, float, float]  # distance, owner, material, place on the head


@scalar
def dinner(x: float, y: float, z: float, scene: Dinner) -> Found:
    """Distance to the nearest body, its owner and material, and the point in the head's frame."""
    d, owner, material, hx, hy, hz = table(x, y, z, scene.table), TABLE, 0, x, y, z
    near, kind = things(x, y, z, scene.table[0], scene.things)
    if near < d:
        d, owner, material = near, THING, kind
    for i in range(4):
        seat = scene.seats[i]
        px, py, pz = (x - seat[0]) / seat[3], (y - seat[1]) / seat[3], (z - seat[2]) / seat[3]
        bound = capsule(px, py, pz, 0.0, 0.3, -0.1, 0.0, -3.0, -0.1, 1.35, 2.0) - 0.15
        bound *= seat[3]
        if bound >= d:
            continue
        if bound > 0.5:  # far from this figure: its bound is near enough
            d, owner, material = bound, i, CLOTH
            continue
        bx, bz = seat[4] * px - seat[5] * pz, seat[5] * px + seat[4] * pz
        near, kind, ax, ay, az = figure(bx, py, bz, scene.people[i])
        near *= seat[3]
        if near < d:
            d, owner, material, hx, hy, hz = near, i, kind, ax, ay, az
    return d, owner, material, hx, hy, hz


@scalar
def normal(x: float, y: float, z: float, d: float, scene: Dinner) -> Vector:
    """Unit normal from forward differences."""
    nx = dinner(x + TOUCH, y, z, scene)[0] - d
    ny = dinner(x, y + TOUCH, z, scene)[0] - d
    nz = dinner(x, y, z + TOUCH, scene)[0] - d
    scale = 1.0 / (math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9)
    return nx * scale, ny * scale, nz * scale


@scalar
def shadow(x: float, y: float, z: float, n: Vector, scene: Dinner) -> float:
    """Share of the key light that reaches the surface."""
    light = scene.light
    x, y, z = x + 0.08 * n[0], y + 0.08 * n[1], z + 0.08 * n[2]
    share, t = 1.0, 0.14
    for _ in range(8):
        d = dinner(x + light.key_x * t, y + light.key_y * t, z + light.key_z * t, scene)[0]
        share = min(share, 0.5 + 0.5 * d / (0.30 * t))
        t += max(0.09 + 0.04 * t, min(abs(d), 0.6))
        if share < 0.0 or t > 3.0:
            break
    return smooth_step(share)


@scalar
def openness(x: float, y: float, z: float, n: Vector, scene: Dinner) -> float:
    """1 in the open, towards 0 in creases."""
    closed = 0.0
    for k in range(1, 4):
        h = 0.11 * k
        closed += (h - dinner(x + n[0] * h, y + n[1] * h, z + n[2] * h, scene)[0]) / (1 << k)
    return min(1.0, max(0.0, 1.0 - 1.9 * closed))


@scalar
def candle_light(x: float, y: float, z: float, n: Vector, scene: Dinner) -> float:
    """Light of the candles, taken as one lamp between them."""
    cx = 0.5 * (scene.things[1, 1] + scene.things[2, 1]) - x
    cy, cz = -0.2 - y, 1.7 - z
    far = math.sqrt(cx * cx + cy * cy + cz * cz)
    facing = (n[0] * cx + n[1] * cy + n[2] * cz) / far
    return scene.flame * max(0.0, (facing + 0.3) / 1.3) / (1.0 + 0.30 * far * far)


@scalar
def wall(u: float, v: float, scene: Dinner) -> Colour:
    """The wall under two blended brush fields, lighter behind the family."""
    wx, wy = fractal(1.5 * u + 5.0, 1.5 * v, SEED, 3), fractal(1.5 * u, 1.5 * v + 9.0, SEED + 7, 3)
    a = fractal(1.2 * u + 1.7 * wx, 1.2 * v + 1.7 * wy, SEED + 3, 4) - 0.48
    b = fractal(1.0 * u - 1.8 * wy + 4.0, 1.4 * v + 1.5 * wx, SEED + 13, 4) - 0.48
    level = 0.40 + 0.55 * a + 0.50 * scene.smoke * b - 0.20 * u * scene.light.key_x
    level += scene.halo * math.exp(-1.2 * u * u - 2.4 * (v + 0.12) ** 2) - 0.16 * u * u - 0.10 * v
    return ramp(level, scene.wall)


@scalar
def surface(x: float, y: float, z: float, scene: Dinner) -> Colour:
    """The colour at a point on the nearest body."""
    light = scene.light
    d, owner, material, hx, hy, hz = dinner(x, y, z, scene)
    if owner == THING and material == FLAME:
        return 1.0, 0.86, 0.55
    n = normal(x, y, z, d, scene)
    lit, room = shadow(x, y, z, n, scene), openness(x, y, z, n, scene)
    candle = candle_light(x, y, z, n, scene)
    level = light.strength * diffuse(n[0], n[1], n[2], lit, light) * (0.55 + 0.45 * room)
    level += light.fill * fill(n[0], n[1], n[2], light) * room + candle * (0.4 + 0.6 * room)
    gleam = shine(n[0], n[1], n[2], light)
    if owner == TABLE:
        weave = fractal(1.4 * x, 1.4 * z + y, SEED + 30, 3) - 0.45
        colour = ramp(level * (0.92 + 0.25 * weave), scene.linen)
    elif owner == THING:
        colour = brightened(scene.colours[min(material, 6)], 0.14 + 1.05 * level)
        colour = add(colour, (1.0, 1.0, 1.0), 0.45 * gleam**30 * lit)
    else:
        here = Lit(level, gleam, lit, light.key_x, light.blush)
        p = scene.people[owner]
        colour = coloured(material, hx, hy, hz, x, y, here, p)
        colour = add(colour, (1.0, 0.8, 0.6), light.rim * rim(n[0], n[1], n[2], light))
    warm = min(0.5, 0.45 * candle)
    return (
        colour[0] * (1.0 + 0.35 * warm),
        colour[1] * (1.0 + 0.05 * warm),
        colour[2] * (1.0 - 0.35 * warm),
    )


@scalar
def ray(u: float, v: float, scene: Dinner) -> tuple[float, float, float, float, float]:
    """Start (x, y) at the eye's distance and unit direction."""
    x, y = u * ZOOM, v * ZOOM + LOW
    ox, oy = scene.eye_x + 0.35 * x, scene.eye_y + 0.35 * y
    dx, dy = x - ox, y - oy
    scale = 1.0 / math.sqrt(dx * dx + dy * dy + EYE * EYE)
    return ox, oy, dx * scale, dy * scale, -EYE * scale


@scalar
def march(u: float, v: float, t: float, margin: float, scene: Dinner) -> float:
    """Distance along the ray of (u, v), from `t` on, to within `margin` of a body; beyond FAR when
    it misses."""
    ox, oy, dx, dy, dz = ray(u, v, scene)
    for _ in range(STEPS):
        d = dinner(ox + dx * t, oy + dy * t, EYE + dz * t, scene)[0] - margin
        if d < TOUCH or t > FAR:
            return t
        t += 0.88 * d
    return t


@scalar
def glow(u: float, v: float, scene: Dinner) -> float:
    """Light in the air around the two flames."""
    ox, oy, dx, dy, dz = ray(u, v, scene)
    total = 0.0
    for k in range(1, 3):
        x, z = scene.things[k, 1] - ox, scene.things[k, 2] - EYE
        y = scene.table[0] + scene.things[k, 4] + 0.13 - oy
        t = x * dx + y * dy + z * dz
        x, y, z = x - dx * t, y - dy * t, z - dz * t
        r = x * x + 0.45 * y * y + z * z
        total += 0.75 * math.exp(-60.0 * r) + 0.20 * math.exp(-5.0 * r) + 0.07 * math.exp(-0.7 * r)
    return scene.flame * total


@scalar
def pixel(u: float, v: float, start: float, scene: Dinner) -> Colour:
    """Colour at (u, v), both in [-1, 1], v upwards; nothing is nearer than `start`."""
    colour = wall(u, v, scene)
    t = march(u, v, start, 0.0, scene) if start < FAR else start
    if t < FAR:
        ox, oy, dx, dy, dz = ray(u, v, scene)
        found = surface(ox + dx * t, oy + dy * t, EYE + dz * t, scene)
        # The cloth is left unfinished towards the lower edge.
        edge = 0.5 * min(1.0, max(0.0, (-v - 0.70) / 0.5))
        colour = mix(found, shaded(colour), edge)
    return add(colour, (1.0, 0.72, 0.34), glow(u, v, scene))


@scalar
def shaded(colour: Colour) -> Colour:
    """The wall's colour in the shade of the table."""
    return 0.5 * colour[0], 0.5 * colour[1], 0.5 * colour[2]


@scalar
def render(scene: Dinner, out: np.ndarray) -> None:
    """Fill a square float picture (size, size, 3) in [0, 1].

    Each tile first sends one thick ray ahead: its pixels begin where it had to stop.
    """
    size = out.shape[0]
    thick = 1.6 * TILE * ZOOM / size
    for top in range(0, size, TILE):
        for left in range(0, size, TILE):
            u, v = 2.0 * (left + 0.5 * TILE) / size - 1.0, 1.0 - 2.0 * (top + 0.5 * TILE) / size
            start = march(u, v, NEAR, thick, scene)
            for row in range(top, min(top + TILE, size)):
                for column in range(left, min(left + TILE, size)):
                    u, v = 2.0 * (column + 0.5) / size - 1.0, 1.0 - 2.0 * (row + 0.5) / size
                    colour = pixel(u, v, start, scene)
                    for c in range(3):
                        out[row, column, c] = min(1.0, max(0.0, colour[c]))


def paint(parameters: np.ndarray, size: int) -> np.ndarray:
    """Paint the dinner described by `parameters` (68,): RGB uint8 (size, size, 3).

    Deterministic, single-threaded, and free of the interpreter lock for most of its time.
    """
    return brushed(partial(render, compose(parameters)), size, STROKE, OVERSIZE)


def circles(parameters: np.ndarray, balls: np.ndarray) -> np.ndarray:
    """Centre u, v and radius in that picture of balls (N, 4) in the frame of each head, the heads
    from the left: (4 N, 3)."""
    scene = compose(parameters)
    seated = zip(scene.people, scene.seats, strict=True)
    return np.array([_circle(*pair, scene, ball) for pair in seated for ball in balls])


def _circle(
    person: np.record, seat: np.ndarray, scene: Dinner, ball: np.ndarray
) -> tuple[float, float, float]:
    ax, ay, az = in_room(person, ball[:3])
    scale, cos, sin = seat[3:]
    x, y = seat[0] + scale * (cos * ax + sin * az), seat[1] + scale * ay
    away = (EYE - seat[2] - scale * (cos * az - sin * ax)) / EYE
    near = away + 0.35 * (1.0 - away)
    u = (x - scene.eye_x * (1.0 - away)) / near / ZOOM
    v = ((y - scene.eye_y * (1.0 - away)) / near - LOW) / ZOOM
    return u, v, ball[3] * scale / near / ZOOM
