"""Paint one portrait: ray by ray, then stroke by stroke, then down to the wanted size."""

import math
from functools import partial

import numpy as np

from tools.paint.brush import brushed
from tools.paint.colour import Colour, add, mix, ramp
from tools.paint.noise import fractal, scalar
from tools.paint.people.facing import in_room
from tools.paint.people.flesh import Lit, coloured
from tools.paint.people.head import figure
from tools.paint.people.lighting import diffuse, fill, rim, shine, smooth_step
from tools.paint.people.parameters import Light, Portrait, compose

EYE = 7.0  # distance of the eye
NEAR, FAR = 4.6, 9.5
STEPS = 44
TOUCH = 0.004
TILE = 4
SEED = 3  # of the fixed noise fields

Vector = tuple[float, float, float]


@scalar
def shadow(x: float, y: float, z: float, light: Light, p: np.record) -> float:
    """Share of the key light that reaches a point just above the surface (Quilez, soft shadows)."""
    share, t = 1.0, 0.10
    for _ in range(9):
        d = figure(x + light.key_x * t, y + light.key_y * t, z + light.key_z * t, p)[0]
        share = min(share, 0.5 + 0.5 * d / (0.26 * t))
        t += max(0.07 + 0.04 * t, min(abs(d), 0.40))
        if share < 0.0 or t > 1.8:
            break
    return smooth_step(share)


@scalar
def openness(x: float, y: float, z: float, n: Vector, p: np.record) -> float:
    """1 in the open, towards 0 in creases (ambient occlusion from four samples outwards)."""
    closed = 0.0
    for k in range(1, 5):
        h = 0.07 * k
        closed += (h - figure(x + n[0] * h, y + n[1] * h, z + n[2] * h, p)[0]) / (1 << k)
    return min(1.0, max(0.0, 1.0 - 2.6 * closed))


@scalar
def normal(x: float, y: float, z: float, d: float, p: np.record) -> Vector:
    """Unit normal from forward differences."""
    nx = figure(x + TOUCH, y, z, p)[0] - d
    ny = figure(x, y + TOUCH, z, p)[0] - d
    nz = figure(x, y, z + TOUCH, p)[0] - d
    scale = 1.0 / (math.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9)
    return nx * scale, ny * scale, nz * scale


@scalar
def backdrop(u: float, v: float, scene: Portrait) -> Colour:
    """A wall under two blended brush fields, lighter on the lit side and behind the head."""
    wx, wy = fractal(1.3 * u + 5.0, 1.3 * v, SEED, 3), fractal(1.3 * u, 1.3 * v + 9.0, SEED + 7, 3)
    a = fractal(1.1 * u + 1.6 * wx, 1.1 * v + 1.6 * wy, SEED + 3, 4) - 0.48
    b = fractal(1.3 * u - 1.8 * wy + 4.0, 0.9 * v + 1.8 * wx, SEED + 13, 4) - 0.48
    brush = 0.45 * a + 0.45 * scene.drape * a + 0.60 * scene.smoke * b
    level = 0.50 - 0.33 * u * scene.light.key_x + 0.08 * v - 0.22 * math.sqrt(u * u + v * v)
    level += brush + scene.halo * math.exp(
        -2.2 * ((u + 0.1 * scene.light.key_x) ** 2 + (v - 0.1) ** 2)
    )
    return ramp(level, scene.people[0].backdrop)


@scalar
def sitter(x: float, y: float, z: float, scene: Portrait) -> Colour:
    """The colour of the figure at a point on its surface."""
    p, light = scene.people[0], scene.light
    d, material, hx, hy, hz = figure(x, y, z, p)
    n = normal(x, y, z, d, p)
    above = (x + 0.06 * n[0], y + 0.06 * n[1], z + 0.06 * n[2])
    lit = shadow(above[0], above[1], above[2], light, p)
    room = openness(x, y, z, n, p)
    level = light.strength * diffuse(n[0], n[1], n[2], lit, light) * (0.55 + 0.45 * room)
    level *= min(1.0, max(0.45, 1.05 + 0.22 * y))  # the light is on the face, not on the coat
    level += light.fill * fill(n[0], n[1], n[2], light) * room
    here = Lit(level, shine(n[0], n[1], n[2], light), lit, light.key_x, light.blush)
    colour = coloured(material, hx, hy, hz, x, y, here, p)
    return add(colour, single(p.rim), light.rim * rim(n[0], n[1], n[2], light))


@scalar
def single(colour: np.ndarray) -> Colour:
    """A single colour as a tuple."""
    return colour[0], colour[1], colour[2]


@scalar
def ray(u: float, v: float, scene: Portrait) -> tuple[float, float, float, float, float]:
    """Start (x, y) at the eye's distance and unit direction, as through a long lens."""
    x, y = u * scene.zoom + scene.pan, v * scene.zoom + scene.tilt
    ox, oy = 0.25 * x, scene.tilt + 0.25 * (y - scene.tilt)
    dx, dy = x - ox, y - oy
    scale = 1.0 / math.sqrt(dx * dx + dy * dy + EYE * EYE)
    return ox, oy, dx * scale, dy * scale, -EYE * scale


@scalar
def march(u: float, v: float, t: float, margin: float, scene: Portrait) -> float:
    """Distance along the ray of (u, v), from `t` on, to within `margin` of the figure; beyond FAR
    when it misses."""
    p = scene.people[0]
    ox, oy, dx, dy, dz = ray(u, v, scene)
    for _ in range(STEPS):
        d = figure(ox + dx * t, oy + dy * t, EYE + dz * t, p)[0] - margin
        if d < TOUCH or t > FAR:
            return t
        t += 0.85 * d
    return t


@scalar
def pixel(u: float, v: float, start: float, scene: Portrait) -> Colour:
    """Colour at (u, v), both in [-1, 1], v upwards; nothing is nearer than `start`."""
    colour = backdrop(u, v, scene)
    t = march(u, v, start, 0.0, scene) if start < FAR else start
    if t < FAR:
        ox, oy, dx, dy, dz = ray(u, v, scene)
        found = sitter(ox + dx * t, oy + dy * t, EYE + dz * t, scene)
        # The coat is left unfinished towards the lower edge.
        colour = mix(found, colour, 0.55 * min(1.0, max(0.0, (-v - 0.62) / 0.5)))
    warm = scene.light.warmth
    return colour[0] * (1.0 + warm), colour[1] * (1.0 + 0.2 * warm), colour[2] * (1.0 - 1.3 * warm)


@scalar
def render(scene: Portrait, out: np.ndarray) -> None:
    """Fill a square float picture (size, size, 3) in [0, 1].

    Each tile first sends one thick ray ahead: its pixels begin where it had to stop.
    """
    size = out.shape[0]
    thick = 1.6 * TILE * scene.zoom / size
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


def paint(sitter: np.ndarray, parameters: np.ndarray, size: int) -> np.ndarray:
    """Paint `sitter` as described by `parameters` (37,): RGB uint8 (size, size, 3).

    Deterministic, single-threaded, and free of the interpreter lock for most of its time.
    """
    return brushed(partial(render, compose(sitter, parameters)), size)


def circles(sitter: np.ndarray, parameters: np.ndarray, balls: np.ndarray) -> np.ndarray:
    """Centre u, v and radius in that picture of balls (N, 4) in the head's frame: (N, 3)."""
    scene = compose(sitter, parameters)
    return np.array([_circle(scene, ball) for ball in balls])


def _circle(scene: Portrait, ball: np.ndarray) -> tuple[float, float, float]:
    x, y, z = in_room(scene.people[0], ball[:3])
    near = 0.25 + 0.75 * (EYE - z) / EYE  # how much larger than in the plane of the picture
    u, v = (x / near - scene.pan) / scene.zoom, (y - scene.tilt) / near / scene.zoom
    return u, v, ball[3] / near / scene.zoom
