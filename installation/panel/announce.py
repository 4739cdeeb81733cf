"""Tells the network that the panel speaks OSCQuery: `_oscjson._tcp`, and `_osc._udp` for OSC.

DNS-SD over multicast DNS (RFC 6762, 6763), by the library zeroconf, which is an extra. Only when
show.yaml asks for it. On a thread of its own: registering takes a second.
"""

import ipaddress
import logging
import re
import socket
from collections.abc import Iterable
from typing import Any

from installation.inputs.persistent import Persistent

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
        self._line = Persistent("announce", self._announce, self._failed)
        self.error: str | None = None

    def start(self) -> None:
        """Tell it, for as long as the show runs."""
        self._line.start()

    def close(self) -> None:
        """Take it back."""
        self._line.close()

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
            self._line.works()
            self.error = None
            self._line.closing.wait()
        finally:
            registry.close()

    def _failed(self, error: Exception, delay: float) -> bool:
        """No network yet, or a name that is taken, in zeroconf's own words."""
        missing = isinstance(error, ImportError)
        said = " ".join(str(error).split()) or type(error).__name__
        why = "it needs zeroconf: pip install 'installation[discovery]'" if missing else said
        if self.error is None:
            _log.error("the show is not announced: %s", why)
        self.error = f"the show is not announced: {why}"
        return not missing


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
