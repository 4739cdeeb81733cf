"""What the run tells systemd, by the protocol of sd_notify(3): datagrams to $NOTIFY_SOCKET.

READY once the wall is lit, a stroke of the watchdog at half its interval while the run is in hand,
a sentence for `systemctl status`, STOPPING at the end. Without systemd nothing is sent. Sending
never waits and never raises: a deaf systemd must not stop a show.
"""

import contextlib
import socket
from collections.abc import MutableMapping

_VARIABLES = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


class Notifier:
    """`address` is a path or, after an @, an abstract name; '' for nobody. `watchdog` in seconds,
    0 for none."""

    def __init__(self, address: str = "", watchdog: float = 0.0) -> None:
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._half = watchdog / 2
        self._due = 0.0
        self._status = ""
        self._ready = False

    @classmethod
    def from_environment(cls, environment: MutableMapping[str, str], pid: int) -> "Notifier":
        """The one systemd asked for. Its variables are taken out: no child speaks for the run."""
        address, usec, whom = (environment.pop(name, "") for name in _VARIABLES)
        ours = not whom or whom == str(pid)
        return cls(address, int(usec) / 1e6 if ours and usec.isdigit() else 0.0)

    def ready(self) -> None:
        """The wall is lit. Said once."""
        if not self._ready:
            self._ready = True
            self._send("READY=1")

    def alive(self, now: float) -> None:
        """The run is in hand at `now`: stroke the watchdog when it is time to."""
        if self._half and now >= self._due:
            self._due = now + self._half
            self._send("WATCHDOG=1")

    def status(self, words: str) -> None:
        """One line for `systemctl status`; sent when it changes."""
        if words != self._status:
            self._status = words
            self._send(f"STATUS={words}")

    def stopping(self) -> None:
        """The run ends."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
            door.setblocking(False)
            door.sendto(message.encode(), self._address)
