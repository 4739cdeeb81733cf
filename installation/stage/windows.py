"""All windows of a show as one surface: each shows its part of the canvas, the first one paces.

A full-screen window belongs to its monitor. While that is unplugged the window is hidden, so that
it covers no other; when it is back, so is the window.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import moderngl

from installation.errors import DeviceError
from installation.outputs.readback import Size
from installation.show.outputs import Window
from installation.stage.mapping import Warp, first_canvas, sides
from installation.stage.masks import read
from installation.stage.monitors import Monitor, Monitors, find
from installation.stage.projection import Projection
from installation.stage.pyglet_window import PygletWindow, no_window
from installation.stage.window import Mark, Stroke

DIM = 0.35  # light of the windows that are not the one being calibrated


class Windows:
    """The windows that show.yaml describes. Raises DeviceError when one cannot be opened."""

    shown = True

    def __init__(
        self,
        wanted: Sequence[Window],
        title: str,
        folder: Path,
        shaders: Path,
        canvas: Size | None,
        log: logging.Logger,
    ) -> None:
        self._log, self._canvas = log, canvas
        self._monitors = Monitors()
        self._lit = self._look()
        self._places = [_Place(each, len(wanted) == 1, self._lit, log) for each in wanted]
        self.windows: list[PygletWindow] = []
        self._views: list[_View] = []
        for index, each in enumerate(wanted):
            window = PygletWindow(
                each, self._places[index].monitor(self._lit), title, not index, log
            )
            mask = read(folder / each.mask, log) if each.mask else None
            self.windows.append(window)
            self._views.append(
                _View(window, Projection(window.context, shaders, each, sides(index, wanted), mask))
            )
        self._first = self.windows[0]
        self._first.use()
        self.context, self.rate = self._first.context, self._first.rate
        self.vsync = self._first.vsync
        self.close_asked = False

    @property
    def name(self) -> str:
        """What a person calls them."""
        return "; ".join(window.name for window in self.windows)

    @property
    def size(self) -> Size:
        """Pixels of the canvas that the windows want."""
        return self._canvas or first_canvas(self._first.size, self._first.wanted)

    @property
    def sizes(self) -> list[Size]:
        """Pixels of each window."""
        return [window.size for window in self.windows]

    def events(self, stroke: Stroke) -> None:
        """Pass on the keys that moved since the last call, and follow the monitors."""
        self._follow()
        for window in self.windows:
            for name, pressed in window.strokes():
                stroke(name, pressed)
            self.close_asked, window.close_asked = self.close_asked or window.close_asked, False
        self._first.use()

    def warp(self, warps: Sequence[Warp]) -> None:
        """Lay the pictures another way, window by window."""
        for view, warp in zip(self._views, warps, strict=True):
            view.warp(warp)
        self._first.use()

    def present(self, picture: moderngl.Texture, mark: Mark | None = None) -> None:
        """Show the canvas. The first window comes last: its flip may wait for the display."""
        for index in reversed(range(len(self.windows))):
            if self.windows[index].monitor:
                self._views[index].present(picture, index, mark)
        if len(self.windows) > 1:
            self._first.use()

    def clear(self, colour: tuple[float, float, float]) -> None:
        """One colour on all of them."""
        for window in reversed(self.windows):
            window.use()
            window.screen.clear(*colour, 1.0)
            window.flip()

    def close(self) -> None:
        """Close the windows."""
        self._monitors.close()
        for window in reversed(self.windows):
            window.close()

    def _look(self) -> tuple[Monitor, ...]:
        try:
            self._monitors.start()
        except Exception as error:  # no display, or one that does not answer
            raise no_window(0, error) from error
        if not self._monitors.lit:
            raise DeviceError("no monitor: no window; is a display connected and DISPLAY set?")
        return self._monitors.lit

    def _follow(self) -> None:
        """Hide the windows whose monitor went, show those whose monitor came."""
        lit, self._lit = self._monitors.lit, self._monitors.lit
        for window, place in zip(self.windows, self._places, strict=True):
            monitor = place.monitor(lit)
            if monitor is window.monitor:
                continue
            if monitor is None:
                self._log.warning("%s is gone; its window waits for it", place.words)
                window.hide()
            elif window.monitor is None:
                self._log.info("%s is there; its window is back", place.words)
                window.show(monitor)
            else:
                window.place(monitor)


class _Place:
    """The monitor a window belongs to, by name once it is known: numbers shift as monitors go."""

    def __init__(
        self, wanted: Window, alone: bool, lit: Sequence[Monitor], log: logging.Logger
    ) -> None:
        found = find(lit, wanted.screen)
        self._bound = wanted.fullscreen or wanted.at is not None
        self._alone = alone
        self._wanted = found.name if found else wanted.screen
        if not found:
            instead = "waiting for it" if self._bound and not alone else "using another"
            names = ", ".join(f"{n} {each.name}" for n, each in enumerate(_ordered(lit)))
            log.error("screen %s is not there (%s); %s", wanted.screen, names, instead)

    @property
    def words(self) -> str:
        return f"screen {self._wanted}"

    def monitor(self, lit: Sequence[Monitor]) -> Monitor | None:
        """Where the window goes: the only window, or one with a frame, goes anywhere rather than
        nowhere."""
        found = find(lit, self._wanted)
        if found or (self._bound and not self._alone):
            return found
        return _ordered(lit)[-1] if lit else None


class _View:
    """One window's projection, and the canvas's texture as its context knows it."""

    def __init__(self, window: PygletWindow, projection: Projection) -> None:
        self._window, self._projection = window, projection
        self._warp: Warp | None = None
        self._known: tuple[int, Size] | None = None
        self._picture: moderngl.Texture | None = None

    def warp(self, warp: Warp) -> None:
        if warp != self._warp:
            self._window.use()
            self._projection.warp(warp)
            self._warp = warp

    def present(self, picture: moderngl.Texture, index: int, mark: Mark | None) -> None:
        window = self._window
        window.use()
        light = DIM if mark and mark.window != index else 1.0
        self._projection.draw(self._here(picture), window.screen, window.size, light=light)
        if mark and mark.window == index:
            self._projection.mark(mark.point, window.screen, window.size)
        window.flip()

    def _here(self, picture: moderngl.Texture) -> moderngl.Texture:
        """Textures are shared between the windows' contexts, moderngl's objects are not."""
        if picture.ctx is self._window.context:
            return picture
        if self._known != (picture.glo, picture.size):
            self._known = (picture.glo, picture.size)
            self._picture = self._window.context.external_texture(
                picture.glo, picture.size, picture.components, 0, picture.dtype
            )
        return self._picture or picture


def _ordered(lit: Sequence[Monitor]) -> list[Monitor]:
    return sorted(lit, key=lambda each: (each.x, each.y))
