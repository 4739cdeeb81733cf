"""The 28 numbers that describe one sea: what each means, and how to draw them at random.

Every number is standard normal. The map from numbers to pictures is smooth, so a straight or
circular walk through them is a film. Swells are pairs: the angle of a pair is the swell's phase and
its length the swell's height, so turning the pair rolls the sea without a seam.
"""

from typing import NamedTuple

import numpy as np

from tools.paint.painter import Parameter

PARAMETERS: tuple[Parameter, ...] = (
    Parameter("prussian", "more of the cold blue palette"),
    Parameter("turner", "more of the golden palette"),
    Parameter("vermilion", "more of the burning red palette"),
    Parameter("jade", "more of the green palette"),
    Parameter("moon", "more of the violet night palette"),
    Parameter("rose", "more of the pink dusk palette"),
    Parameter("storm", "higher waves, higher eye"),
    Parameter("swell_long_cos", "the 8.4 m swell, first of the pair"),
    Parameter("swell_long_sin", "the 8.4 m swell, second of the pair"),
    Parameter("swell_cross_cos", "the 5.4 m swell, first of the pair"),
    Parameter("swell_cross_sin", "the 5.4 m swell, second of the pair"),
    Parameter("chop_cos", "the 3.5 m swell, first of the pair"),
    Parameter("chop_sin", "the 3.5 m swell, second of the pair"),
    Parameter("billows", "first cloud field: rising banks"),
    Parameter("mares", "second cloud field: torn streaks"),
    Parameter("veil", "third cloud field: a broad veil"),
    Parameter("current", "first pigment field in the water"),
    Parameter("eddy", "second pigment field in the water"),
    Parameter("gaze", "the eye looks further down, the horizon rises"),
    Parameter("bearing", "the sun moves to the right"),
    Parameter("hour", "the sun climbs"),
    Parameter("disc", "a larger sun"),
    Parameter("foam", "more foam"),
    Parameter("pigment", "stronger pigment filaments"),
    Parameter("haze", "thicker haze over the far sea"),
    Parameter("cloud", "stronger clouds"),
    Parameter("glitter", "more sun glitter on the water"),
    Parameter("glow", "more light through the crests"),
)
COUNT = len(PARAMETERS)
INDEX: dict[str, int] = {parameter.name: i for i, parameter in enumerate(PARAMETERS)}


class Swell(NamedTuple):
    """One swell with a fixed direction: fixed wave vectors keep the picture learnable."""

    heading: float  # radians from the line of sight
    wavelength: float  # metres
    height: float  # metres
    sharpness: float  # of the exponential crest


SWELLS = (Swell(0.10, 8.4, 0.66, 1.25), Swell(-0.48, 5.4, 0.42, 1.35), Swell(0.60, 3.5, 0.22, 1.45))
SWELL_PAIRS = ((7, 8), (9, 10), (11, 12))
GRAVITY = 9.81  # m/s^2


def sample(count: int, seed: int) -> np.ndarray:
    """`count` seas, float32 (count, 28), standard normal, repeatable by `seed`."""
    return np.random.default_rng(seed).standard_normal((count, COUNT), dtype=np.float32)


def tide(parameters: np.ndarray, seconds: float) -> np.ndarray:
    """The same sea `seconds` later: each swell pair turns by deep-water dispersion.

    omega = sqrt(g k) (Airy, 1845). Lengths of the pairs, hence of the whole vector, are kept.
    """
    later = np.array(parameters, copy=True)
    for swell, (i, j) in zip(SWELLS, SWELL_PAIRS, strict=True):
        angle = seconds * np.sqrt(GRAVITY * 2 * np.pi / swell.wavelength)
        c, s = np.cos(angle), np.sin(angle)
        a, b = parameters[..., i], parameters[..., j]
        later[..., i], later[..., j] = c * a - s * b, s * a + c * b
    return later
