"""What painterly passes need to know of a picture, at a quarter of its size: where its strokes
run, and how bright it is around.

For a canvas of 640x360 that costs 1.2 ms a frame in software; at full size it would be 16.
"""

import moderngl

from installation.outputs.readback import Size
from installation.stage.gl import Core, Target

QUARTER = 4


class Flow:
    """The flow of a picture, drawn for every frame whose passes ask for it."""

    def __init__(self, core: Core, canvas: Size) -> None:
        names = ("soft", "tensor", "smooth")
        self._soft, self._tensor, self._smooth = (core.program(name) for name in names)
        size = (max(canvas[0] // QUARTER, 1), max(canvas[1] // QUARTER, 1))
        self._targets = [Target(core.context, size) for _ in range(3)]

    @property
    def texture(self) -> moderngl.Texture:
        """RGBA16F: the double-angle vector along the strokes, not normalised (its length is how
        sure it is), the strength of change, and the luma (0 to 1) around."""
        return self._targets[1].texture

    def draw(self, picture: moderngl.Texture) -> None:
        """Find the flow of `picture`, linear light."""
        soft, flow, spare = self._targets
        self._soft.bind(picture=picture)
        self._soft.set("resolution", soft.size)
        self._soft.fill(soft.framebuffer)
        self._tensor.bind(soft=soft.texture)
        self._tensor.fill(flow.framebuffer)
        self._blur(flow, spare, (1, 0))
        self._blur(spare, flow, (0, 1))

    def release(self) -> None:
        """Give the targets back."""
        for target in self._targets:
            target.release()

    def _blur(self, source: Target, onto: Target, axis: tuple[int, int]) -> None:
        self._smooth.bind(picture=source.texture)
        self._smooth.set("axis", axis)
        self._smooth.fill(onto.framebuffer)
