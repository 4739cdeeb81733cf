"""Where a figure's face is: the way back from the head's own frame into the room."""

import numpy as np

FACE = np.array([0.0, -0.26, 0.72])  # between eyes and mouth, in the head's frame
RADIUS = 0.62  # from there to beyond brows and chin


def face_of(p: np.record) -> np.ndarray:
    """The middle of a face (x, y, z) in the figure's frame: `head.into_head` turned round."""
    x, y, z = FACE + np.array([0.0, 0.7, 0.15])
    y, z = p.cos_pitch * y + p.sin_pitch * z, p.cos_pitch * z - p.sin_pitch * y
    x, z = p.cos_yaw * x + p.sin_yaw * z, p.cos_yaw * z - p.sin_yaw * x
    x, y = p.cos_roll * x - p.sin_roll * y, p.cos_roll * y + p.sin_roll * x
    return np.array([x, y - 0.7 + p.breath, z - 0.15])
