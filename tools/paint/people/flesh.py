"""The colours of a figure: what each material does with the light that reaches it."""

import math
from typing import NamedTuple

import numpy as np

from tools.paint.colour import Colour, add, mix, pick, ramp
from tools.paint.noise import fractal, scalar
from tools.paint.people.head import EYE, HAIR, HOOD, LIP, MOUTH, SKIN

FLOATING = 0.6  # depth from which a point of the head can be on the front of the face


class Lit(NamedTuple):
    """The light at one point."""

    level: float  # all diffuse light
    shine: float  # cosine between the normal and the half vector of key light and eye
    shadow: float  # 0 in the key light's shadow, 1 in the light
    key_x: float  # horizontal direction of the key light: where catch-lights sit
    blush: float  # how red cheeks and nose are


@scalar
def bump(distance: float, width: float) -> float:
    """A Gaussian."""
    return math.exp(-((distance / width) ** 2))


@scalar
def clip(value: float) -> float:
    """Into [0, 1]."""
    return min(1.0, max(0.0, value))


@scalar
def brightened(colour: np.ndarray, gain: float) -> Colour:
    """A single colour times `gain`."""
    return colour[0] * gain, colour[1] * gain, colour[2] * gain


@scalar
def skin(hx: float, hy: float, hz: float, lit: Lit, p: np.record) -> Colour:
    """Skin with warm cheeks and nose, brows and a soft shine."""
    side = abs(hx)
    red = math.exp(-14.0 * ((side - 0.40) ** 2 + (hy + 0.22) ** 2))
    if hz > FLOATING:
        red += 0.9 * math.exp(-30.0 * (hx * hx + (hy + 0.26) ** 2))
    # Pigment lies unevenly, as on a panel painted in glazes.
    glaze = 1.0 + 0.30 * (fractal(3.1 * hx + 1.3 * hz, 3.1 * hy + 0.7 * hz, 41, 3) - 0.45)
    colour = ramp(1.04 * lit.level * glaze + 0.03, p.skin)
    colour = mix(colour, brightened(p.lip, 1.12), 0.20 * lit.blush * red)
    if hz > 0.2:
        arch = 0.235 + 0.045 * p.wonder + 0.03 * p.brow * math.sin(6.0 * (side - 0.1))
        hairs = bump(hy - arch, 0.040) * clip(14.0 * (side - 0.10)) * clip(9.0 * (0.53 - side))
        dark = pick(p.locks, 1)
        shade = 0.5 + 0.6 * lit.level
        colour = mix(colour, (dark[0] * shade, dark[1] * shade, dark[2] * shade), 0.75 * hairs)
    shine = 0.20 * lit.shine**22 * lit.shadow
    return add(colour, (1.0, 1.0, 1.0), shine)


@scalar
def lips(lit: Lit, p: np.record) -> Colour:
    """Skin under lip colour, a little wet."""
    colour = mix(ramp(lit.level, p.skin), brightened(p.lip, 0.29 + 0.87 * lit.level), 0.65)
    return add(colour, (1.0, 1.0, 1.0), 0.25 * lit.shine**30 * lit.shadow)


@scalar
def eye(hx: float, hy: float, lit: Lit, p: np.record) -> Colour:
    """White, iris, pupil and catch-light; the eyeball is shaded by the upper lid."""
    across = abs(hx) - p.eye_distance
    x = (across if hx > 0 else -across) - p.gaze_x
    y = hy - 0.03 - p.gaze_y
    r = math.sqrt(x * x + y * y) / (0.150 * p.eye_size)
    light = (0.12 + 0.80 * lit.level) * (1.0 - 0.45 * clip(12.0 * (hy - 0.03 - 0.03 * p.lid)))
    colour = (0.84 * light, 0.79 * light, 0.72 * light)
    iris = brightened(p.iris, (0.45 + 0.9 * lit.level) * (0.6 + 0.7 * r))
    colour = mix(colour, iris, clip(14.0 * (0.58 - r)))
    colour = mix(colour, (0.02, 0.02, 0.03), 0.93 * clip(18.0 * (0.27 - r)))
    cx, cy = x - 0.045 * lit.key_x, y - 0.045
    return add(colour, (1.0, 1.0, 0.96), 0.9 * math.exp(-(cx * cx + cy * cy) / 0.0005))


@scalar
def locks(hx: float, hy: float, hz: float, lit: Lit, p: np.record) -> Colour:
    """Hair: strands of light along the fall."""
    strand = 0.5 + 0.5 * math.sin(31 * hx + 13 * hz - 9 * hy + 3 * math.sin(5 * hy + 4 * hx))
    shine = 0.32 * lit.shine**12 * lit.shadow
    return ramp(lit.level * (0.72 + 0.14 * strand) + shine, p.locks)


@scalar
def coloured(
    material: int, hx: float, hy: float, hz: float, x: float, y: float, lit: Lit, p: np.record
) -> Colour:
    """The colour of a figure at a point (x, y), which is (hx, hy, hz) in the head's frame."""
    if material == SKIN:
        return skin(hx, hy, hz, lit, p)
    if material == LIP:
        return lips(lit, p)
    if material == EYE:
        return eye(hx, hy, lit, p)
    if material == HAIR:
        return locks(hx, hy, hz, lit, p)
    if material == MOUTH:
        dark = skin(hx, hy, hz, lit, p)
        return 0.34 * dark[0] + 0.07, 0.30 * dark[1] + 0.01, 0.30 * dark[2] + 0.01
    if material == HOOD:
        return ramp(0.85 * lit.level + 0.03, p.cloth)
    weave = fractal(2.5 * x + 0.4 * y, 2.5 * y, 23, 3) - 0.45
    return ramp(lit.level * (0.86 + 0.44 * weave), p.cloth)
