"""Which monitors are lit, and where: asked of X four times a second, on a thread of its own.

The thread has its own connection to the display, so that an answer that takes long (a cable being
plugged in holds the X server up) holds no frame. On Windows and macOS the system itself brings a
full screen back, and nothing is asked.
"""

import contextlib
import ctypes
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PERIOD = 0.25  # seconds between two looks; one takes 0.2 ms


@dataclass(frozen=True, slots=True)
class Monitor:
    """A lit monitor: the name of its output and its place on the desktop, in pixels."""

    name: str
    x: int
    y: int
    width: int
    height: int


def find(monitors: Sequence[Monitor], wanted: int | str) -> Monitor | None:
    """A monitor by its number, counted from the left, or by the name of its output."""
    if isinstance(wanted, int):
        ordered = sorted(monitors, key=lambda each: (each.x, each.y))
        return ordered[wanted] if wanted < len(ordered) else None
    return next((each for each in monitors if each.name.lower() == wanted.lower()), None)


class Monitors:
    """The monitors as they were at the last look."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._display = None
        self.lit: tuple[Monitor, ...] = ()

    def start(self) -> None:
        """Look once, and go on looking where that can be done. Raises what pyglet raises."""
        if sys.platform != "linux":
            self.lit = _by_pyglet()
            return
        from pyglet.libs.x11 import xlib

        self._display = xlib.XOpenDisplay(None)
        self.lit = _by_randr(self._display) if self._display else ()
        threading.Thread(target=self._run, name="monitors", daemon=True).start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(PERIOD):
            with contextlib.suppress(Exception):  # the next look comes in a second
                if self._display:
                    self.lit = _by_randr(self._display)


def _by_pyglet() -> tuple[Monitor, ...]:
    import pyglet

    screens = pyglet.display.get_display().get_screens()
    return tuple(Monitor(s.get_monitor_name() or "", s.x, s.y, s.width, s.height) for s in screens)


def _by_randr(display: Any) -> tuple[Monitor, ...]:
    """Of what the server knows already: XRRGetScreenResources would probe every connector."""
    from pyglet.libs.x11 import xlib, xrandr

    root = xlib.XDefaultRootWindow(display)
    resources: Any = xrandr.XRRGetScreenResourcesCurrent(display, root)
    if not resources:
        return ()
    outputs = [resources.contents.outputs[n] for n in range(resources.contents.noutput)]
    found = [_output(xrandr, display, resources, output) for output in outputs]
    xrandr.XRRFreeScreenResources(resources)
    return tuple(monitor for monitor in found if monitor)


def _output(xrandr: Any, display: Any, resources: Any, output: int) -> Monitor | None:
    """The monitor at an output; None where none is lit."""
    info = xrandr.XRRGetOutputInfo(display, resources, output)
    if not info:
        return None
    name = ctypes.string_at(info.contents.name, info.contents.nameLen).decode(errors="replace")
    lit = info.contents.crtc  # 0: an output without a mode, of which X would complain
    crtc = xrandr.XRRGetCrtcInfo(display, resources, lit) if lit else None
    xrandr.XRRFreeOutputInfo(info)
    if not crtc:
        return None
    at = crtc.contents
    monitor = Monitor(name, at.x, at.y, at.width, at.height) if at.mode else None
    xrandr.XRRFreeCrtcInfo(crtc)
    return monitor
