"""The sculpture: distance from a point to a figure, and what is there.

About thirty melted bodies. The axes are x to the picture's right, y up, z towards the eye; a head
is about 1.6 units wide with the eyes near (0, 0, 0.7).
"""

import math

import numpy as np

from tools.paint.noise import scalar
from tools.paint.people.shapes import capsule, ellipsoid, smooth_min, sphere

SKIN, LIP, EYE, HAIR, CLOTH, MOUTH, HOOD = range(7)

Found = tuple[float, int, float, float, float]  # distance, material, place in the head's own frame


@scalar
def into_head(x: float, y: float, z: float, p: np.record) -> tuple[float, float, float]:
    """The point in the frame of the head, which turns about the top of the neck."""
    y, z = y + 0.7 - p.breath, z + 0.15
    x, y = p.cos_roll * x + p.sin_roll * y, p.cos_roll * y - p.sin_roll * x
    x, z = p.cos_yaw * x - p.sin_yaw * z, p.sin_yaw * x + p.cos_yaw * z
    y, z = p.cos_pitch * y - p.sin_pitch * z, p.sin_pitch * y + p.cos_pitch * z
    return x, y - 0.7, z - 0.15


@scalar
def skull(side: float, y: float, z: float, p: np.record) -> float:
    """Cranium, jaw, chin and cheeks; `side` is |x|."""
    d = ellipsoid(side, y - 0.28, z + 0.12, 0.74 * p.cranium_width, 0.82 * p.cranium_height, 0.90)
    jaw = ellipsoid(
        side, y + 0.38 * p.jaw_length, z - 0.16, 0.59 * p.jaw_width, 0.66 * p.jaw_length, 0.60
    )
    d = smooth_min(d, jaw, 0.30)
    d = smooth_min(d, sphere(side, y + 0.90 * p.jaw_length, z - 0.50, 0.18), 0.24)
    cheek = sphere(side - 0.40 * p.jaw_width, y + 0.20 - 0.03 * p.smile, z - 0.44, 0.20 * p.cheek)
    return smooth_min(d, cheek, 0.26)


@scalar
def brow_and_nose(d: float, side: float, y: float, z: float, p: np.record) -> float:
    """Add the brow, hollow the sockets, add the nose."""
    lift = 0.045 * p.wonder
    brow = capsule(
        side, y, z, 0.10, 0.19 + lift, 0.74, 0.46, 0.17 + lift, 0.55, 0.055 * p.brow, 0.045 * p.brow
    )
    d = smooth_min(d, brow, 0.14)
    socket = ellipsoid(side - p.eye_distance, y - 0.03, z - 0.86, 0.21, 0.13, 0.24)
    h = max(0.16 - abs(-socket - d), 0.0) / 0.16
    d = max(-socket, d) + h * h * 0.04
    tip = 0.73 + 0.24 * p.nose_length
    nose = capsule(
        side, y, z, 0.0, 0.14, 0.73, 0.0, -0.24, tip, 0.05 * p.nose_bridge, 0.075 * p.nose_width
    )
    ball = sphere(side, y + 0.27, z - 0.74 - 0.22 * p.nose_length, 0.095 * p.nose_width)
    nose = smooth_min(nose, ball, 0.06)
    wing = ellipsoid(
        side - 0.115 * p.nose_width, y + 0.30, z - 0.80, 0.07 * p.nose_width, 0.055, 0.09
    )
    return smooth_min(d, smooth_min(nose, wing, 0.07), 0.10)


@scalar
def mouth(
    d: float, material: int, side: float, y: float, z: float, p: np.record
) -> tuple[float, int]:
    """Add the lips and cut the line between them."""
    d = smooth_min(d, ellipsoid(side, y + 0.60, z - 0.66, 0.26, 0.17, 0.16), 0.14)
    half = 0.24 * p.lip_width * (1.0 + 0.12 * p.smile)
    t = min(side / half, 1.3)
    line = -0.605 + p.smile * 0.085 * t * t
    front = 0.80 - 0.13 * t * t
    gap = p.mouth * 0.09 * max(0.0, 1.0 - t * t)
    full = p.lip_fullness * (1.0 - 0.55 * min(t * t, 1.0))
    out = max(side - half, 0.0)
    up, inwards = y - (line + 0.045 * full + gap), z - front
    upper = math.sqrt(up * up + inwards * inwards + out * out) - 0.052 * full
    up, inwards, out = y - (line - 0.060 * full - gap), inwards + 0.01, max(side - 0.9 * half, 0.0)
    lower = math.sqrt(up * up + inwards * inwards + out * out) - 0.064 * full
    lips = min(upper, lower)
    if lips < d:
        material = LIP
    d = smooth_min(d, lips, 0.035)
    up, out, back = y - line, max(side - 0.98 * half, 0.0), max(0.0, 0.70 - z)
    slit = math.sqrt(up * up / (1.0 + 20.0 * gap) + out * out + back * back) - 0.012 - 0.6 * gap
    if -slit > d:
        material = MOUTH
    return max(d, -slit), material


@scalar
def eyes(
    d: float, material: int, side: float, y: float, z: float, p: np.record
) -> tuple[float, int]:
    """Lids and eyeballs. The lids are two shells, cut where the eye is open."""
    x, y, z = side - p.eye_distance, y - 0.03, z - 0.60
    ball = sphere(x, y, z, 0.150 * p.eye_size)
    shell = sphere(x, y, z, 0.168 * p.eye_size)
    upper = max(shell, p.lid * 0.085 - y - 0.10 * abs(x) + 0.02 * z)
    lower = max(shell, y + p.lid * 0.055 - 0.08 * abs(x))
    d = smooth_min(d, min(upper, lower), 0.04)
    if ball < d:
        return ball, EYE
    return d, material


@scalar
def beard(d: float, material: int, x: float, y: float, z: float, p: np.record) -> tuple[float, int]:
    """A beard that leaves the lips free."""
    side = abs(x)
    b = ellipsoid(
        x, y + 0.80 * p.jaw_length + 0.25 * p.beard, z - 0.32,
        0.50 * p.jaw_width, 0.42 + 0.35 * p.beard, 0.46,
    )  # fmt: skip
    b += 0.02 * math.sin(23 * x + 4 * y) * p.beard + 0.012 * math.sin(41 * x - 7 * y)
    t = min(side / (0.24 * p.lip_width), 1.3)
    b += max(0.0, 0.26 * (1.0 - t)) * max(0.0, 1.0 - 5.0 * abs(y + 0.6))
    b += max(0.0, 1.2 * (y + 0.42)) + 0.30 * (1.0 - p.beard)
    if b < d:
        material = HAIR
    return smooth_min(d, b, 0.05), material


@scalar
def hair(d: float, material: int, x: float, y: float, z: float, p: np.record) -> tuple[float, int]:
    """A cap with a hairline, and long hair at the sides and behind."""
    side, v = abs(x), p.hair_volume
    strand = 0.030 * math.sin(19 * x + 6 * z + 3 * y) + 0.018 * math.sin(37 * x - 9 * z + 11 * y)
    cap = ellipsoid(
        x, y - 0.36, z + 0.20,
        0.80 * p.cranium_width + 0.10 * v, 0.84 * p.cranium_height + 0.12 * v, 0.93 + 0.06 * v,
    )  # fmt: skip
    edge = 0.8 * (0.75 * z - 0.9 * (y - 0.44 - p.hairline) - 0.18 + 0.44 * side * side)
    # The fringe is combed: its edge follows the strands, or it looks like a helmet.
    h = smooth_min(-cap - 0.6 * strand, -edge - 1.6 * strand, 0.12)
    h = -h
    if p.hair_length > 0.02:
        end = -0.1 - 1.55 * p.hair_length
        fall = capsule(
            side, y, z, 0.66 * p.cranium_width, 0.35, -0.18,
            0.70 * p.cranium_width + 0.10 * v, end, -0.28, 0.16 + 0.10 * v, 0.20 + 0.12 * v,
        )  # fmt: skip
        back = ellipsoid(
            x, y - 0.5 * end - 0.1, z + 0.5, 0.75 * p.cranium_width + 0.1 * v, 0.6 - 0.5 * end, 0.42
        )
        # Short hair grows out of the head: without the last term a new bob would appear at once.
        length = smooth_min(fall, back, 0.2) + strand + 0.6 * max(0.0, 0.30 - p.hair_length)
        h = smooth_min(h, length, 0.22)
    h += 0.30 * (1.0 - p.hair)
    if h < d:
        material = HAIR
    return smooth_min(d, h, 0.04), material


@scalar
def hood(x: float, y: float, z: float, hx: float, hy: float, hz: float, p: np.record) -> float:
    """A headscarf around the face and over the neck."""
    c = ellipsoid(hx, hy - 0.20, hz + 0.22, 0.95 * p.cranium_width, 1.12, 1.02)
    c = max(c, -ellipsoid(hx, hy + 0.08, hz - 0.75, 0.62 * p.jaw_width, 0.98, 1.0))
    c = smooth_min(c, capsule(x, y, z, 0.0, -0.9, -0.35, 0.0, -1.9, -0.45, 0.80, 0.95), 0.12)
    c = max(c, -ellipsoid(hx, hy + 0.05, hz - 0.8, 0.60 * p.jaw_width, 1.0, 1.0))
    fold = 0.02 * math.sin(9 * hx + 5 * hy + 3 * hz) + 0.012 * math.sin(6 * y - 4 * abs(x))
    return c + fold + 0.45 * (1.0 - p.hood)


@scalar
def body(x: float, y: float, z: float, p: np.record) -> float:
    """Shoulders and chest."""
    y = y - p.breath
    d = capsule(abs(x), y, z, 0.0, -1.80, -0.35, 0.98 * p.shoulders, -2.10, -0.35, 0.46, 0.40)
    return smooth_min(d, ellipsoid(x, y + 3.0, z + 0.3, 1.28 * p.shoulders, 1.4, 0.64), 0.4)


@scalar
def sculpted(
    x: float, y: float, z: float, hx: float, hy: float, hz: float, p: np.record
) -> tuple[float, int]:
    """The head with everything on it. The face is worked out only where it can matter."""
    side = abs(hx)
    d, material = skull(side, hy, hz, p), SKIN
    if hz > -0.1:
        d = brow_and_nose(d, side, hy, hz, p)
        d, material = mouth(d, material, side, hy, hz, p)
        d, material = eyes(d, material, side, hy, hz, p)
    if side > 0.45:
        ear = ellipsoid(
            side - 0.76 * p.cranium_width, hy + 0.02, hz + 0.08, 0.07, 0.20 * p.ear, 0.13
        )
        d = smooth_min(d, ear, 0.06)
    if p.beard > 0.05:
        d, material = beard(d, material, hx, hy, hz, p)
    neck = capsule(x, y, z, 0.0, -0.75, -0.22, 0.0, -1.75, -0.4, 0.34 * p.neck, 0.44 * p.neck)
    d = smooth_min(d, neck, 0.22)
    if p.hair > 0.05:
        d, material = hair(d, material, hx, hy, hz, p)
    if p.hood > 0.05:
        c = hood(x, y, z, hx, hy, hz, p)
        if c < d:
            d, material = c, HOOD
    return d, material


@scalar
def figure(x: float, y: float, z: float, p: np.record) -> Found:
    """Distance to the whole figure, the material there, and the point in the head's frame."""
    hx, hy, hz = into_head(x, y, z, p)
    far = math.sqrt(hx * hx + (hy + 0.1) ** 2 + hz * hz)
    if far > 2.2:
        d, material = far - 1.75, SKIN
    else:
        d, material = sculpted(x, y, z, hx, hy, hz, p)
    if y < -0.2:
        b = body(x, y, z, p)
        if b < d:
            return b, CLOTH, hx, hy, hz
        d = smooth_min(d, b, 0.05)
    return d, material, hx, hy, hz
