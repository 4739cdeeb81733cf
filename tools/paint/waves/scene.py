"""From 28 numbers to everything the pixel code needs: a plain tuple of arrays and floats."""

from typing import NamedTuple

import numpy as np

from tools.paint.waves.palettes import PALETTES, blend
from tools.paint.waves.parameters import COUNT, INDEX, SWELL_PAIRS, SWELLS

PALETTE_CONTRAST = 2.2  # softmax sharpness: below 2 the mixtures turn brown


class Scene(NamedTuple):
    """One sea, ready to paint. Lengths in metres, angles in radians, colours in [0, 1]."""

    waves: np.ndarray  # (3, 5): wave vector x, z, phase, height, sharpness
    water: np.ndarray  # (5, 3)
    sky: np.ndarray  # (4, 3)
    accents: np.ndarray  # (4, 3)
    clouds: np.ndarray  # (3,) weights of the cloud fields
    pigments: np.ndarray  # (2,) weights of the pigment fields
    sun: np.ndarray  # (3,) unit vector
    crest: float  # about the height of a full crest
    eye: float  # height of the eye
    pitch: float
    zoom: float  # half field of view, as a tangent
    disc: float  # angular radius of the sun
    foam: float
    pigment: float
    haze: float
    cloud: float
    glitter: float
    glow: float


def _value(z: np.ndarray, name: str, middle: float, reach: float) -> float:
    return float(middle + reach * np.tanh(z[INDEX[name]]))


def _limited(weights: np.ndarray, gain: float, softness: float) -> np.ndarray:
    """Keep directions, compress lengths: the contrast of a field mixture stays bounded."""
    return gain * weights / np.sqrt(softness + np.mean(weights**2))


def _wave(swell: tuple[float, float, float, float], pair: np.ndarray, storm: float) -> list[float]:
    heading, wavelength, height, sharpness = swell
    radius = np.hypot(*pair)
    k = 2 * np.pi / wavelength
    direction = heading + np.pi / 2
    # The height dies smoothly at radius zero, where the phase is undefined.
    height = height * storm * 1.18 * radius / np.sqrt(0.45 + radius**2)
    return [
        k * np.cos(direction),
        k * np.sin(direction),
        np.arctan2(pair[1], pair[0]),
        height,
        sharpness,
    ]


def _sun(z: np.ndarray) -> np.ndarray:
    x = 0.62 * np.tanh(0.8 * z[INDEX["bearing"]])
    y = 0.13 + 0.15 * (1 + np.tanh(0.8 * z[INDEX["hour"]]))
    direction = np.array([x, y, 1.0])
    return direction / np.linalg.norm(direction)


def compose(parameters: np.ndarray) -> Scene:
    """The scene for one parameter vector (28,). Smooth in every number."""
    z = np.asarray(parameters, np.float64)
    if z.shape != (COUNT,):
        raise ValueError(f"a sea is described by {COUNT} numbers, not by shape {z.shape}")
    weights = np.exp(PALETTE_CONTRAST * z[: len(PALETTES)])
    palette = blend(weights / weights.sum())
    storm = _value(z, "storm", 1.05, 0.35)
    waves = [_wave(s, z[list(p)], storm) for s, p in zip(SWELLS, SWELL_PAIRS, strict=True)]
    return Scene(
        waves=np.array(waves),
        water=palette.water,
        sky=palette.sky,
        accents=palette.accents,
        clouds=_limited(z[13:16], 1.5, 0.8),
        pigments=_limited(z[16:18], 1.3, 0.7),
        sun=_sun(z),
        crest=0.5 * storm * sum(s.height for s in SWELLS),
        eye=1.95 + 0.30 * storm,
        pitch=_value(z, "gaze", 0.105, 0.022),
        zoom=0.64,
        disc=_value(z, "disc", 0.050, 0.018),
        foam=_value(z, "foam", 0.55, 0.45),
        pigment=_value(z, "pigment", 0.50, 0.40),
        haze=_value(z, "haze", 1.0, 0.5),
        cloud=_value(z, "cloud", 0.95, 0.35),
        glitter=_value(z, "glitter", 0.75, 0.35),
        glow=_value(z, "glow", 0.90, 0.40),
    )
