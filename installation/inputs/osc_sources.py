"""Who may send OSC, and how much. Pure: time comes in as an argument.

UDP knows no passwords and a sender's address can be feigned, so this keeps accidents and nuisances
out, not a determined enemy; the network must do that. Nobody is ever answered.
"""

import ipaddress
import math
from collections.abc import Iterable
from dataclasses import dataclass

RATE = 2000  # datagrams a second: thirty times what a performer's hands and a tablet make
KILO = 1024  # bytes; a longer datagram counts once for each. TouchDesigner's bundle of a hundred
# channels at 60 Hz is four of these, 240 a second; 2000 full ones of 8 KiB would cost a core
SOURCES = 32  # senders at once
SILENCE = 60.0  # seconds after which a sender's place is another's
_KEPT = 1024  # addresses whose verdict is remembered


@dataclass(slots=True)
class _Bucket:
    """What a sender may still send; refills with time, up to one second's worth."""

    left: float
    at: float


class Sources:
    """The senders. `allow` are networks, none for everybody; `lock` is the only one heard."""

    def __init__(
        self, allow: Iterable[str] = (), lock: str | None = None, rate: float = RATE
    ) -> None:
        self._networks = [ipaddress.ip_network(network) for network in ([lock] if lock else allow)]
        self._rate = rate
        self._verdicts: dict[str, bool] = {}
        self._buckets: dict[str, _Bucket] = {}
        self.foreign = self.limited = 0  # datagrams of those not allowed; of those too many

    def refusal(self, host: str, size: int, now: float) -> str | None:
        """Why a datagram of `size` bytes from `host` is dropped, None when it is welcome."""
        if not self._welcome(host):
            self.foreign += 1
            return f"from {host}, who may not send (inputs.osc.allow, lock)"
        bucket = self._bucket(host, now)
        if bucket and self._take(bucket, math.ceil(max(size, 1) / KILO), now):
            return None
        self.limited += 1
        if bucket:
            return f"from {host}, more than {self._rate:g} a second (inputs.osc.rate)"
        return f"from {host}, the {SOURCES + 1}th sender; {SOURCES} are heard at once"

    def _welcome(self, host: str) -> bool:
        known = self._verdicts.get(host)
        if known is None:
            if len(self._verdicts) >= _KEPT:
                self._verdicts.clear()
            known = self._verdicts[host] = self._allowed(host)
        return known

    def _allowed(self, host: str) -> bool:
        return not self._networks or within(host, self._networks)

    def _bucket(self, host: str, now: float) -> _Bucket | None:
        """The sender's bucket, a new one for a newcomer; None when there is no place."""
        bucket = self._buckets.get(host)
        if bucket is None and self._has_room(now):
            bucket = self._buckets[host] = _Bucket(self._rate, now)
        return bucket

    def _has_room(self, now: float) -> bool:
        if len(self._buckets) >= SOURCES:
            heard = {name: b for name, b in self._buckets.items() if now - b.at < SILENCE}
            self._buckets = heard
        return len(self._buckets) < SOURCES

    def _take(self, bucket: _Bucket, count: int, now: float) -> bool:
        bucket.left = min(self._rate, bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.left < count:
            return False
        bucket.left -= count
        return True


Networks = Iterable[ipaddress.IPv4Network | ipaddress.IPv6Network]


def within(host: str, networks: Networks) -> bool:
    """Whether `host` is in one of `networks`. An IPv4 address dressed as IPv6 is itself."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address.version == net.version and address in net for net in networks)
