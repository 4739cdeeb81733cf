"""Soft shadow, ambient occlusion and the key, fill and rim light, for any scene of bodies."""

import math

from tools.paint.noise import scalar
from tools.paint.people.parameters import Light

WRAP = 0.25  # light creeps round the edge of the form, as in a studio


@scalar
def smooth_step(t: float) -> float:
    """Eased into [0, 1]."""
    t = min(1.0, max(0.0, t))
    return t * t * (3.0 - 2.0 * t)


@scalar
def diffuse(nx: float, ny: float, nz: float, shadow: float, light: Light) -> float:
    """Wrapped cosine of the key light; the shadow keeps a third of it."""
    facing = nx * light.key_x + ny * light.key_y + nz * light.key_z
    return max(0.0, (facing + WRAP) / (1.0 + WRAP)) ** 1.1 * (0.30 + 0.70 * shadow)


@scalar
def fill(nx: float, ny: float, nz: float, light: Light) -> float:
    """Weak light from the other side."""
    return 0.5 - 0.4 * nx * light.key_x + 0.125 * ny + 0.175 * nz


@scalar
def rim(nx: float, ny: float, nz: float, light: Light) -> float:
    """A line of light along the edge that turns away from the key."""
    return (1.0 - max(nz, 0.0)) ** 3 * max(0.0, 0.25 + 0.3 * ny - 0.9 * nx * light.key_x)


@scalar
def shine(nx: float, ny: float, nz: float, light: Light) -> float:
    """Cosine to the half vector between the key light and the eye (Blinn 1977)."""
    x, y, z = light.key_x, light.key_y, light.key_z + 1.0
    return max(0.0, (nx * x + ny * y + nz * z) / math.sqrt(x * x + y * y + z * z))
