"""One figure as a flat record of numbers: its bones, its bearing at this moment, its colours.

Flat, because a blend of two records is a person between two persons: that is how the families
painter lets features run through a family.
"""

import numpy as np

# Sizes are factors on the common head (1 = as sculpted) unless a unit is given.
BONES = (
    "cranium_width", "cranium_height", "jaw_width", "jaw_length", "cheek", "brow",
    "eye_distance", "eye_size", "nose_length", "nose_width", "nose_bridge", "lip_width",
    "lip_fullness", "ear", "neck", "shoulders", "hair", "hair_length", "hairline",
    "hair_volume", "beard", "hood", "stature",
)  # fmt: skip
# lid, mouth, smile, wonder (raised brows): shares of the full expression; gaze: offset of the iris;
# breath: rise of the shoulders.
BEARING = (
    "lid", "gaze_x", "gaze_y", "mouth", "smile", "wonder", "breath",
    "cos_yaw", "sin_yaw", "cos_pitch", "sin_pitch", "cos_roll", "sin_roll",
)  # fmt: skip
# RGB ramps from shadow to light, and single colours, in [0, 1].
COLOURS = {
    "skin": (5, 3), "locks": (4, 3), "cloth": (5, 3), "backdrop": (4, 3),
    "lip": (3,), "iris": (3,), "rim": (3,),
}  # fmt: skip

PERSON = np.dtype(
    [(name, np.float64) for name in BONES + BEARING]
    + [(name, np.float64, shape) for name, shape in COLOURS.items()]
)
COUNT = PERSON.itemsize // 8


def as_people(vectors: np.ndarray) -> np.recarray:
    """Flat vectors (N, COUNT) as N records; the same memory."""
    flat = np.ascontiguousarray(vectors, np.float64).view(PERSON).reshape(-1)
    return flat.view(np.recarray)


def turn(person: np.record, yaw: float, pitch: float, roll: float) -> None:
    """Set the head's pose, radians: yaw to the picture's right, pitch down, roll to the left."""
    for name, angle in (("yaw", yaw), ("pitch", pitch), ("roll", roll)):
        person[f"cos_{name}"], person[f"sin_{name}"] = np.cos(angle), np.sin(angle)
