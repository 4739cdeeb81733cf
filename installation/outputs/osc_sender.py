"""A UDP socket that only speaks. It never waits and never raises; what it cannot send is lost."""

import contextlib
import ipaddress
import logging
import socket
from collections.abc import Sequence

from installation.logs import Guard

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0  # seconds after an error; doubled each time it comes again
_HEARS = 2048  # bytes, the least there is: nothing that is sent back to us is ever read

_log = logging.getLogger("feedback")


class Sender:
    """Sends to `host` (numbers) and `port`. A pause follows an error such as a lost network."""

    def __init__(self, host: str, port: int) -> None:
        self.to = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.sent = self.dropped = 0
        self.error: str | None = None
        self._address = host, port
        self._guard = Guard(_log)
        self._socket: socket.socket | None = None
        self._pause, self._resume_at = 0.0, 0.0

    def send(self, packets: Sequence[bytes], now: float) -> int:
        """How many of `packets` the system took; the first ones."""
        before = self.sent
        if now >= self._resume_at:
            with self._guard(f"sending to {self.to}"):
                self._try(packets, now)
        self.dropped += len(packets) - (self.sent - before)
        return self.sent - before

    def close(self) -> None:
        """Let the socket go."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _try(self, packets: Sequence[bytes], now: float) -> None:
        try:
            self._all(packets)
        except BlockingIOError:
            return  # the system's buffer is full: the next round has newer values
        except OSError as error:
            self._failed(error, now)
            return
        if self.error:
            _log.info("telling %s again", self.to)
        self.error, self._pause = None, 0.0

    def _all(self, packets: Sequence[bytes]) -> None:
        opened = self._socket = self._socket or self._open()
        for data in packets:
            opened.sendto(data, self._address)
            self.sent += 1

    def _open(self) -> socket.socket:
        """Not connected: a program that is not there yet would turn every other packet down."""
        version = ipaddress.ip_address(self._address[0]).version
        family = socket.AF_INET6 if version == 6 else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_DGRAM)
        opened.setblocking(False)
        with contextlib.suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _HEARS)
        return opened

    def _failed(self, error: OSError, now: float) -> None:
        words = error.strerror or str(error)
        if self.error is None:  # once in the log; the panel shows it as long as it lasts
            _log.warning("cannot tell %s: %s; trying on", self.to, words)
        self._pause = min(LONGEST_PAUSE, 2 * self._pause or FIRST_PAUSE)
        self._resume_at = now + self._pause
        self.error = f"OSC feedback to {self.to}: {words}; next try in {self._pause:.0f} s"
        self.close()
