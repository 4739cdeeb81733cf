"""The wall's picture from the stage to the outputs process, as long as one wants it.

It costs the stage a copy out of the graphics card's pixel buffer, a frame late, and nothing else:
the ring is written and never waited for.
"""

import logging

import moderngl

from installation.frames.header import Header
from installation.frames.ring import RingWriter
from installation.outputs.readback import Readback, Size
from installation.outputs.wanted import Wanted

log = logging.getLogger("stage")


class Feed:
    """Writes the finished canvas into a ring, with the time it was presented at."""

    def __init__(self, context: moderngl.Context, frames: memoryview, wanted: memoryview) -> None:
        self._context = context
        self._writer, self._wanted = RingWriter(frames), Wanted(wanted)
        self._readback: Readback | None = None
        self._asked: tuple[float, Size] | None = None
        self._due, self._complained = 0.0, False
        self._of: moderngl.Framebuffer | None = None
        self._count = 0

    def step(self, now: float, canvas: moderngl.Framebuffer, size: Size) -> None:
        """Publish what was presented at the last step; ask for what was presented at `now`."""
        if self._asked:
            self._publish(*self._asked)
            self._asked = None
        rate = self._wanted.read()
        if rate <= 0.0 or now < self._due - 0.25 / rate or not self._fits(size):
            return
        self._due = max(self._due + 1.0 / rate, now)
        self._reader(canvas).ask()
        self._asked = now, size

    def release(self) -> None:
        """Give the graphics memory back."""
        self._asked = None
        if self._readback:
            self._readback.release()
            self._readback = self._of = None

    def _reader(self, canvas: moderngl.Framebuffer) -> Readback:
        if self._readback is None or self._of is not canvas:
            self.release()
            self._readback, self._of = Readback(self._context, canvas), canvas
        return self._readback

    def _publish(self, at: float, size: Size) -> None:
        if self._readback:
            self._count += 1
            self._readback.take(self._writer.frame(*size))
            self._writer.publish(Header(*size, index=self._count, made_at=at))

    def _fits(self, size: Size) -> bool:
        fits = size[0] * size[1] * 4 <= self._writer.capacity
        if not fits and not self._complained:
            self._complained = True
            log.error("a canvas of %dx%d is too large to be sent or recorded", *size)
        return fits
