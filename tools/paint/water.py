"""The colour of the water where a ray meets it."""

import math

from tools.paint.colour import Colour, add, mix, pick, ramp
from tools.paint.noise import fractal, scalar
from tools.paint.scene import Scene
from tools.paint.sky import GLOW, SUN
from tools.paint.surface import height, slope

PIGMENT, FOAM = 2, 3  # rows of the accents


@scalar
def unit(x: float, y: float, z: float) -> tuple[float, float, float]:
    """The vector scaled to length one."""
    scale = 1.0 / math.sqrt(x * x + y * y + z * z)
    return x * scale, y * scale, z * scale


@scalar
def brush(
    dx: float, dy: float, h: float, sx: float, sz: float, scene: Scene
) -> tuple[float, float]:
    """Brush coordinates: fixed in the picture, only bent by the swell.

    Texture tied to the world slides by metres of parallax when a swell passes, which no network
    learns; texture tied to the mean plane stays and merely leans.
    """
    flat = min(scene.eye / max(0.02 - dy, 0.012), 60.0)
    return 1.9 * dx * flat**0.62 - 0.28 * sx, 3.4 * math.log(1.0 + flat) - 0.55 * h - 0.15 * sz


@scalar
def pigment_field(
    u: float, v: float, w1: float, w2: float, fade: float, seed: int, scene: Scene
) -> float:
    """The blended pigment fields, about 0.47 on average, flat in the distance."""
    a = fractal(0.8 * u + 2.4 * w1, v + 2.4 * w2, seed + 9, 3)
    b = fractal(0.8 * u - 2.4 * w2 + 5.0, v + 2.4 * w1, seed + 19, 3)
    return 0.47 + (scene.pigments[0] * (a - 0.46) + scene.pigments[1] * (b - 0.46)) * fade


@scalar
def body(
    crest: float, facing: float, through: float, field: float, fade: float, scene: Scene
) -> Colour:
    """Colour of the water itself: height, light through the crest, pigment filaments."""
    value = (
        0.12
        + 0.50 * crest * crest
        + 0.42 * through
        + 0.90 * scene.pigment * (field - 0.47)
        + 0.16 * facing
    )
    filament = max(0.0, 1.0 - abs(2.0 * field - 0.94)) ** 6 * fade
    amount = min(0.8, 0.60 * scene.pigment * filament * (0.35 + 0.65 * crest))
    return mix(ramp(value, scene.water), pick(scene.accents, PIGMENT), amount)


@scalar
def foam_cover(crest: float, lace: float, near: float, scene: Scene) -> float:
    """Caps follow the crest and lace streams down the face; never noise alone."""
    cap = 3.6 * (crest - 0.80 + 0.42 * (lace - 0.35))
    cap = min(1.0, 0.25 + scene.foam) / (1.0 + math.exp(-6.0 * (cap - 0.35)))
    streams = 0.55 * scene.foam * lace * min(1.0, max(0.0, 1.7 * crest - 0.55))
    return max(cap, streams) * near**0.4


@scalar
def water(
    dx: float, dy: float, dz: float, t: float, distant: Colour, seed: int, scene: Scene
) -> Colour:
    """Colour of the water at distance `t` along a unit ray, hazed towards `distant`."""
    x, z = dx * t, dz * t
    h = height(x, z, scene.waves)
    sx, sz = slope(x, z, 0.015 + 0.0035 * t, scene.waves)
    u, v = brush(dx, dy, h, sx, sz, scene)
    w1, w2 = fractal(0.55 * u, 0.55 * v, seed, 2), fractal(0.55 * u + 7, 0.55 * v - 3, seed + 5, 2)
    flat = min(scene.eye / max(0.02 - dy, 0.012), 60.0)
    fade = 1.0 / (1.0 + (flat / 15.0) ** 2)
    near = fade**0.6
    ripple_x = fractal(2.0 * u + 2.6 * w1, 4.4 * v, seed + 13, 3) - 0.43
    ripple_z = fractal(1.8 * u + 9.0, 4.6 * v + 2.6 * w2, seed + 17, 3) - 0.43
    nx, ny, nz = unit(0.80 * near * ripple_x - sx, 1.0, 0.85 * near * ripple_z - sz)

    facing = max(0.0, -(nx * dx + ny * dy + nz * dz))
    rx, ry, rz = dx + 2 * facing * nx, abs(dy + 2 * facing * ny), dz + 2 * facing * nz
    mirror = max(0.0, rx * scene.sun[0] + ry * scene.sun[1] + rz * scene.sun[2])
    reflected = ramp(0.84 * (1.0 - 1.5 * ry), scene.sky)
    reflected = add(reflected, pick(scene.accents, GLOW), 0.38 * mirror**10)

    crest = min(1.0, max(0.0, 0.62 * h / scene.crest + 0.42))
    towards = max(0.0, -nz)
    against = 0.45 + 0.55 * max(0.0, dx * scene.sun[0] + dz * scene.sun[2])
    through = scene.glow * crest * crest * (0.20 + 0.80 * towards) * against
    field = pigment_field(u, v, w1, w2, fade, seed, scene)
    colour = body(crest, towards, through, field, fade, scene)
    fresnel = 0.03 + 0.80 * (1.0 - facing) ** 4
    colour = mix(colour, reflected, fresnel * (0.88 - 0.35 * scene.pigment))

    lace = 1.0 - abs(2.0 * fractal(1.35 * u + 2.6 * w2, 1.5 * v + 2.6 * w1, seed + 23, 3) - 0.87)
    shade = 0.64 + 0.36 * max(0.0, 0.5 * ny + nx * scene.sun[0] - 0.3 * nz)
    foam = pick(scene.accents, FOAM)
    cover = foam_cover(crest, max(0.0, lace) ** 4, near, scene)
    colour = mix(colour, (shade * foam[0], shade * foam[1], shade * foam[2]), cover)
    glitter = scene.glitter * (0.70 * mirror**60 + 0.22 * mirror**18)
    colour = add(colour, pick(scene.accents, SUN), glitter)
    haze = 0.92 * (1.0 - math.exp(-0.045 * scene.haze * max(0.0, t - 5.0)))
    return mix(colour, distant, haze)
