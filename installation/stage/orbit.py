"""A slow orbit of the whole picture, so that no pixel of a panel shows the same edge all day. Pure.

Panels that age by what they show (OLED, plasma) keep a standing edge for ever. The picture is
enlarged anyway, so moving it by parts of a pixel costs nothing; at 1920 pixels it wanders by 8 each
way at 2 pixels a minute, which nobody sees.
"""

import math

REACH = 0.004  # parts of the canvas
PERIODS = (1380.0, 1020.0)  # seconds across and down: the path closes after 6.5 hours
Drift = tuple[float, float, float]


def orbit(time: float, amount: float, drift: Drift = (0.0, 0.0, 0.0)) -> Drift:
    """Zoom and shift at `time` seconds, `amount` 0 to 1, on top of another drift.

    The zoom hides what the shift would bare at the borders."""
    zoom, *shift = drift
    moved = [
        at + amount * REACH * math.sin(2.0 * math.pi * time / period)
        for at, period in zip(shift, PERIODS, strict=True)
    ]
    return zoom + 2.5 * amount * REACH, moved[0], moved[1]
