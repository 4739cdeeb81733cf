"""MIDI messages to what a hand did: which knob or key, and how far. Pure.

MIDI 1.0 Detailed Specification (MIDI Association, 1996). A knob has a name that people can write:

    cc/1/74     controller 74 on channel 1, 0 to 127          note/1/36     a key or pad
    cc14/1/7    controllers 7 and 39 as one of 14 bits        program/1/5   a program change
    nrpn/1/640  a parameter of 14 bits                        bend/1        pitch bend, 14 bits
    pressure/1  channel pressure
"""

from collections.abc import Iterator
from dataclasses import dataclass

NOTE_OFF, NOTE_ON, CONTROL, PROGRAM, PRESSURE, BEND = 0x80, 0x90, 0xB0, 0xC0, 0xD0, 0xE0
FINE = 32  # controllers 32 to 63 are the fine parts of 0 to 31
DATA, DATA_FINE = 6, 38
NRPN_FINE, NRPN, RPN_FINE, RPN = 98, 99, 100, 101
WORDS = frozenset((DATA, DATA_FINE, NRPN_FINE, NRPN, RPN_FINE, RPN))  # parts of longer messages


@dataclass(frozen=True, slots=True)
class Moved:
    """A knob stands at `value`, 0 to 1, since `at`, monotonic seconds; `raw` is what it sent.

    A `key` (note, program) is pressed with a value above 0, let go with 0."""

    knob: str
    value: float
    raw: int
    at: float
    key: bool = False


class Decoder:
    """Reads what one port sends, message by message."""

    def __init__(self) -> None:
        self._coarse: dict[str, int] = {}  # the newest coarse part of each pair
        self._parameter: dict[int, tuple[int, int]] = {}  # by channel, -1 while none is chosen
        self._fine: set[str] = set()  # parameters whose fine part is sent, too

    def read(self, message: bytes, at: float) -> list[Moved]:
        """What was moved; nothing for other messages, whatever the bytes are."""
        if len(message) < 2 or not 0x80 <= message[0] < 0xF0 or max(message[1:]) > 127:
            return []
        kind, channel, a = message[0] & 0xF0, (message[0] & 0x0F) + 1, message[1]
        if kind == PROGRAM:
            return [Moved(f"program/{channel}/{a}", 1.0, a, at, key=True)]
        if kind == PRESSURE:
            return [Moved(f"pressure/{channel}", a / 127, a, at)]
        if len(message) != 3:
            return []
        return list(self._three(kind, channel, a, message[2], at))

    def _three(self, kind: int, channel: int, a: int, b: int, at: float) -> Iterator[Moved]:
        if kind in (NOTE_ON, NOTE_OFF):
            velocity = b if kind == NOTE_ON else 0
            yield Moved(f"note/{channel}/{a}", velocity / 127, velocity, at, key=True)
        elif kind == BEND:
            yield _fourteen(f"bend/{channel}", b, a, at)
        elif kind == CONTROL:
            yield Moved(f"cc/{channel}/{a}", b / 127, b, at)
            yield from self._long(channel, a, b, at)

    def _long(self, channel: int, number: int, b: int, at: float) -> Iterator[Moved]:
        """A controller's message as a part of a pair or of a parameter's."""
        if number in (NRPN, NRPN_FINE):
            high, low = self._parameter.get(channel, (-1, -1))
            self._parameter[channel] = (b, low) if number == NRPN else (high, b)
        elif number in (RPN, RPN_FINE):
            self._parameter.pop(channel, None)
        elif number in (DATA, DATA_FINE) and min(self._parameter.get(channel, (-1, -1))) >= 0:
            yield from self._data(channel, number, b, at)
        elif number < FINE:
            self._coarse[f"cc14/{channel}/{number}"] = b
        elif (name := f"cc14/{channel}/{number - FINE}") in self._coarse:
            yield _fourteen(name, self._coarse[name], b, at)

    def _data(self, channel: int, number: int, b: int, at: float) -> Iterator[Moved]:
        high, low = self._parameter[channel]
        name = f"nrpn/{channel}/{high << 7 | low}"
        if number == DATA_FINE:
            self._fine.add(name)
            yield _fourteen(name, self._coarse.get(name, 0), b, at)
            return
        self._coarse[name] = b
        if name not in self._fine:  # else the fine part is coming, and tells the whole
            yield Moved(name, b / 127, b << 7, at)


def detents(raw: int, how: str) -> int:
    """How many steps an endless encoder was turned, by what it sent (0 to 127).

    `twos`: 1 … 63 up, 127 … 64 down; `offset`: from 64; `sign`: from 0, bit 6 says down."""
    if how == "offset":
        return raw - 64
    if how == "sign":
        return -(raw & 63) if raw & 64 else raw & 63
    return raw - 128 if raw & 64 else raw


def encoded(knob: str, value: float) -> list[bytes]:
    """The messages that bring `knob` to `value`, 0 to 1: for motors, lamps and rings of lamps."""
    kind, channel, *rest = knob.split("/")
    place, number = int(channel) - 1, int(rest[0]) if rest else 0
    seven, (high, low) = round(value * 127), divmod(round(value * 16383), 128)
    match kind:
        case "cc":
            return [bytes((CONTROL | place, number, seven))]
        case "cc14":
            pair = ((number, high), (number + FINE, low))
            return [bytes((CONTROL | place, part, data)) for part, data in pair]
        case "nrpn":
            words = ((NRPN, number >> 7), (NRPN_FINE, number & 127), (DATA, high), (DATA_FINE, low))
            return [bytes((CONTROL | place, part, data)) for part, data in words]
        case "note":
            return [bytes((NOTE_ON | place, number, seven))]
        case "bend":
            return [bytes((BEND | place, low, high))]
    return []


def _fourteen(knob: str, high: int, low: int, at: float) -> Moved:
    raw = high << 7 | low
    return Moved(knob, raw / 16383, raw, at)
