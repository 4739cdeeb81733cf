"""A window through pyglet 2.1, on X11 (or XWayland), Windows and macOS.

Two things are done by hand. `fullscreen=True` lands on the first screen whatever it is told (pyglet
issues 763 and 1330), so on X11 a borderless window is placed over the chosen screen, and looked at
afterwards. And closing the window closes nothing: a visitor's Alt-F4 must not end the show. It is
shown how to leave instead: by holding the key that quits.
"""

import logging
import sys
from typing import TYPE_CHECKING

import moderngl
import pyglet

from installation.errors import DeviceError
from installation.outputs.readback import Size
from installation.show.outputs import Window
from installation.stage.gl import is_software
from installation.stage.monitors import Monitor
from installation.stage.pacer import RATE

if TYPE_CHECKING:  # without a display, importing pyglet.window can fail
    from pyglet.display.base import Screen
    from pyglet.window import BaseWindow

pyglet.options.debug_gl = False  # it raises in the window for what moderngl left
pyglet.options.shadow_window = False  # it would want a display as soon as pyglet.window is imported
_HANDLED = pyglet.event.EVENT_HANDLED
BORDERLESS = sys.platform == "linux"  # elsewhere only real full screen gets vsync


class PygletWindow:
    """A window that show.yaml describes, on `monitor`; hidden as long as that is None.

    Raises DeviceError if it cannot be opened.
    Its context shares textures with those of the windows opened before it. Only the window that
    paces waits for its display: two that did would halve the rate (pyglet issue 1082)."""

    def __init__(
        self, wanted: Window, monitor: Monitor | None, title: str, paces: bool, log: logging.Logger
    ) -> None:
        self.wanted, self._log = wanted, log
        self.monitor = monitor
        self._strokes: list[tuple[str, bool]] = []
        self._down: set[str] = set()
        self.close_asked = False
        self._window = _opened(wanted, monitor, title)
        self._window.push_handlers(
            self.on_close, self.on_key_press, self.on_key_release, self.on_text, self.on_deactivate
        )
        self.context = moderngl.create_context(require=330)
        self.vsync = paces and not is_software(self.context)
        self._window.set_vsync(self.vsync)
        mode = self._window.screen.get_mode()
        self.rate = float(mode.rate) if mode and mode.rate else RATE
        self._complained = False
        if monitor:
            self.place(monitor)

    @property
    def name(self) -> str:
        """What a person calls it."""
        kind = "full screen" if self.wanted.fullscreen else "window"
        where = self.monitor
        lit = f"{where.name} {where.width}x{where.height}" if where else "unplugged"
        return f"screen {self.wanted.screen} ({lit}), {kind}"

    @property
    def size(self) -> Size:
        """Pixels of the framebuffer, which on HiDPI screens are more than the window's."""
        return self._window.get_framebuffer_size()

    @property
    def screen(self) -> moderngl.Framebuffer:
        """The window's back buffer. Its own idea of its size is stale after a resize."""
        return self.context.screen

    @property
    def bound(self) -> bool:
        """Whether it has a fixed place on its monitor, to be kept and looked after."""
        return BORDERLESS and (self.wanted.fullscreen or self.wanted.at is not None)

    def place(self, monitor: Monitor) -> None:
        """Put it where it belongs on `monitor`, and see whether it went there."""
        self.monitor = monitor
        if not self.bound:
            return
        x, y, width, height = geometry(self.wanted, monitor)
        if self._where == (x, y, width, height):
            return
        self._window.set_size(width, height)
        self._window.set_location(x, y)
        self._window.dispatch_events()
        if self._where != (x, y, width, height) and not self._complained:
            self._complained = True  # a window manager may be slow: it is put there again
            self._log.info("the window is at %s, not yet at %s", self._where, (x, y, width, height))

    def hide(self) -> None:
        """Its monitor is gone: show it nowhere, least of all over another window."""
        self.monitor = None
        self._window.set_visible(False)

    def show(self, monitor: Monitor) -> None:
        """Its monitor is back."""
        self._window.set_visible(True)
        self.place(monitor)

    def use(self) -> None:
        """Draw on this one from now on."""
        self._window.switch_to()

    def strokes(self) -> list[tuple[str, bool]]:
        """The keys that moved since the last call: their names, and whether they went down."""
        self._window.switch_to()
        self._window.dispatch_events()
        strokes, self._strokes = self._strokes, []
        return strokes

    def flip(self) -> None:
        """Present what was drawn."""
        self._window.flip()

    def close(self) -> None:
        """Close the window."""
        self._window.close()

    def on_close(self) -> object:
        """Nothing closes the show but holding the key that quits."""
        self.close_asked = True
        return _HANDLED

    def on_key_press(self, symbol: int, modifiers: int) -> object:
        """Handled here, or pyglet would close the window at escape."""
        self._move(key_name(symbol), True)
        return _HANDLED

    def on_key_release(self, symbol: int, modifiers: int) -> object:
        """A key went up; the question mark with any."""
        self._move(key_name(symbol), False)
        self._move("?", False)
        return _HANDLED

    def on_text(self, text: str) -> object:
        """The question mark lies elsewhere on every keyboard: it is known by what it writes."""
        if text == "?":
            self._move("?", True)
        return _HANDLED

    def on_deactivate(self) -> None:
        """Focus is gone, and with it the releases to come: let go of every key."""
        for name in list(self._down):
            self._move(name, False)

    @property
    def _where(self) -> tuple[int, int, int, int]:
        return *self._window.get_location(), *self._window.get_size()

    def _move(self, name: str, pressed: bool) -> None:
        """Repeats of a held key, and releases of keys that were never pressed, go no further."""
        if not name or (name in self._down) is pressed:
            return
        (self._down.add if pressed else self._down.discard)(name)
        self._strokes.append((name, pressed))


def key_name(symbol: int) -> str:
    """pyglet's name in lower case: a, 1, space, right, f1; '' for keys without a name."""
    name = pyglet.window.key.symbol_string(symbol).lower()
    return "" if name.startswith("user_key") else name.removeprefix("_")


def geometry(wanted: Window, monitor: Monitor) -> tuple[int, int, int, int]:
    """Where a bound window lies on the desktop: x, y, width, height."""
    if wanted.fullscreen:
        return monitor.x, monitor.y, monitor.width, monitor.height
    x, y = wanted.at or (0, 0)
    return monitor.x + x, monitor.y + y, *wanted.size


def _opened(wanted: Window, monitor: Monitor | None, title: str) -> "BaseWindow":
    try:
        screens = pyglet.display.get_display().get_screens()
        at = (monitor.x, monitor.y) if monitor else None
        screen = next((each for each in screens if (each.x, each.y) == at), screens[0])
        if wanted.fullscreen or wanted.at:
            return _bare(wanted, monitor, screen, title)
        return pyglet.window.Window(
            *wanted.size,
            caption=title,
            resizable=True,
            screen=screen,
            vsync=False,
            visible=monitor is not None,
            config=_config(),
        )
    except Exception as error:  # pyglet's own, X's, GLX's: all mean that no window is to be had
        raise no_window(wanted.screen, error) from error


def _bare(wanted: Window, monitor: Monitor | None, screen: "Screen", title: str) -> "BaseWindow":
    whole = wanted.fullscreen and not BORDERLESS
    here = monitor or Monitor("", screen.x, screen.y, screen.width, screen.height)
    x, y, width, height = geometry(wanted, here)
    window = pyglet.window.Window(
        width,
        height,
        caption=title,
        style=None if whole else "borderless",
        fullscreen=whole,
        screen=screen,
        vsync=False,
        visible=monitor is not None,
        config=_config(),
    )
    if not whole:
        window.set_location(x, y)
    window.set_mouse_visible(False)
    return window


def no_window(screen: int | str, error: Exception) -> DeviceError:
    """Why there is none, and what to look at."""
    return DeviceError(
        f"screen {screen}: no window ({type(error).__name__}: {error}); is a display "
        "connected and DISPLAY set?"
    )


def _config() -> pyglet.gl.Config:
    return pyglet.gl.Config(
        double_buffer=True, major_version=3, minor_version=3, forward_compatible=True
    )
