"""What the wall shows beside a picture that does not fill it. The picture itself is untouched."""

import moderngl

from installation.outputs.readback import Size
from installation.stage.framing import RIM, Placement
from installation.stage.gl import ADD, Core, Target

FEW: Size = (16, 16)  # colours across and down; blurred, an eighth of the picture


class Surround:
    """Continues pictures beyond their borders. Its targets are kept between frames."""

    def __init__(self, core: Core) -> None:
        names = ("shrunk", "smooth", "surround")
        self._shrunk, self._smooth, self._draw = (core.program(name) for name in names)
        self._soft, self._spare = (Target(core.context, FEW) for _ in range(2))

    def draw(
        self, picture: moderngl.Texture, onto: Target, placement: Placement, share: float, add: bool
    ) -> None:
        """Fill the placement's bars with `share` of the light, or add it to what is there."""
        if not placement.bars:
            return
        self._soften(picture)
        (across, left), (down, top) = placement.across, placement.down
        width, height = picture.size
        self._draw.bind(picture=picture, soft=self._soft.texture)
        self._draw.set("mapping", (across, down, left, top))
        # Half a texel in: a filtered fetch must not reach the rim.
        inset = RIM + 0.5
        self._draw.set("inside", (inset, inset, width - inset, height - inset))
        self._draw.set("share", share)
        for bar in placement.bars:
            self._draw.fill(onto.framebuffer, bar, ADD if add else None)

    def release(self) -> None:
        """Give the targets back."""
        for target in (self._soft, self._spare):
            target.release()

    def _soften(self, picture: moderngl.Texture) -> None:
        self._shrunk.bind(picture=picture)
        self._shrunk.set("size", FEW)
        self._shrunk.fill(self._soft.framebuffer)
        for source, target, axis in (
            (self._soft, self._spare, (1, 0)),
            (self._spare, self._soft, (0, 1)),
        ):
            self._smooth.bind(picture=source.texture)
            self._smooth.set("axis", axis)
            self._smooth.fill(target.framebuffer)
