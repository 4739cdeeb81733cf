"""The small picture for the panel: what is on the wall, twelve times a second, while one watches.

It goes to the desk as RGBA in shared memory; the panel makes JPEGs of it on its own time.
"""

from collections.abc import Callable

import moderngl

from installation.frames.header import Header
from installation.frames.ring import RingWriter
from installation.outputs.readback import Readback, Size

RATE = 12.0  # pictures a second
WIDEST = 480  # pixels

Draw = Callable[[moderngl.Framebuffer, Size], None]


class Preview:
    """Writes the wall's picture into a ring. Rows run from the top."""

    def __init__(self, context: moderngl.Context, view: memoryview, canvas: Size) -> None:
        self._writer = RingWriter(view)
        self.size = preview_size(canvas)
        self._texture = context.texture(self.size, 4)
        self._framebuffer = context.framebuffer([self._texture])
        self._readback = Readback(context, self._framebuffer)
        self._due = 0.0
        self._made_at: float | None = None
        self._count = 0

    def step(self, now: float, watchers: float, draw: Draw) -> None:
        """Publish the picture drawn at the last step and draw the next, if one is due.

        `draw` puts the wall's picture onto a framebuffer of a size."""
        if self._made_at is not None:
            self._publish(self._made_at)
            self._made_at = None
        if watchers <= 0 or now < self._due:
            return
        self._due = now + 1.0 / RATE
        draw(self._framebuffer, self.size)
        self._readback.ask()
        self._made_at = now

    def release(self) -> None:
        """Give the graphics memory back."""
        for part in (self._readback, self._framebuffer, self._texture):
            part.release()

    def _publish(self, made_at: float) -> None:
        self._count += 1
        self._readback.take(self._writer.frame(*self.size))
        self._writer.publish(Header(*self.size, index=self._count, made_at=made_at))


def preview_size(canvas: Size) -> Size:
    """The canvas's shape, at most WIDEST pixels wide."""
    width = min(canvas[0], WIDEST)
    return width, max(round(width * canvas[1] / canvas[0]), 1)
