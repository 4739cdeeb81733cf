"""Where the picture is shown: a window on a screen, or nowhere at all. A layer thin enough to read.

`open_surface` never fails where OpenGL itself works: without a display it falls back to headless
and says so, because a supervisor that restarts a stage for ever shows nothing either.
"""

import logging
import math
from collections.abc import Callable
from typing import Protocol

import moderngl

from installation.errors import DeviceError
from installation.outputs.readback import Size
from installation.show.schema import Window
from installation.stage.gl import headless_context
from installation.stage.pacer import RATE

HEADLESS_SIZE = (640, 360)
SOFTWARE_AREA = 640 * 360  # pixels a processor finishes at 30 fps while it also runs a network

Stroke = Callable[[str, bool], None]  # a key's lower-case name, and whether it went down


class Surface(Protocol):
    """A place to show frames on. All calls come from the thread that made it."""

    context: moderngl.Context
    name: str  # what a person calls it
    rate: float  # presents a second it wants
    vsync: bool  # whether `flip` is believed to wait for the display
    close_asked: bool  # somebody pressed the window's close button

    @property
    def size(self) -> Size: ...

    @property
    def screen(self) -> moderngl.Framebuffer | None:
        """What to draw on; None when nothing is shown."""
        ...

    def events(self, stroke: Stroke) -> None:
        """Pass on the keys that moved since the last call."""
        ...

    def flip(self) -> None:
        """Present what was drawn."""
        ...

    def close(self) -> None: ...


class HeadlessSurface:
    """No window: frames are drawn, measured and previewed, but shown to nobody.

    Raises DeviceError when there is no OpenGL at all."""

    rate = RATE
    vsync = False
    close_asked = False
    screen = None

    def __init__(self, size: Size = HEADLESS_SIZE) -> None:
        self.context = headless_context()
        self.size = size
        self.name = f"headless {size[0]}x{size[1]}"

    def events(self, stroke: Stroke) -> None:
        """Nobody types here."""

    def flip(self) -> None:
        """Wait until the frame is drawn, as a display would."""
        self.context.finish()

    def close(self) -> None:
        """Give the context back."""
        self.context.release()


def open_surface(
    window: Window, title: str, headless: bool, asked: Size | None, log: logging.Logger
) -> Surface:
    """The window that show.yaml describes, or a headless surface of the `asked` size."""
    if not headless:
        try:
            from installation.stage.pyglet_window import PygletWindow  # 0.1 s, only if needed

            return PygletWindow(window, title, log)
        except DeviceError as error:
            log.error("%s; going on without a window, the picture is on the panel", error)
    return HeadlessSurface(asked or HEADLESS_SIZE)


def canvas_size(window: Size, software: bool, asked: Size | None) -> Size:
    """How large to paint for a window: as large as it is, as asked, or as software can bear."""
    if asked:
        return asked
    area = window[0] * window[1]
    if not software or area <= SOFTWARE_AREA:
        return window
    scale = math.sqrt(SOFTWARE_AREA / area)
    return 2 * round(window[0] * scale / 2), 2 * round(window[1] * scale / 2)
