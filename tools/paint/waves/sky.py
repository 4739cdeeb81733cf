"""The sky: a ramp from zenith to horizon, three blended cloud fields, a sun and its glow."""

import math

from tools.paint.colour import Colour, add, mix, pick, ramp
from tools.paint.noise import fractal, scalar
from tools.paint.waves.scene import Scene

GLOW, SUN = 0, 1  # rows of the accents


@scalar
def clouds(dx: float, dy: float, seed: int, scene: Scene) -> float:
    """Signed cloud density in the direction (dx, dy >= 0); fades out at the horizon.

    A linear blend of fixed, domain-warped fields: a network learns it within minutes, while
    clouds translated through noise are never learned.
    """
    warp = fractal(2.6 * dx / (dy + 0.34) + 1.7, 1.5 / (dy + 0.22), seed, 3)
    bank = fractal(2.0 * dx / (dy + 0.34) + 2.6 * warp, 2.0 / (dy + 0.26) + 2 * warp, seed + 10, 4)
    streak = fractal(
        1.7 * dx / (dy + 0.34) - 2.2 * warp + 5.0, 2.2 / (dy + 0.26) - 2 * warp, seed + 20, 4
    )
    veil = fractal(
        1.1 * dx / (dy + 0.50) + 1.6 * warp + 11.0, 1.3 / (dy + 0.40) + 1.5 * warp, seed + 30, 3
    )
    density = (
        scene.clouds[0] * (bank - 0.46)
        + scene.clouds[1] * (streak - 0.46)
        + scene.clouds[2] * (veil - 0.46)
    )
    return density * min(1.0, 9.0 * dy)


@scalar
def sky(dx: float, dy: float, dz: float, density: float, scene: Scene) -> Colour:
    """Colour of the sky along a unit ray with the given cloud density."""
    up = max(dy, 0.0)
    towards = dx * scene.sun[0] + dy * scene.sun[1] + dz * scene.sun[2]
    angle = math.acos(min(1.0, max(0.0, towards)))
    light = 1.0 - 1.75 * up + density * scene.cloud * (0.40 + 1.9 * up)
    glow = 0.36 * math.exp(-9.0 * angle * angle) + 0.22 * math.exp(-2.4 * angle)
    colour = add(ramp(0.88 * light, scene.sky), pick(scene.accents, GLOW), glow)
    disc = 1.0 / (1.0 + math.exp(130.0 * (angle - scene.disc)))
    cover = min(0.8, max(0.0, 4.0 * density)) * scene.cloud * 0.5
    return mix(colour, pick(scene.accents, SUN), disc * (1.0 - cover))
