"""The colour of the water where a ray meets it."""

import math

from tools.paint.colour import Colour, add, mix, pick, ramp
from tools.paint.noise import fractal, scalar
from tools.paint.waves.scene import Scene
from tools.paint.waves.sky import GLOW, SUN
from tools.paint.waves.surface import height, slope

PIGMENT, FOAM = 2, 3  # rows of the accents

Vector = tuple[float, float, float]


@scalar
def unit(x: float, y: float, z: float) -> Vector:
    """The vector scaled to length one."""
    scale = 1.0 / math.sqrt(x * x + y * y + z * z)
    return x * scale, y * scale, z * scale


@scalar
def brush(dx: float, flat: float, h: float, sx: float, sz: float) -> tuple[float, float]:
    """Brush coordinates: fixed in the picture, only bent by the swell.

    `flat` is the distance to the mean plane. Texture tied to the world slides by metres of
    parallax when a swell passes, which no network learns; texture tied to the mean plane stays
    and merely leans.
    """
    return 1.9 * dx * flat**0.62 - 0.28 * sx, 3.4 * math.log(1.0 + flat) - 0.55 * h - 0.15 * sz


@scalar
def normal(
    u: float, v: float, w1: float, w2: float, sx: float, sz: float, near: float, seed: int
) -> Vector:
    """Unit normal of the water: the slope of the swell plus ripples that fade with distance."""
    ripple_x = fractal(2.0 * u + 2.6 * w1, 4.4 * v, seed + 13, 3) - 0.43
    ripple_z = fractal(1.8 * u + 9.0, 4.6 * v + 2.6 * w2, seed + 17, 3) - 0.43
    return unit(0.80 * near * ripple_x - sx, 1.0, 0.85 * near * ripple_z - sz)


@scalar
def mirrored(ray: Vector, n: Vector, facing: float, scene: Scene) -> tuple[float, float]:
    """Height of the mirrored ray and how well it meets the sun, both in [0, 1]."""
    x, z = ray[0] + 2 * facing * n[0], ray[2] + 2 * facing * n[2]
    y = abs(ray[1] + 2 * facing * n[1])
    return y, max(0.0, x * scene.sun[0] + y * scene.sun[1] + z * scene.sun[2])


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
def foam_cover(
    crest: float, u: float, v: float, w1: float, w2: float, near: float, seed: int, scene: Scene
) -> float:
    """Caps follow the crest and lace streams down the face; never noise alone."""
    thread = fractal(1.35 * u + 2.6 * w2, 1.5 * v + 2.6 * w1, seed + 23, 3)
    lace = max(0.0, 1.0 - abs(2.0 * thread - 0.87)) ** 4
    cap = 3.6 * (crest - 0.80 + 0.42 * (lace - 0.35))
    cap = min(1.0, 0.25 + scene.foam) / (1.0 + math.exp(-6.0 * (cap - 0.35)))
    streams = 0.55 * scene.foam * lace * min(1.0, max(0.0, 1.7 * crest - 0.55))
    return max(cap, streams) * near**0.4


@scalar
def lit_foam(n: Vector, scene: Scene) -> Colour:
    """The colour of foam, shaded by the sun."""
    shade = 0.64 + 0.36 * max(0.0, 0.5 * n[1] + n[0] * scene.sun[0] - 0.3 * n[2])
    foam = pick(scene.accents, FOAM)
    return shade * foam[0], shade * foam[1], shade * foam[2]


@scalar
def light_through(crest: float, towards: float, ray: Vector, scene: Scene) -> float:
    """Light shining through thin crests that face the eye, most against the sun."""
    against = 0.45 + 0.55 * max(0.0, ray[0] * scene.sun[0] + ray[2] * scene.sun[2])
    return scene.glow * crest * crest * (0.20 + 0.80 * towards) * against


@scalar
def water(ray: Vector, t: float, distant: Colour, seed: int, scene: Scene) -> Colour:
    """Colour of the water at distance `t` along a unit ray, hazed towards `distant`."""
    x, z = ray[0] * t, ray[2] * t
    h = height(x, z, scene.waves)
    sx, sz = slope(x, z, 0.015 + 0.0035 * t, scene.waves)
    flat = min(scene.eye / max(0.02 - ray[1], 0.012), 60.0)
    fade = 1.0 / (1.0 + (flat / 15.0) ** 2)
    near = fade**0.6
    u, v = brush(ray[0], flat, h, sx, sz)
    w1, w2 = fractal(0.55 * u, 0.55 * v, seed, 2), fractal(0.55 * u + 7, 0.55 * v - 3, seed + 5, 2)
    n = normal(u, v, w1, w2, sx, sz, near, seed)
    facing = max(0.0, -(n[0] * ray[0] + n[1] * ray[1] + n[2] * ray[2]))
    towards = max(0.0, -n[2])
    crest = min(1.0, max(0.0, 0.62 * h / scene.crest + 0.42))

    field = pigment_field(u, v, w1, w2, fade, seed, scene)
    colour = body(crest, towards, light_through(crest, towards, ray, scene), field, fade, scene)
    up, sun = mirrored(ray, n, facing, scene)
    reflected = ramp(0.84 * (1.0 - 1.5 * up), scene.sky)
    reflected = add(reflected, pick(scene.accents, GLOW), 0.38 * sun**10)
    fresnel = 0.03 + 0.80 * (1.0 - facing) ** 4
    colour = mix(colour, reflected, fresnel * (0.88 - 0.35 * scene.pigment))
    cover = foam_cover(crest, u, v, w1, w2, near, seed, scene)
    colour = mix(colour, lit_foam(n, scene), cover)
    glitter = scene.glitter * (0.70 * sun**60 + 0.22 * sun**18)
    colour = add(colour, pick(scene.accents, SUN), glitter)
    return mix(colour, distant, 0.92 * (1.0 - math.exp(-0.045 * scene.haze * max(0.0, t - 5.0))))
