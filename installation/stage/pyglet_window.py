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
from installation.show.schema import Window
from installation.stage.gl import is_software
from installation.stage.pacer import RATE
from installation.stage.window import Stroke

if TYPE_CHECKING:  # without a display, importing pyglet.window can fail
    from pyglet.display.base import Screen
    from pyglet.window import BaseWindow

pyglet.options.shadow_window = False  # it would want a display as soon as pyglet.window is imported
_HANDLED = pyglet.event.EVENT_HANDLED
BORDERLESS = sys.platform == "linux"  # elsewhere only real full screen gets vsync


class PygletWindow:
    """A window that show.yaml describes. Raises DeviceError when it cannot be opened."""

    def __init__(self, wanted: Window, title: str, log: logging.Logger) -> None:
        self._log = log
        self._strokes: list[tuple[str, bool]] = []
        self._down: set[str] = set()
        self.close_asked = False
        self._window = _opened(wanted, title, log)
        self._window.push_handlers(
            self.on_close, self.on_key_press, self.on_key_release, self.on_deactivate
        )
        self.context = moderngl.create_context(require=330)
        self.vsync = not is_software(self.context)
        self._window.set_vsync(self.vsync)
        mode = self._window.screen.get_mode()
        self.rate = float(mode.rate) if mode and mode.rate else RATE
        self.name = _name(wanted, self._window.screen)

    @property
    def size(self) -> Size:
        """Pixels of the framebuffer, which on HiDPI screens are more than the window's."""
        return self._window.get_framebuffer_size()

    @property
    def screen(self) -> moderngl.Framebuffer:
        """The window's back buffer. Its own idea of its size is stale after a resize."""
        return self.context.screen

    def events(self, stroke: Stroke) -> None:
        """Pass on the keys that moved since the last call."""
        self._window.switch_to()
        self._window.dispatch_events()
        strokes, self._strokes = self._strokes, []
        for name, pressed in strokes:
            stroke(name, pressed)

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
        """A key went up."""
        self._move(key_name(symbol), False)
        return _HANDLED

    def on_deactivate(self) -> None:
        """Focus is gone, and with it the releases to come: let go of every key."""
        for name in list(self._down):
            self._move(name, False)

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


def _opened(wanted: Window, title: str, log: logging.Logger) -> "BaseWindow":
    try:
        screens = pyglet.display.get_display().get_screens()
        screen = _chosen(screens, wanted.screen, log)
        if wanted.fullscreen:
            return _full(screen, title, log)
        return _framed(screen, title, wanted.size)
    except Exception as error:  # pyglet's own, X's, GLX's: all mean that no window is to be had
        raise DeviceError(
            f"screen {wanted.screen}: no window ({type(error).__name__}: {error}); is a display "
            "connected and DISPLAY set?"
        ) from error


def _chosen(screens: "list[Screen]", wanted: int, log: logging.Logger) -> "Screen":
    if wanted < len(screens):
        return screens[wanted]
    log.error("screen %d is not there; using the last of %d", wanted, len(screens))
    return screens[-1]


def _framed(screen: "Screen", title: str, size: Size) -> "BaseWindow":
    return pyglet.window.Window(
        *size, caption=title, resizable=True, screen=screen, vsync=False, config=_config()
    )


def _full(screen: "Screen", title: str, log: logging.Logger) -> "BaseWindow":
    window = pyglet.window.Window(
        screen.width,
        screen.height,
        caption=title,
        style="borderless" if BORDERLESS else None,
        fullscreen=not BORDERLESS,
        screen=screen,
        vsync=False,
        config=_config(),
    )
    if BORDERLESS:
        window.set_location(screen.x, screen.y)
        if (place := window.get_location()) != (screen.x, screen.y):
            log.warning("the window is at %s, its screen at %d,%d", place, screen.x, screen.y)
    window.set_mouse_visible(False)
    return window


def _config() -> pyglet.gl.Config:
    return pyglet.gl.Config(
        double_buffer=True, major_version=3, minor_version=3, forward_compatible=True
    )


def _name(wanted: Window, screen: "Screen") -> str:
    kind = "full screen" if wanted.fullscreen else "window"
    return f"screen {wanted.screen} ({screen.width}x{screen.height}), {kind}"
