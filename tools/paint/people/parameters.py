"""The numbers that describe one portrait of a sitter: what each means, and what they become.

Every number is standard normal and every map smooth and bounded, so any walk is a film and no
number, however large, breaks a face. The first eleven vary the person, the rest the moment.
"""

from typing import NamedTuple

import numpy as np

from tools.paint.painter import Parameter
from tools.paint.people.person import as_people, turn

PARAMETERS: tuple[Parameter, ...] = (
    Parameter("skull", "a wider head"),
    Parameter("crown", "a higher head"),
    Parameter("jaw", "a wider jaw"),
    Parameter("chin", "a longer face"),
    Parameter("cheeks", "fuller cheeks"),
    Parameter("nose", "a longer nose"),
    Parameter("nostrils", "a wider nose"),
    Parameter("lips", "fuller lips"),
    Parameter("width", "a wider mouth"),
    Parameter("brow", "a stronger brow"),
    Parameter("eyes", "larger eyes"),
    Parameter("yaw", "the head turns to the right of the picture"),
    Parameter("pitch", "the head bows"),
    Parameter("roll", "the head leans to the left of the picture"),
    Parameter("lid", "the eyes open"),
    Parameter("gaze", "the eyes look to the right of the picture"),
    Parameter("lift", "the eyes look up"),
    Parameter("mouth", "the mouth opens"),
    Parameter("smile", "a smile"),
    Parameter("wonder", "the brows rise"),
    Parameter("breath", "the shoulders rise"),
    Parameter("volume", "fuller hair"),
    Parameter("length", "longer hair, where there is any"),
    Parameter("side", "the key light moves further to the left"),
    Parameter("swing", "the key light swings round to the right"),
    Parameter("height", "the key light rises"),
    Parameter("light", "a stronger key light"),
    Parameter("fill", "lighter shadows"),
    Parameter("rim", "a brighter edge of light"),
    Parameter("warmth", "a warmer light"),
    Parameter("blush", "redder cheeks"),
    Parameter("halo", "a lighter backdrop behind the head"),
    Parameter("drape", "first brush field of the backdrop"),
    Parameter("smoke", "second brush field of the backdrop"),
    Parameter("pan", "the sitter moves to the left"),
    Parameter("tilt", "the sitter moves down"),
    Parameter("distance", "the sitter is further away"),
)
COUNT = len(PARAMETERS)
INDEX: dict[str, int] = {parameter.name: i for i, parameter in enumerate(PARAMETERS)}
# Latent number -> the bone it scales, and by how much at most.
VARIED = {
    "skull": ("cranium_width", 0.05), "crown": ("cranium_height", 0.05),
    "jaw": ("jaw_width", 0.06), "chin": ("jaw_length", 0.06), "cheeks": ("cheek", 0.10),
    "nose": ("nose_length", 0.12), "nostrils": ("nose_width", 0.12),
    "lips": ("lip_fullness", 0.14), "width": ("lip_width", 0.10), "brow": ("brow", 0.20),
    "eyes": ("eye_size", 0.07), "volume": ("hair_volume", 0.22), "length": ("hair_length", 0.22),
}  # fmt: skip


class Light(NamedTuple):
    """Where the light comes from and how much; `key` is a unit vector."""

    key_x: float
    key_y: float
    key_z: float
    strength: float
    fill: float
    rim: float
    warmth: float
    blush: float


class Portrait(NamedTuple):
    """One portrait, ready to paint."""

    people: np.ndarray  # one record
    light: Light
    halo: float
    drape: float
    smoke: float
    pan: float
    tilt: float
    zoom: float


def bend(z: np.ndarray, name: str, gain: float = 0.8) -> float:
    """A latent number by name, softly limited to [-1, 1]."""
    return float(np.tanh(gain * z[INDEX[name]]))


def softplus(x: float) -> float:
    """max(0, x) without the corner."""
    return float(np.logaddexp(0.0, 6.0 * x)) / 6.0


def key_light(side: float, swing: float, height: float) -> tuple[float, float, float]:
    """Unit vector to the key light: from the left, and for high `swing` round to the right."""
    angle = 0.9 * softplus(swing - 0.6) - 0.58 - 0.30 * side
    direction = np.array([np.sin(angle), 0.42 + 0.20 * height, 0.9 * np.cos(angle) + 0.20])
    x, y, z = direction / np.linalg.norm(direction)
    return float(x), float(y), float(z)


def posed(sitter: np.ndarray, z: np.ndarray) -> np.ndarray:
    """The sitter's record with this moment's face on it."""
    people = as_people(sitter[None].copy())
    person = people[0]
    for name, (bone, reach) in VARIED.items():
        person[bone] *= 1.0 + reach * bend(z, name)
    yaw, pitch, roll = bend(z, "yaw", 0.62), bend(z, "pitch", 0.6), bend(z, "roll", 0.55)
    turn(person, 0.62 * yaw, 0.02 + 0.24 * pitch, 0.17 * roll)
    person.lid += 0.42 * bend(z, "lid")
    person.gaze_x, person.gaze_y = 0.050 * bend(z, "gaze"), 0.024 * bend(z, "lift")
    person.mouth = 0.62 * 0.5 * (1.0 + np.tanh(1.2 * z[INDEX["mouth"]] - 1.2))
    person.smile, person.wonder = 0.85 * bend(z, "smile"), bend(z, "wonder")
    person.breath = 0.035 * bend(z, "breath")
    return people


def compose(sitter: np.ndarray, parameters: np.ndarray) -> Portrait:
    """The portrait of `sitter` for one parameter vector (37,). Smooth in every number."""
    z = np.asarray(parameters, np.float64)
    if z.shape != (COUNT,):
        raise ValueError(f"a portrait is described by {COUNT} numbers, not by shape {z.shape}")
    key = key_light(
        bend(z, "side"), float(3.0 * np.tanh(z[INDEX["swing"]] / 3.0)), bend(z, "height")
    )
    light = Light(
        *key,
        strength=0.74 + 0.10 * bend(z, "light"),
        fill=0.12 + 0.04 * bend(z, "fill"),
        rim=0.55 + 0.25 * bend(z, "rim"),
        warmth=0.10 * bend(z, "warmth"),
        blush=1.0 + 0.6 * bend(z, "blush"),
    )
    return Portrait(
        posed(sitter, z),
        light,
        halo=0.10 + 0.10 * bend(z, "halo"),
        drape=bend(z, "drape"),
        smoke=bend(z, "smoke"),
        pan=0.10 * bend(z, "pan"),
        tilt=-0.27 + 0.07 * bend(z, "tilt"),
        zoom=1.58 * float(np.exp(0.09 * bend(z, "distance"))),
    )
