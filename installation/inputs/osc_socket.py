"""The UDP socket of the OSC input, and words for why it is not to be had."""

import contextlib
import errno
import logging
import select
import socket

from installation.clock import Clock
from installation.ports import owner

Datagram = tuple[bytes, str, float]  # its sender's address, and when it came, monotonic seconds

# None of 100 000 messages a second lost; with the usual 208 KiB a third of 50 000 was.
RECEIVE_BYTES = 4 * 1024 * 1024
BATCH_BYTES = 4 * 1024 * 1024  # most that `waiting` takes at once
MAPPED = "::ffff:"  # what a socket for both versions of IP writes before an IPv4 address
OVERHEAD = 200  # bytes a datagram takes beside its own

_log = logging.getLogger("osc")


def listening(listen: str, port: int) -> socket.socket:
    """A socket bound to `listen` and `port`, with room for bursts. Raises OSError."""
    family, kind, protocol, _, address = socket.getaddrinfo(listen, port, type=socket.SOCK_DGRAM)[0]
    opened = socket.socket(family, kind, protocol)
    try:
        _make_room(opened)
        opened.bind(address)
        opened.setblocking(False)
    except OSError:
        opened.close()
        raise
    return opened


def _make_room(opened: socket.socket) -> None:
    with contextlib.suppress(OSError):  # macOS refuses what Linux cuts down
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
    given = opened.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
    if given < RECEIVE_BYTES:
        _log.info(
            "the system allows %d KiB for received packets, long bursts may be lost; "
            "sysctl -w net.core.rmem_max=%d gives them room",
            given // 1024,
            RECEIVE_BYTES,
        )


def waiting(opened: socket.socket, size: int, timeout: float, clock: Clock) -> list[Datagram]:
    """All datagrams that wait, or none after `timeout` seconds; each cut to `size` bytes.

    Taking them all before any is decoded is what saves a burst: the system's memory holds some
    10 000 small datagrams, taking one costs 2 us and decoding it 10. Raises OSError."""
    select.select([opened], [], [], timeout)
    taken: list[Datagram] = []
    room = BATCH_BYTES
    with contextlib.suppress(BlockingIOError):
        while room > 0:
            data, sender = opened.recvfrom(size)
            taken.append((data, sender[0].removeprefix(MAPPED), clock.now()))
            room -= len(data) + OVERHEAD
    return taken


def reason(error: Exception, listen: str, port: int) -> str:
    """What keeps the socket from opening, and what to do about it, in one line."""
    if not isinstance(error, OSError):
        return f"OSC failed: {error!r}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"OSC port {port} is taken{owner(port, 'udp')}; end that program "
            "or give inputs.osc.port another number"
        )
    return f"OSC cannot listen on {listen} port {port}: {error.strerror}; check inputs.osc.listen"
