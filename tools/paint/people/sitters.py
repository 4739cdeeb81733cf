"""Six people who never lived: their bones and their colours."""

import numpy as np

from tools.paint.people.person import BEARING, COLOURS, COUNT, as_people

PLAIN = {"eye_distance": 0.29, "hair_length": 0.0, "hairline": 0.0, "beard": 0.0, "hood": 0.0}


def _colours(text: str) -> np.ndarray:
    rows = np.array([list(bytes.fromhex(word)) for word in text.split()]) / 255.0
    return rows[0] if len(rows) == 1 else rows


def _sitter(
    lid: float, skin: str, locks: str, cloth: str, backdrop: str, accents: str, **bones: float
) -> np.ndarray:
    """A person looking straight ahead, as a flat vector; `accents` are lip, iris and rim light."""
    vector = np.zeros((1, COUNT))
    person = as_people(vector)[0]
    texts = (skin, locks, cloth, backdrop, *accents.split())
    for name, text in zip(COLOURS, texts, strict=True):
        person[name] = _colours(text)
    for name in person.dtype.names:
        if name not in COLOURS and name not in BEARING:
            person[name] = bones.pop(name, PLAIN.get(name, 1.0))
    if bones:
        raise ValueError(f"no such bones: {', '.join(bones)}")
    person.lid, person.cos_yaw, person.cos_pitch, person.cos_roll = lid, 1.0, 1.0, 1.0
    return np.frombuffer(person.tobytes(), np.float64)


SITTERS: dict[str, np.ndarray] = {
    "mirre": _sitter(
        0.78,
        "200c18 5a2430 a85a4c dc9c74 fce0b4",
        "0a0608 241416 4a2a24 8a5c44",
        "1a0810 5a1428 a82c3a dc6a54 f6c098",
        "1a1c10 44441e 8a8440 d4c88a",
        "b83a40 4a5a2c f0e0a0",
        jaw_width=0.95, jaw_length=0.98, hair_length=0.35, hair_volume=1.1, cheek=1.05,
        nose_length=0.95, nose_width=0.92, lip_fullness=1.1, shoulders=0.92, neck=0.9,
    ),
    "tovin": _sitter(
        0.66,
        "180e14 4a2a2a 96624e d0a284 f6e0c4",
        "3a3436 6e6662 aca498 eee6d6",
        "0c0a0c 221a18 463426 806040 c0a070",
        "120c08 3a2010 7a4818 c08a3a",
        "9a4a40 5a7078 ffe0b0",
        jaw_width=1.08, jaw_length=1.08, hair=0.82, hairline=0.25, hair_volume=0.6, beard=0.9,
        brow=1.5, nose_length=1.2, nose_width=1.15, lip_fullness=0.75, ear=1.2, shoulders=1.08,
        neck=1.1, stature=1.04,
    ),
    "wenna": _sitter(
        0.95,
        "2a1420 6a3038 c07a66 ecbc9a fff0da",
        "2a0d08 6a2412 b8501e f0a050",
        "0f1c26 1d4a5a 3f8a92 9ccab8 f0ecd0",
        "16202a 2c4a52 5f8078 c0b890",
        "c8484c 3c7a86 ffd8a0",
        jaw_width=0.88, jaw_length=0.94, hair_length=0.75, hair_volume=1.25, cheek=0.95,
        nose_length=0.85, nose_width=0.82, eye_size=1.1, lip_fullness=1.2, lip_width=0.9,
        shoulders=0.86, neck=0.85, stature=0.86,
    ),
    "ilo": _sitter(
        0.80,
        "100a0c 33190f 6b3a22 a86a3e e2b07a",
        "060508 17131a 2e2830 5c5560",
        "0e1416 1e3a3c 3a6a66 7aa79a d0dccc",
        "101a1c 1e3434 3d5c54 8a9a7c",
        "8a3c36 2a1a12 9fd0d8",
        jaw_width=0.95, jaw_length=1.05, hair_volume=1.1, cheek=0.95, nose_length=1.05,
        lip_fullness=1.1, nose_width=1.1, stature=1.02,
    ),
    "ysol": _sitter(
        0.55,
        "07101f 12305a 2f6a9a 86b4c4 f0ead6",
        "060a14 101c34 24406a 5a86a8",
        "1a0a0c 5a1818 a8382a e08a50 f8d8a0",
        "240c10 6a1e1c b85030 f0b060",
        "c84838 e8b850 ffb070",
        jaw_width=0.85, jaw_length=1.15, cranium_width=0.95, hair=0.0, cheek=0.9, nose_length=1.15,
        nose_width=0.8, nose_bridge=1.2, eye_size=1.15, lip_width=0.75, shoulders=0.85, neck=0.8,
        ear=0.7,
    ),
    "orsa": _sitter(
        0.70,
        "1a0f12 4a2420 9a5a3c d49a6c f3d6ae",
        "140d10 3a2420 6a4632 9a7a60",
        "120e1a 2a2140 4c3a6a 8a74a0 cabad0",
        "0c0a10 241a22 4a3430 7a5a44",
        "a8423c 4a3626 f0c890",
        hood=1.0, hair=0.0, jaw_width=1.05, jaw_length=0.98, cheek=1.08, nose_length=1.1,
        lip_fullness=0.85, brow=1.1,
    ),
}  # fmt: skip
