"""A projector's power by PJLink class 1 (JBMIA, PJLink Specifications 1.04): TCP, port 4352.

The projector greets with `PJLINK 0`, or with `PJLINK 1` and a random number; then MD5 of number
and password goes before the first command. Lines end with CR. One connection does one thing.
"""

import hashlib
import socket

from installation.errors import DeviceError

PORT = 4352
PATIENCE = 5.0  # seconds a projector may take to answer; the standard asks 30 of a patient client
_LONGEST = 136  # bytes of a line, with its end

_ERRORS = {
    "ERR1": "does not know the command",
    "ERR2": "does not take the value",
    "ERR3": "cannot be switched just now: it warms up or cools down",
    "ERR4": "reports a fault of its own",
    "ERRA": "refuses the password",
}
_ON, _WARMING = "1", "3"


class Projector:
    """One projector: a `Switch`."""

    def __init__(self, host: str, port: int = PORT, password: str = "") -> None:
        self.name = f"projector {host}"
        self._place, self._password = (host, port), password

    def turn(self, on: bool) -> None:
        """Switch it, unless it is so already or on its way there. Raises DeviceError."""
        state = self._ask("%1POWR ?")
        if (state in (_ON, _WARMING)) is not on:
            self._ask(f"%1POWR {int(on)}")

    def _ask(self, command: str) -> str:
        """What it answers to one command, after the `=`."""
        try:
            with socket.create_connection(self._place, timeout=PATIENCE) as door:
                prefix = self._greeted(_line(door))
                door.sendall(f"{prefix}{command}\r".encode())
                answer = _line(door)
        except OSError as error:
            raise DeviceError(f"{self.name}: {error.strerror or 'does not answer'}") from None
        head, _, value = answer.partition("=")
        why = _ERRORS.get(value or answer.removeprefix("PJLINK "))
        if why or head.upper() != command[:6]:
            raise DeviceError(f"{self.name}: {why or f'answers {answer[:40]!r}'}")
        return value

    def _greeted(self, greeting: str) -> str:
        """What to write before the first command."""
        words = greeting.split()
        if words[:2] == ["PJLINK", "0"]:
            return ""
        if words[:2] != ["PJLINK", "1"] or len(words) != 3:
            raise DeviceError(f"{self.name}: greets with {greeting[:40]!r}; that is no PJLink")
        if not self._password:
            raise DeviceError(f"{self.name}: wants a password; write it under pjlink")
        return digest(words[2], self._password)


def digest(number: str, password: str) -> str:
    """The answer to a projector's random number."""
    return hashlib.md5((number + password).encode(), usedforsecurity=False).hexdigest()


def _line(door: socket.socket) -> str:
    """One line, without its end. Raises OSError when it is cut off, too long or too slow."""
    line = b""
    while not line.endswith(b"\r"):
        byte = door.recv(1)
        if not byte or len(line) >= _LONGEST:
            raise OSError(0, "hangs up in the middle of a line")
        line += byte
    return line[:-1].decode("utf-8", "replace")
