"""Anisotropic Kuwahara filter: turns a rendering into flat, flow-aligned strokes.

Kyprianidis, Kang and Doellner, "Image and Video Abstraction by Anisotropic Kuwahara Filtering"
(2009), with the polynomial sector weights of Kyprianidis, Semmo, Kang and Doellner (2010), which
need no arc tangent per tap.
"""

import math

import numpy as np
from scipy import ndimage

from tools.paint.noise import scalar

SECTORS = 8
ETA_ANGLE = 3.0 * math.pi / 8.0  # where a sector's weight reaches zero
HALF = math.sqrt(0.5)
HARDNESS = 0.02 * 255.0**2  # variance at which a sector loses half its say


def flow(picture: np.ndarray) -> np.ndarray:
    """Per pixel (cos, sin) along the strokes and anisotropy in [0, 0.7]; float32 (H, W, 3).

    Smoothed structure tensor. A weak horizontal prior decides where the picture is flat.
    """
    grey = picture @ np.array([0.30, 0.59, 0.11], np.float32)
    gx, gy = ndimage.sobel(grey, 1), ndimage.sobel(grey, 0)
    sigma = 2.6 * picture.shape[1] / 256
    xx, xy, yy = (ndimage.gaussian_filter(p, sigma) for p in (gx * gx, gx * gy, gy * gy))
    yy = yy + 3e-3
    spread = np.sqrt((xx - yy) ** 2 + 4 * xy * xy)
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    stretch = 0.7 * spread / (xx + yy + 1e-4)
    return np.stack([np.cos(angle), np.sin(angle), stretch], -1).astype(np.float32)


@scalar
def sector_weights(x: float, y: float, zeta: float, eta: float, out: np.ndarray) -> float:
    """Weights of the eight sectors for a tap (x, y) in the unit disc; returns their sum."""
    total = 0.0
    for half in range(2):
        across, along = zeta - eta * x * x, zeta - eta * y * y
        out[half] = max(0.0, y + across) ** 2
        out[2 + half] = max(0.0, along - x) ** 2
        out[4 + half] = max(0.0, across - y) ** 2
        out[6 + half] = max(0.0, x + along) ** 2
        total += out[half] + out[2 + half] + out[4 + half] + out[6 + half]
        x, y = HALF * (x - y), HALF * (x + y)
    return total


@scalar
def gather(
    picture: np.ndarray,
    row: int,
    column: int,
    radius: float,
    cos: float,
    sin: float,
    stretch: float,
    sums: np.ndarray,
    weights: np.ndarray,
) -> None:
    """Fill `sums` (8, 5): per sector the weight, three colour sums and the sum of squares."""
    tall, wide = picture.shape[0], picture.shape[1]
    sums[:] = 0.0
    zeta = 2.0 / radius
    eta = (zeta + math.cos(ETA_ANGLE)) / math.sin(ETA_ANGLE) ** 2
    reach = int(radius * (1.0 + stretch) + 0.5)
    for b in range(-reach, reach + 1):
        j = min(max(row + b, 0), tall - 1)
        for a in range(-reach, reach + 1):
            x = (a * cos + b * sin) / (radius * (1.0 + stretch))
            y = (b * cos - a * sin) * (1.0 + stretch) / radius
            square = x * x + y * y
            if square > 1.0:
                continue
            i = min(max(column + a, 0), wide - 1)
            red, green, blue = picture[j, i, 0], picture[j, i, 1], picture[j, i, 2]
            energy = red * red + green * green + blue * blue
            gain = math.exp(-1.8 * square) / sector_weights(x, y, zeta, eta, weights)
            for k in range(SECTORS):
                weight = gain * weights[k]
                sums[k, 0] += weight
                sums[k, 1] += weight * red
                sums[k, 2] += weight * green
                sums[k, 3] += weight * blue
                sums[k, 4] += weight * energy


@scalar
def settle(sums: np.ndarray, out: np.ndarray) -> None:
    """The mean of the sectors, the calm ones counting most, into `out` (3,)."""
    total, red, green, blue = 0.0, 0.0, 0.0, 0.0
    for k in range(SECTORS):
        weight = sums[k, 0]
        if weight < 1e-4:
            continue
        r, g, b = sums[k, 1] / weight, sums[k, 2] / weight, sums[k, 3] / weight
        variance = abs(sums[k, 4] / weight - r * r - g * g - b * b)
        say = 1.0 / (1.0 + (HARDNESS * variance) ** 2)
        total += say
        red += say * r
        green += say * g
        blue += say * b
    out[0], out[1], out[2] = red / total, green / total, blue / total


@scalar
def strokes(picture: np.ndarray, directions: np.ndarray, radius: float, out: np.ndarray) -> None:
    """Filter a float (H, W, 3) picture along its flow into `out`."""
    sums, weights = np.empty((SECTORS, 5)), np.empty(SECTORS)
    for row in range(picture.shape[0]):
        for column in range(picture.shape[1]):
            cos, sin, stretch = directions[row, column]
            gather(picture, row, column, radius, cos, sin, stretch, sums, weights)
            settle(sums, out[row, column])


def kuwahara(picture: np.ndarray, radius: float = 2.0) -> np.ndarray:
    """Flat strokes of about `radius` pixels; float32 (H, W, 3) in and out, in [0, 1]."""
    picture = np.ascontiguousarray(picture, np.float32)
    out = np.empty_like(picture)
    strokes(picture, flow(picture), radius, out)
    return out
