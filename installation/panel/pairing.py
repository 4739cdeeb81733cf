"""Who may do what from another machine: a code that is shown on the spot, a cookie that lasts.

Each role has a code of six digits, new with every run. Whoever types one in gets a cookie that is
signed with a key of this machine (HMAC-SHA256, RFC 2104); so it holds over restarts, and deleting
the key's file lets nobody in any more. Wrong codes cost time: five from one machine, and each
further one doubles its wait; fifty an hour from all machines together. A device can be forgotten:
its cookie is good no more, over restarts too. Pure: time comes in, and what is to be kept goes out.
"""

import contextlib
import hmac
import os
import secrets
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from pathlib import Path

COOKIE = "installation"
DIGITS = 6
FREE, WAIT, LONGEST = 5, 30.0, 3600.0  # tries, then seconds, doubled each time, to at most
HOURLY = 50  # wrong codes of all machines
PEERS = 256  # machines whose wrong codes are remembered, and devices that are listed
FORGOTTEN = 1000  # cookies that are remembered as no good; older ones have lapsed by then
KEY_BYTES = 32


class Role(IntEnum):
    """What a device may do; each may also do what those before it may."""

    NOBODY = 0
    VIEWER = 1  # look
    EXPLORER = 2  # keep places and journeys, send them to the wall
    OPERATOR = 3  # steer the show


@dataclass(slots=True)
class _Peer:
    wrong: int = 0
    until: float = 0.0


@dataclass(frozen=True, slots=True)
class Device:
    """A paired device, as it was last seen: from which machine, at which of the loop's seconds."""

    role: Role
    peer: str
    seen: float


Keep = Callable[[Iterable[str]], None]


class Pairing:
    """The codes and cookies of one run, which `run` names. `local` devices need no code.

    `forgotten` are the devices whose cookies are no good; `keep` is told when there are more."""

    def __init__(
        self,
        key: bytes,
        run: str,
        local: bool = True,
        forgotten: Iterable[str] = (),
        keep: Keep = lambda _: None,
    ) -> None:
        self._key, self.local = key, local
        self._forgotten, self._keep = dict.fromkeys(forgotten), keep
        self.devices: dict[str, Device] = {}  # those that came in this run
        self.codes = {role: self._code(role, run) for role in Role if role is not Role.NOBODY}
        self._peers: dict[str, _Peer] = {}
        self._wrong: deque[float] = deque(maxlen=HOURLY)

    def wait(self, peer: str, now: float) -> float:
        """Seconds until `peer` may try a code again, 0 if at once."""
        crowded = len(self._wrong) == HOURLY and now - self._wrong[0] < LONGEST
        all_wait = self._wrong[0] + LONGEST - now if crowded else 0.0
        return max(self._peers.get(peer, _Peer()).until - now, all_wait, 0.0)

    def pair(self, peer: str, code: str, now: float) -> str | None:
        """The cookie for a code; None if it is wrong, or came before its time."""
        if self.wait(peer, now) > 0.0:
            return None
        given = "".join(filter(str.isdigit, code[:20])).encode()
        right = [role for role, known in self.codes.items() if hmac.compare_digest(known, given)]
        if not right:
            self._note(peer, now)
            return None
        self._peers.pop(peer, None)
        return self._signed(right[0], secrets.token_hex(8))

    def role(self, cookie: str) -> Role:
        """Whose cookie it is; NOBODY's if it was not made here, or its device was forgotten."""
        if not cookie.isascii() or len(cookie) > 200:
            return Role.NOBODY
        name = cookie.partition(".")[0]
        role = Role.__members__.get(name.upper(), Role.NOBODY)
        good = hmac.compare_digest(self._signed(role, device_of(cookie)), cookie)
        return role if good and device_of(cookie) not in self._forgotten else Role.NOBODY

    def admit(self, cookie: str, peer: str, now: float) -> Role:
        """As `role`, of a device that is here now."""
        role, device = self.role(cookie), device_of(cookie)
        if role is not Role.NOBODY:
            self.devices.pop(device, None)
            self.devices[device] = Device(role, peer, now)
            while len(self.devices) > PEERS:
                self.devices.pop(next(iter(self.devices)))
        return role

    def forget(self, device: str) -> bool:
        """Let a device in no more; False if it has not been here."""
        if self.devices.pop(device, None) is None:
            return False
        self._forgotten[device] = None
        while len(self._forgotten) > FORGOTTEN:
            self._forgotten.pop(next(iter(self._forgotten)))
        self._keep(self._forgotten)
        return True

    def words(self) -> str:
        """The codes, to be shown where only those can read them who may."""
        return "\n".join(f"{role.name.lower():9}{spaced(c)}" for role, c in self.codes.items())

    def _note(self, peer: str, now: float) -> None:
        if len(self._peers) >= PEERS:
            self._peers.pop(next(iter(self._peers)))
        one = self._peers.setdefault(peer, _Peer())
        one.wrong += 1
        if one.wrong >= FREE:
            one.until = now + min(WAIT * 2.0 ** min(one.wrong - FREE, 20), LONGEST)
        self._wrong.append(now)

    def _signed(self, role: Role, salt: str) -> str:
        body = f"{role.name.lower()}.{salt}"
        return f"{body}.{self._digest(body).hex()}"

    def _code(self, role: Role, run: str) -> bytes:
        number = int.from_bytes(self._digest(f"{role.name} {run}")[:8], "big")
        return str(number % 10**DIGITS).zfill(DIGITS).encode()

    def _digest(self, text: str) -> bytes:
        return hmac.new(self._key, text.encode(), sha256).digest()


def device_of(cookie: str) -> str:
    """The name of the device that a cookie was made for."""
    return cookie.partition(".")[2].partition(".")[0]


def spaced(code: bytes) -> str:
    """`481516` as `481 516`."""
    return f"{code[:3].decode()} {code[3:].decode()}"


def machine_key(folder: str) -> bytes:
    """This machine's key, made at the first use; one for this process alone where none can be
    kept."""
    fresh = secrets.token_bytes(KEY_BYTES)
    if not folder:
        return fresh
    file = Path(folder) / "panel.key"
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(fresh)
    with contextlib.suppress(OSError):
        kept = file.read_bytes()
        return kept if len(kept) == KEY_BYTES else fresh
    return fresh
