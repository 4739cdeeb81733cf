"""The panel's door: its TCP socket, words for why it cannot be had, and patience with callers."""

import asyncio
import contextlib
import errno
import socket

from uvicorn.protocols.http.h11_impl import H11Protocol

from installation.ports import owner

SEND_BYTES = 128 * 1024  # a slow phone gets a picture half a second late, not the system's 4 MB
VANISHED = 15_000  # milliseconds until a peer that acknowledges nothing is gone; else 15 minutes
CALLERS = 256  # connections at once, a quarter of the files a process may commonly open
PATIENCE = 5.0  # seconds a caller may take to ask his first question


def listening(listen: str, port: int) -> socket.socket:
    """A TCP socket bound to `listen` and `port`. What it accepts inherits its limits.

    Raises OSError."""
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    opened = socket.create_server((listen, port), family=family, backlog=64)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)
    # asyncio spares its own sockets Nagle's delay, not those of protocol 0: a short word that
    # followed another then waited 40 ms for the peer's acknowledgement.
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, VANISHED)
    return opened


def reason(error: OSError, listen: str, port: int) -> str:
    """What keeps the socket from opening, and what to do about it, in one line."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"panel port {port} is taken{owner(port, 'tcp')}; "
            "end that program or give panel.port another number"
        )
    words = error.strerror or str(error)
    return f"the panel cannot listen on {listen} port {port}: {words}; check panel.listen"


def address(listen: str, port: int) -> str:
    """The URL to open, from this machine or, when bound to all, from its neighbours."""
    host = _outward(listen) if listen in ("0.0.0.0", "::") else listen
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _outward(listen: str) -> str:
    """This machine's address on its network; connecting a UDP socket sends nothing."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # RFC 5737: an address nobody has
        return probe.getsockname()[0]
    return "::1" if ":" in listen else "127.0.0.1"


class Door(H11Protocol):
    """HTTP as uvicorn speaks it, closed to those who come in crowds or stand in it silently."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > CALLERS:
            transport.abort()
        else:
            self.loop.call_later(PATIENCE, self._turn_away)

    def _turn_away(self) -> None:
        if self.cycle is None and self.transport.get_protocol() is self:
            self.transport.abort()
