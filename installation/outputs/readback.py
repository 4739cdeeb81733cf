"""Pixels from the graphics card without waiting for it: asked for now, read at the next call."""

import moderngl
import numpy as np
import numpy.typing as npt

Size = tuple[int, int]  # width, height in pixels


class Readback:
    """Reads one framebuffer, a call late, through a pixel buffer."""

    def __init__(self, context: moderngl.Context, framebuffer: moderngl.Framebuffer) -> None:
        self._framebuffer = framebuffer
        width, height = framebuffer.size
        self._buffer = context.buffer(reserve=width * height * 4)
        self._asked = False

    def ask(self) -> None:
        """Start copying what is drawn now; returns before it is done."""
        self._framebuffer.read_into(self._buffer, components=4)
        self._asked = True

    def take(self, pixels: npt.NDArray[np.uint8]) -> bool:
        """Fill `pixels`, uint8 (height, width, 4), with what `ask` asked for last.

        False, and nothing done, before the first `ask`."""
        if self._asked:
            self._buffer.read_into(pixels)
        return self._asked

    def release(self) -> None:
        """Give the buffer back."""
        self._buffer.release()
