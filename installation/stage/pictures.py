"""A deck's pictures on the graphics card: the two newest, and their blend in linear light."""

import math
from typing import Protocol

import moderngl

from installation.frames.header import Flag, Header
from installation.frames.ring import Picture
from installation.outputs.readback import Size
from installation.show.framing import Frame
from installation.stage.framing import Drift, Line, placed
from installation.stage.gl import ADD, SRGB8_ALPHA8, Core, Program, Target
from installation.stage.surround import Surround
from installation.stage.timeline import Timeline
from installation.stage.upload import Upload, upload_for

LARGEST = 8192  # pixels a side; a header beyond it is scribble


class Source(Protocol):
    """Where pictures come from: a RingReader, or a list in a test."""

    def newest(self) -> tuple[Header, Picture] | None: ...

    def intact(self) -> bool: ...


class DeckPictures:
    """One deck, as the stage sees it. `upload` is how its pictures go up, if not as usual."""

    def __init__(self, core: Core, upload: Upload | None = None) -> None:
        self._context = core.context
        self._blend, self._enlarge = core.program("blend"), core.program("enlarge")
        self._spare, self._previous, self._newest = (self._texture((1, 1)) for _ in range(3))
        self._blended, self._wide = (Target(self._context, (1, 1)) for _ in range(2))
        self._drawn: tuple[int, float] | None = None
        self._surround = Surround(core)
        self._way_up = upload or upload_for(core.context)
        self._count = 0
        self.frame = Frame()  # how the pictures lie on the canvas
        self.header: Header | None = None
        self.timeline = Timeline()

    def poll(self, source: Source) -> bool:
        """Take the source's newest picture, if there is a new one and it arrives whole."""
        found = source.newest()
        if found is None or not _plausible(found[0]):
            return False
        header, pixels = found
        self._upload(pixels)
        if not source.intact():
            return False
        self._accept(header)
        return True

    def show(self, pixels: Picture, made_at: float = 0.0, scene: int = 0) -> None:
        """Take a picture from memory: uint8 (height, width, 4), sRGB, top row first."""
        self._upload(pixels)
        height, width = pixels.shape[:2]
        self._accept(Header(width, height, scene, made_at=made_at))

    def blend(self, weight: float) -> None:
        """Draw the two newest at this weight of the newest; nothing to do when nothing changed."""
        wanted = (self._count, weight)
        if wanted == self._drawn:
            return
        self._blended = self._fitted(self._blended, self._newest.size)
        self._blend.bind(previous=self._previous, newest=self._newest)
        self._blend.set("weight", weight if self._previous.size == self._newest.size else 1.0)
        self._blend.fill(self._blended.framebuffer)
        self._drawn = wanted

    def enlarge(self, onto: Target, drift: Drift, share: float, add: bool) -> None:
        """Draw the blend over the whole target at `share` of its light, or add it to what is there.

        `drift` is a zoom (0 is none) and a shift in parts of the canvas. What the picture's frame
        leaves free shows how it would go on."""
        self._wide = self._fitted(self._wide, (onto.size[0], self._blended.size[1]))
        place = placed(onto.size, self._blended.size, self.frame, drift)
        across = self._stretch(self._blended, (1.0, 0.0), place.across, 1.0)
        across.fill(self._wide.framebuffer, place.strip(self._blended.size[1]))
        blend = ADD if add else None
        upright = self._stretch(self._wide, (0.0, 1.0), place.down, share)
        upright.fill(onto.framebuffer, place.box, blend)
        self._surround.draw(self._blended.texture, onto, place, share, add)

    def texel(self, canvas: Size) -> float:
        """The side of a texel on a canvas, pixels."""
        return 1.0 / placed(canvas, self._newest.size, self.frame).across[0]

    def _stretch(self, source: Target, axis: Line, mapping: Line, share: float) -> Program:
        self._enlarge.bind(picture=source.texture)
        self._enlarge.set("axis", axis)
        self._enlarge.set("mapping", mapping)
        self._enlarge.set("share", share)
        return self._enlarge

    def _upload(self, pixels: Picture) -> None:
        """Into the spare texture, so that a torn picture spoils neither of those on show."""
        size = (pixels.shape[1], pixels.shape[0])
        if self._spare.size != size:
            self._spare.release()
            self._spare = self._texture(size)
        self._way_up.write(self._spare, pixels)

    def _accept(self, header: Header) -> None:
        old = self.header
        cut = old is None or (old.width, old.height, old.scene) != (
            header.width,
            header.height,
            header.scene,
        )
        self._spare, self._previous, self._newest = self._previous, self._newest, self._spare
        self.timeline.push(header.made_at, cut, live=not header.flags & Flag.IDLE)
        self.header = header
        self._count += 1

    def release(self) -> None:
        """Give the textures back."""
        for texture in (self._spare, self._previous, self._newest, self._blended, self._wide):
            texture.release()
        self._surround.release()
        self._way_up.release()

    def _fitted(self, target: Target, size: Size) -> Target:
        if target.size == size:
            return target
        target.release()
        return Target(self._context, size)

    def _texture(self, size: Size) -> moderngl.Texture:
        return self._context.texture(size, 4, internal_format=SRGB8_ALPHA8)


def _plausible(header: Header) -> bool:
    return max(header.width, header.height) <= LARGEST and math.isfinite(header.made_at)
