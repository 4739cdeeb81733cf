"""Whether an X display answers, asked of its socket: Xlib would end this process on a bad one.

A stage that wanted a window and found no display shows its picture to nobody. When the display is
there (the desktop has started, the cable is back in) it ends, and its successor opens the window.
"""

import os
import socket
from pathlib import Path

PERIOD = 1.0  # seconds between two looks; one takes 30 us

_SOCKETS = Path("/tmp/.X11-unix")


def reachable(display: str) -> bool:
    """Whether a server listens for a local display such as `:0`."""
    host, _, rest = display.partition(":")
    number = rest.split(".")[0]
    if host not in ("", "unix") or not number.isdigit() or not hasattr(socket, "AF_UNIX"):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.setblocking(False)
        return door.connect_ex(str(_SOCKETS / f"X{number}")) == 0


class Awaited:
    """Looks out for a display that was not there at the start. `wanted`: a window was."""

    def __init__(self, wanted: bool, display: str | None = None) -> None:
        self._display = os.environ.get("DISPLAY", "") if display is None else display
        self._missing = wanted and not reachable(self._display)
        self._due = 0.0

    def came(self, now: float) -> bool:
        """Whether it is there now. `now` in monotonic seconds."""
        if not self._missing or now < self._due:
            return False
        self._due = now + PERIOD
        return reachable(self._display)
