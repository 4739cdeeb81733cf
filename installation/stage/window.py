"""Where the picture is shown: windows on screens, or nowhere at all. A layer thin enough to read.

`open_surface` never fails where OpenGL itself works: without a display it falls back to headless
and says so, because a supervisor that restarts a stage for ever shows nothing either.
"""

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import moderngl

from installation.errors import DeviceError
from installation.outputs.readback import Size
from installation.session import SHADERS, Session
from installation.show.outputs import only
from installation.show.schema import Show
from installation.stage.gl import headless_context
from installation.stage.mapping import Warp
from installation.stage.pacer import RATE

HEADLESS_SIZE = (640, 360)
SOFTWARE_AREA = 640 * 360  # pixels a processor finishes at 30 fps while it also runs a network

Stroke = Callable[[str, bool], None]  # a key's lower-case name, and whether it went down


@dataclass(frozen=True, slots=True)
class Mark:
    """The point that the calibration moves: of which window, and where in parts of it."""

    window: int
    point: tuple[float, float]


class Surface(Protocol):
    """A place to show frames on. All calls come from the thread that made it."""

    context: moderngl.Context
    rate: float  # presents a second it wants
    vsync: bool  # whether `present` is believed to wait for the display
    close_asked: bool  # somebody pressed a window's close button
    shown: bool  # whether anybody can see it

    @property
    def name(self) -> str:
        """What a person calls it."""
        ...

    @property
    def size(self) -> Size:
        """Pixels of the canvas it wants."""
        ...

    @property
    def sizes(self) -> list[Size]:
        """Pixels of each window."""
        ...

    def events(self, stroke: Stroke) -> None:
        """Pass on the keys that moved since the last call."""
        ...

    def warp(self, warps: Sequence[Warp]) -> None:
        """Lay the picture another way, window by window."""
        ...

    def present(self, picture: moderngl.Texture, mark: Mark | None = None) -> None:
        """Show the canvas, and the calibration's mark over it."""
        ...

    def clear(self, colour: tuple[float, float, float]) -> None:
        """Show one colour, sRGB, 0 to 1."""
        ...

    def close(self) -> None: ...


class HeadlessSurface:
    """No window: frames are drawn, measured and previewed, but shown to nobody.

    Raises DeviceError when there is no OpenGL at all."""

    rate = RATE
    vsync = False
    close_asked = False
    shown = False

    def __init__(self, size: Size = HEADLESS_SIZE) -> None:
        self.context = headless_context()
        self.size = size
        self.sizes: list[Size] = []
        self.name = f"headless {size[0]}x{size[1]}"

    def events(self, stroke: Stroke) -> None:
        """Nobody types here."""

    def warp(self, warps: Sequence[Warp]) -> None:
        """Nothing is projected."""

    def present(self, picture: moderngl.Texture, mark: Mark | None = None) -> None:
        """Wait until the frame is drawn, as a display would."""
        self.context.finish()

    def clear(self, colour: tuple[float, float, float]) -> None:
        """Nobody sees it."""

    def close(self) -> None:
        """Give the context back."""
        self.context.release()


def open_surface(show: Show, session: Session, asked: Size | None, log: logging.Logger) -> Surface:
    """The windows that show.yaml describes, or a headless surface of the `asked` size."""
    windows = only(show.outputs)
    if windows and not session.headless:
        try:
            from installation.stage.windows import Windows  # 0.1 s, only if needed

            folder = Path(session.show_folder)
            return Windows(windows, show.title, folder, SHADERS, show.canvas, log)
        except DeviceError as error:
            log.error("%s; going on without a window, the picture is on the panel", error)
    return HeadlessSurface(asked or show.canvas or HEADLESS_SIZE)


def canvas_size(window: Size, software: bool, asked: Size | None) -> Size:
    """How large to paint: as the windows want it, as asked, or as software can bear."""
    if asked:
        return asked
    area = window[0] * window[1]
    if not software or area <= SOFTWARE_AREA:
        return window
    scale = math.sqrt(SOFTWARE_AREA / area)
    return 2 * round(window[0] * scale / 2), 2 * round(window[1] * scale / 2)
