"""Six palettes, each a water ramp, a sky ramp and four accents."""

from typing import NamedTuple

import numpy as np


class Palette(NamedTuple):
    """Colours as float64 rows in [0, 1]."""

    water: np.ndarray  # (5, 3) from the trough to the lit crest
    sky: np.ndarray  # (4, 3) from the zenith to the horizon
    accents: np.ndarray  # (4, 3): glow, sun, pigment, foam


def _colours(text: str) -> np.ndarray:
    return np.array([list(bytes.fromhex(word)) for word in text.split()]) / 255.0


def _palette(water: str, sky: str, accents: str) -> Palette:
    return Palette(_colours(water), _colours(sky), _colours(accents))


PALETTES: dict[str, Palette] = {
    "prussian": _palette(
        "04101f 0b2c4a 1d5f86 6fa8b4 d8e4d2",
        "2a4a68 6a8ea0 c8c8b0 f2e2bc",
        "f0c080 fff2d0 e8d8b0 f6f0de",
    ),
    "turner": _palette(
        "1c1014 4a2a22 8a5a34 cc9a58 f2d69a",
        "4a4a5c 9a7a6a e0a868 fbe2a4",
        "ff9a40 fff0c0 7a2c1c fbeecb",
    ),
    "vermilion": _palette(
        "12060e 3c0c1c 8a1c22 d8542c f6b468",
        "1a1428 4a1e36 a8342e f08a48",
        "ff5030 ffe0a8 120a20 fbdcc0",
    ),
    "jade": _palette(
        "03110f 0a332e 1f6e5c 6cb894 dcecc8",
        "14262c 3a5a5a 8aa898 d4dcc0",
        "d8e0a0 fffbe0 0a2030 f0f4e6",
    ),
    "moon": _palette(
        "03040e 0c1030 26306a 6a6cae c8c4e6",
        "05081c 121a44 34386e 8a7ea8",
        "8a90d0 f4f2ff c860a0 dcdcf4",
    ),
    "rose": _palette(
        "180a1c 44204a 925088 dc8ea6 f8d4cc",
        "3a3a6a 8a6a9a e8a0a4 fcdcb8",
        "ffa090 fff4dc 2a3a7a fdeee6",
    ),
}


def blend(weights: np.ndarray) -> Palette:
    """The weighted mean of all palettes; `weights` (6,) sum to one."""
    return Palette(
        *(np.tensordot(weights, np.stack(part), 1) for part in zip(*PALETTES.values(), strict=True))
    )
