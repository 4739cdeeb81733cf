"""How a picture goes from shared memory into a texture: written plainly, or through pixel buffers.

A plain write holds the thread until the driver has its copy of the picture. Through a buffer the
thread copies into memory that the driver keeps for it, and the card fetches it when it likes. Where
the processor draws there is no card to fetch anything, and the buffer is one copy more (0.046
against 0.023 ms for 512x512): there pictures are written plainly.
"""

from typing import Protocol

import moderngl

from installation.frames.ring import Picture
from installation.stage.gl import is_software

BUFFERS = 3  # one is filled, one fetched, one waits: the driver need not make another


class Upload(Protocol):
    """Pictures to textures of their size. `name` is what a person calls the way."""

    name: str

    def write(self, texture: moderngl.Texture, pixels: Picture) -> None:
        """Fill `texture` with uint8 (height, width, 4). `pixels` is read when this returns: what
        happens to it later does not show."""
        ...

    def release(self) -> None:
        """Give the graphics memory back."""
        ...


class PlainUpload:
    """The driver reads the picture where it lies. See Upload."""

    name = "plain"

    def write(self, texture: moderngl.Texture, pixels: Picture) -> None:
        """See Upload."""
        texture.write(pixels)

    def release(self) -> None:
        """See Upload."""


class BufferedUpload:
    """Through a ring of pixel buffers, each given up to the card before it is filled again
    (orphaned: OpenGL 3.3 has no lasting maps). See Upload."""

    name = "pixel buffers"

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._buffers: list[moderngl.Buffer] = []
        self._next = 0

    def write(self, texture: moderngl.Texture, pixels: Picture) -> None:
        """See Upload."""
        if not self._buffers or self._buffers[0].size != pixels.nbytes:
            self.release()
            self._buffers = [self._context.buffer(reserve=pixels.nbytes) for _ in range(BUFFERS)]
        buffer = self._buffers[self._next]
        self._next = (self._next + 1) % BUFFERS
        buffer.orphan()
        buffer.write(pixels)
        texture.write(buffer)

    def release(self) -> None:
        """See Upload."""
        for buffer in self._buffers:
            buffer.release()
        self._buffers.clear()


def upload_for(context: moderngl.Context) -> Upload:
    """The way that suits who draws."""
    return PlainUpload() if is_software(context) else BufferedUpload(context)
