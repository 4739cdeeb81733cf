"""Where a picture lies on a canvas of another shape. Pure; what may be asked: show.framing."""

import math
from dataclasses import dataclass

from installation.outputs.readback import Size
from installation.show.framing import Frame

RIM = 1  # texels never shown: networks pad with zeros and leave a thin dark frame there
SEAM = 1 / 40  # of a side: there a picture passes into what the wall shows beside it
ROUNDING = 1e-3  # pixels: a border that is off by less is where it should be
Drift = tuple[float, float, float]
Line = tuple[float, float]  # y = line[0] * x + line[1]
Box = tuple[int, int, int, int]  # x, y, width, height
STILL: Drift = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Placement:
    """`across` and `down` give the texel for a pixel of the canvas. `box` is the part of the canvas
    where there is nothing but the picture, `bars` the rest: what lies beside it, and its seam."""

    across: Line
    down: Line
    box: Box
    bars: tuple[Box, ...]

    def strip(self, texels: int) -> Box:
        """What of the picture, `texels` high and already as wide as the canvas, the box is drawn
        from: a filter reaches two rows up and down, and as a shader rounds, one more."""
        x, y, width, height = self.box
        step, offset = self.down
        first = min(max(math.floor((y + 0.5) * step + offset) - 3, 0), texels)
        last = min(max(math.ceil((y + height - 0.5) * step + offset) + 3, first), texels)
        return x, first, width, last - first


def placed(canvas: Size, picture: Size, frame: Frame, drift: Drift = STILL) -> Placement:
    """A picture's place. `drift` is a zoom (0 is none) and a shift in parts of the canvas."""
    inner = [max(side - 2 * RIM, 1) for side in picture]
    ratios = [side / texels for side, texels in zip(canvas, inner, strict=True)]
    scale = max(ratios) ** (1.0 - frame.fit) * min(ratios) ** frame.fit
    lines = [
        _line(canvas[i], inner[i], scale, drift[0], drift[1 + i], frame.anchor[i]) for i in (0, 1)
    ]
    spans = [_span(canvas[i], inner[i], lines[i]) for i in (0, 1)]
    (left, right), (top, bottom) = spans
    box = (left, top, right - left, bottom - top)
    return Placement(lines[0], lines[1], box, _bars(canvas, box))


def _line(canvas: int, inner: int, scale: float, zoom: float, shift: float, anchor: float) -> Line:
    """The anchor as near the middle as the picture's borders allow; a picture that is narrower
    than the canvas in the middle. The zoom leaves room for the shift, whatever the anchor."""
    seen = canvas / scale
    middle = min(max(anchor * inner, seen / 2), inner - seen / 2) if seen < inner else inner / 2
    step = 1.0 / (scale * (1.0 + zoom))
    return step, RIM + middle - canvas * (0.5 + shift) * step


def _span(canvas: int, inner: int, line: Line) -> tuple[int, int]:
    """From which pixel to which there is nothing but the picture; none where it is too thin. It
    ends by a seam where it does not reach the canvas's border."""
    step, offset = line
    left, right, seam = (RIM - offset) / step, (RIM + inner - offset) / step, SEAM * inner / step
    first = math.ceil(left + seam - ROUNDING) if left > ROUNDING else 0
    last = math.floor(right - seam + ROUNDING) if right < canvas - ROUNDING else canvas
    first = min(first, canvas)
    return first, max(first, last)


def _bars(canvas: Size, box: Box) -> tuple[Box, ...]:
    x, y, width, height = box
    sides = [
        (0, 0, x, canvas[1]),
        (x + width, 0, canvas[0] - x - width, canvas[1]),
        (x, 0, width, y),
        (x, y + height, width, canvas[1] - y - height),
    ]
    return tuple(side for side in sides if side[2] > 0 and side[3] > 0)
