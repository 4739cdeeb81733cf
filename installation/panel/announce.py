"""Tells the network that the panel speaks OSCQuery: `_oscjson._tcp`, and `_osc._udp` for OSC.

DNS-SD over multicast DNS (RFC 6762, 6763), by the library zeroconf, which is an extra. Only when
show.yaml asks for it. On a thread of its own: registering takes a second.
"""

import ipaddress
import logging
import re
import socket
import threading
from collections.abc import Iterable
from typing import Any

from installation.inputs.backoff import Backoff

OSCQUERY, OSC = "_oscjson._tcp.local.", "_osc._udp.local."
LONGEST = 63  # bytes of a service's name (RFC 6763, 4.1.1)

_log = logging.getLogger("panel")


class Announcement:
    """The show `title`, whose panel is at `port` and whose OSC at `osc_port`, None without one.

    `listen` is the panel's own address: on the loopback it is told on this machine only."""

    def __init__(self, title: str, listen: str, port: int, osc_port: int | None) -> None:
        self._name, self._listen = service_name(title), listen
        ports = {OSCQUERY: port, OSC: osc_port}
        self._services = {kind: number for kind, number in ports.items() if number}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="announce", daemon=True)
        self.error: str | None = None

    def start(self) -> None:
        """Tell it, for as long as the show runs."""
        self._thread.start()

    def close(self) -> None:
        """Take it back."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2.0)

    def _run(self) -> None:
        backoff = Backoff()
        while not self._closing.is_set():
            try:
                self._announce()
            except ImportError:
                self._complain("it needs zeroconf: pip install 'installation[discovery]'")
                return
            except Exception as error:  # no network yet, a name that is taken: zeroconf's own
                self._complain(" ".join(str(error).split()) or type(error).__name__)
                self._closing.wait(backoff.next())

    def _announce(self) -> None:
        """Returns when the show ends."""
        from zeroconf import InterfaceChoice, ServiceInfo, Zeroconf

        everywhere = ipaddress.ip_address(self._listen).is_unspecified
        interfaces: Any = InterfaceChoice.All if everywhere else [self._listen]
        registry = Zeroconf(interfaces=interfaces)
        try:
            for kind, port in self._services.items():
                info = ServiceInfo(
                    kind,
                    f"{self._name}.{kind}",
                    port=port,
                    parsed_addresses=list(_addresses(self._listen)),
                )
                registry.register_service(info, allow_name_change=True)
            self.error = None
            self._closing.wait()
        finally:
            registry.close()

    def _complain(self, why: str) -> None:
        if self.error is None:
            _log.error("the show is not announced: %s", why)
        self.error = f"the show is not announced: {why}"


def service_name(title: str) -> str:
    """A title as a service's name: no dots, which part names, and not too long."""
    words = re.sub(r"[^\w \-]", " ", title).strip() or "installation"
    return words.encode()[:LONGEST].decode(errors="ignore")


def _addresses(listen: str) -> Iterable[str]:
    """Where the panel can be found: its own address, or all of this machine's."""
    if not ipaddress.ip_address(listen).is_unspecified:
        return [listen]
    import psutil

    found = [address for each in psutil.net_if_addrs().values() for address in each]
    ours = [a.address for a in found if a.family == socket.AF_INET]
    return [a for a in ours if not ipaddress.ip_address(a).is_loopback] or ["127.0.0.1"]
