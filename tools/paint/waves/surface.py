"""The shape of the water and where a ray meets it."""

import math

import numpy as np

from tools.paint.noise import scalar
from tools.paint.waves.scene import Scene

FAR = 60.0  # metres; beyond it the haze has swallowed the sea
NEAR = 0.6
STEPS = 120
DRAG = 0.60  # how far a crest pulls the following swells along: choppy, not sinusoidal


@scalar
def height(x: float, z: float, waves: np.ndarray) -> float:
    """Height of the sea above its mean, metres.

    Exponential sines with domain drag make sharp crests and flat troughs. The fixed bend of the
    ground plane comes first: without it three swells look like three swells.
    """
    bent_x = x + 0.9 * math.sin(0.33 * z + 0.7)
    bent_z = z + 0.8 * math.sin(0.41 * x + 0.2) + 0.35 * math.sin(0.93 * x + 1.1)
    total = 0.0
    for i in range(waves.shape[0]):
        angle = waves[i, 0] * bent_x + waves[i, 1] * bent_z + waves[i, 2]
        crest = math.exp(waves[i, 4] * (math.sin(angle) - 1.0))
        total += waves[i, 3] * (crest - 0.45)
        drag = DRAG * waves[i, 3] * crest * math.cos(angle)
        bent_x += drag * waves[i, 0]
        bent_z += drag * waves[i, 1]
    return total


@scalar
def slope(x: float, z: float, reach: float, waves: np.ndarray) -> tuple[float, float]:
    """Central differences over +-`reach` metres: (dh/dx, dh/dz)."""
    across = height(x + reach, z, waves) - height(x - reach, z, waves)
    along = height(x, z + reach, waves) - height(x, z - reach, waves)
    return across / (2.0 * reach), along / (2.0 * reach)


@scalar
def bisect(lo: float, hi: float, dx: float, dy: float, dz: float, scene: Scene) -> float:
    """The crossing between a point above (`lo`) and one below (`hi`) the water."""
    for _ in range(5):
        middle = 0.5 * (lo + hi)
        if scene.eye + dy * middle < height(dx * middle, dz * middle, scene.waves):
            hi = middle
        else:
            lo = middle
    return 0.5 * (lo + hi)


@scalar
def meet(dx: float, dy: float, dz: float, scene: Scene) -> float:
    """Distance to the water along a unit ray from the eye, metres; negative when it meets sky.

    Steps shrink near the surface and close to the eye: with twice these steps below 10 m the
    ridges of the front swell showed stairs.
    """
    if dy >= 0.03:
        return -1.0
    top = 1.3 * scene.crest
    t = max(NEAR, (scene.eye - top) / max(-dy, 1e-3))
    before = t
    for _ in range(STEPS):
        gap = scene.eye + dy * t - height(dx * t, dz * t, scene.waves)
        if gap < 0.0:
            return bisect(before, t, dx, dy, dz, scene)
        before = t
        fine = 0.5 if t < 10.0 else 1.0
        t += max(fine * (0.03 + 0.008 * t), gap * (0.35 + 0.25 * fine))
        if t > FAR:
            break
    return -1.0
