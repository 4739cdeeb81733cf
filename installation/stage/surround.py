"""What the wall shows beside a picture that does not fill it; it begins over the picture's seam."""

import moderngl

from installation.outputs.readback import Size
from installation.stage.framing import RIM, SEAM, Placement
from installation.stage.gl import ADD, Core, Target

LEAST = 0.12  # parts of the picture's side over which light falls: within less it would be a frame
SOFT: Size = (64, 64)  # texels, blurred by two of them: a thirtieth of the picture
WIDER = 3  # times as wide along the border
Texels = tuple[float, float, float, float]  # left, top, right, bottom


class Surround:
    """Continues pictures beyond their borders. Its targets are kept between frames."""

    def __init__(self, core: Core) -> None:
        names = ("shrunk", "smooth", "surround")
        self._shrunk, self._smooth, self._draw = (core.program(name) for name in names)
        self._soft, self._softer, self._spare = (Target(core.context, SOFT) for _ in range(3))

    def draw(
        self, picture: moderngl.Texture, onto: Target, placement: Placement, share: float, add: bool
    ) -> None:
        """Fill the placement's bars with `share` of the light, or add it to what is there."""
        if not placement.bars:
            return
        shown = _inset(picture.size, (RIM + 0.5, RIM + 0.5))  # a fetch must not reach the rim
        inside = _inset(picture.size, _seams(onto.size, placement, picture.size))
        self._soften(picture, inside, upright=placement.box[2] < onto.size[0])
        (across, left), (down, top) = placement.across, placement.down
        self._draw.bind(picture=picture, soft=self._soft.texture, softer=self._softer.texture)
        self._draw.set("mapping", (across, down, left, top))
        self._draw.set("shown", shown)
        self._draw.set("inside", inside)
        self._draw.set("reach", _reach(onto.size, placement, picture.size))
        self._draw.set("share", share)
        for bar in placement.bars:
            self._draw.fill(onto.framebuffer, bar, ADD if add else None)

    def release(self) -> None:
        """Give the targets back."""
        for target in (self._soft, self._softer, self._spare):
            target.release()

    def _soften(self, picture: moderngl.Texture, inside: Texels, upright: bool) -> None:
        """Blur all around, then along the border: down where the bars stand upright."""
        self._shrunk.bind(picture=picture)
        self._shrunk.set("size", SOFT)
        self._shrunk.set("inside", inside)
        self._shrunk.fill(self._soft.framebuffer)
        for source, target, axis in (
            (self._soft, self._spare, (1, 0)),
            (self._spare, self._soft, (0, 1)),
            (self._soft, self._softer, (0, WIDER) if upright else (WIDER, 0)),
        ):
            self._smooth.bind(picture=source.texture)
            self._smooth.set("axis", axis)
            self._smooth.fill(target.framebuffer)


def _inset(picture: Size, by: tuple[float, float]) -> Texels:
    (width, height), (x, y) = picture, by
    return x, y, width - x, height - y


def _seams(canvas: Size, placement: Placement, picture: Size) -> tuple[float, float]:
    """How far in the bars begin, across and down; a filtered fetch from there misses the rim."""
    ends = [taken < pixels for pixels, taken in zip(canvas, placement.box[2:], strict=True)]
    sides = zip(picture, ends, strict=True)
    across, down = (RIM + max(0.5, SEAM * (side - 2 * RIM) * end) for side, end in sides)
    return across, down


def _reach(canvas: Size, placement: Placement, picture: Size) -> float:
    """How far out the wall goes on, in parts of the picture's side."""
    texels = zip(canvas, placement.box[2:], (placement.across[0], placement.down[0]), strict=True)
    free = [(pixels - taken) / 2 * step for pixels, taken, step in texels]
    return max(LEAST, *(part / side for part, side in zip(free, picture, strict=True)))
