"""Who has a port that this program wanted: the words that let a person find and end it."""

import contextlib
from typing import Literal

import psutil


def owner(port: int, kind: Literal["tcp", "udp"]) -> str:
    """' by pid 12 (name)' as far as this user may know, else ''."""
    with contextlib.suppress(psutil.Error, OSError):
        for connection in psutil.net_connections(kind=kind):
            takes = kind == "udp" or connection.status == psutil.CONN_LISTEN
            if takes and connection.pid and connection.laddr and connection.laddr.port == port:
                return f" by pid {connection.pid} ({psutil.Process(connection.pid).name()})"
    return ""
