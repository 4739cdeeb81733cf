"""Where a face, its eyes and its mouth are: the way back from the head's frame into the room."""

import numpy as np

# Balls (x, y, z, radius) in the head's frame: from between eyes and mouth to beyond brows and chin;
# and, of the features, both eyes with their lids and the mouth.
FACE = np.array([[0.0, -0.26, 0.72, 0.62]])
FEATURES = np.array([[-0.29, 0.03, 0.72, 0.24], [0.29, 0.03, 0.72, 0.24], [0.0, -0.60, 0.76, 0.28]])


def in_room(p: np.record, place: np.ndarray) -> np.ndarray:
    """A place (x, y, z) of the head in the figure's frame: `head.into_head` turned round."""
    x, y, z = place + np.array([0.0, 0.7, 0.15])
    y, z = p.cos_pitch * y + p.sin_pitch * z, p.cos_pitch * z - p.sin_pitch * y
    x, z = p.cos_yaw * x + p.sin_yaw * z, p.cos_yaw * z - p.sin_yaw * x
    x, y = p.cos_roll * x - p.sin_roll * y, p.cos_roll * y + p.sin_roll * x
    return np.array([x, y - 0.7 + p.breath, z - 0.15])
