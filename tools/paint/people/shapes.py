"""Signed distances of simple bodies, negative inside. Forms after Quilez, "Distance functions"."""

import math

from tools.paint.noise import scalar


@scalar
def smooth_min(a: float, b: float, k: float) -> float:
    """The nearer of two bodies, melted together where they differ by less than `k`."""
    h = max(k - abs(a - b), 0.0) / k
    return min(a, b) - 0.25 * h * h * k


@scalar
def ellipsoid(x: float, y: float, z: float, rx: float, ry: float, rz: float) -> float:
    """Distance to an ellipsoid at the origin; exact only near its surface."""
    u, v, w = x / rx, y / ry, z / rz
    scaled = math.sqrt(u * u + v * v + w * w)
    u, v, w = u / rx, v / ry, w / rz
    return scaled * (scaled - 1.0) / (math.sqrt(u * u + v * v + w * w) + 1e-6)


@scalar
def sphere(x: float, y: float, z: float, r: float) -> float:
    """Distance to a sphere at the origin."""
    return math.sqrt(x * x + y * y + z * z) - r


@scalar
def capsule(
    x: float, y: float, z: float,
    ax: float, ay: float, az: float,
    bx: float, by: float, bz: float,
    start: float, end: float,
) -> float:  # fmt: skip
    """Distance to a rod from a to b whose radius goes from `start` to `end`."""
    bx, by, bz, x, y, z = bx - ax, by - ay, bz - az, x - ax, y - ay, z - az
    h = (x * bx + y * by + z * bz) / (bx * bx + by * by + bz * bz)
    h = min(1.0, max(0.0, h))
    x, y, z = x - bx * h, y - by * h, z - bz * h
    return math.sqrt(x * x + y * y + z * z) - (start + (end - start) * h)


@scalar
def rounded_box(x: float, y: float, z: float) -> float:
    """Distance to a box, given the signed distances to its three pairs of faces."""
    a, b, c = max(x, 0.0), max(y, 0.0), max(z, 0.0)
    return math.sqrt(a * a + b * b + c * c) + min(max(x, max(y, z)), 0.0)
