"""What an OSC message means for the parameter table. Pure: time comes in as an argument."""

import math
from collections.abc import Callable, Iterable

from installation.control.parameters import Kind, Parameter, Scope, Table
from installation.inputs.osc_wire import Argument, Message, Refused
from installation.inputs.protocol import Update

SEQUENCE = "/start-sequence"  # as Marrow is told: the names of journeys, commas between them
PADS = {"/steer": ("/steer/x", "/steer/y")}  # a tablet's XY pad sends both values in one message
REARM = 1.0  # seconds of silence after which a held trigger counts as let go: releases get lost,
# and many buttons send none; TouchDesigner repeats a held channel 60 times a second

Args = tuple[Argument, ...]
_Reader = Callable[[Args, float], list[Update]]


class UnknownAddressError(Exception):
    """A message is for an address nobody has."""


class Controls:
    """The addresses OSC may steer: the table's writable rows, and raw ones that routes listen to.

    A raw address takes any finite number, unclamped; where the table has that address too, the
    table's reading of the value holds."""

    def __init__(self, table: Table, raw: Iterable[str]) -> None:
        self._readers: dict[str, _Reader] = {address: _raw_reader(address) for address in raw}
        self._readers |= {address: _pad_reader(parts) for address, parts in PADS.items()}
        self._readers[SEQUENCE] = _words_reader(SEQUENCE)
        self._readers |= {row.address: _reader(row) for row in table}
        for name, address in table.inner_names.items():
            self._readers[name] = self._readers[address]

    def read(self, message: Message, now: float) -> list[Update]:
        """The updates in `message`, received at `now`; none while a trigger is merely held.

        Raises Refused when the value does not suit, UnknownAddressError for nobody's address."""
        reader = self._readers.get(message.address)
        if reader is None:
            raise UnknownAddressError(f"no control {message.address[:60]!r}")
        try:
            return reader(message.args, now)
        except Refused as reason:
            raise Refused(f"{message.address[:60]}: {reason}") from reason


def _reader(row: Parameter) -> _Reader:
    if row.scope is Scope.STATE:
        return _refuse_to_write
    if row.kind is Kind.TRIGGER:
        return _Button(row.address)
    if row.kind is Kind.CHOICE:
        return _choice_reader(row)
    return _raw_reader(row.address)


def _raw_reader(address: str) -> _Reader:
    def read(args: Args, now: float) -> list[Update]:
        return [Update(address, number(only(args)), now)]

    return read


def _words_reader(address: str) -> _Reader:
    def read(args: Args, now: float) -> list[Update]:
        value = only(args)
        if not isinstance(value, str):
            raise Refused(f"{value}, text expected")
        return [Update(address, 1.0, now, press=True, text=value)]

    return read


def _pad_reader(addresses: tuple[str, ...]) -> _Reader:
    def read(args: Args, now: float) -> list[Update]:
        if len(args) != len(addresses):
            raise Refused(f"{len(args)} values, {len(addresses)} expected")
        pairs = zip(addresses, args, strict=True)
        return [Update(address, number(value), now) for address, value in pairs]

    return read


def _choice_reader(row: Parameter) -> _Reader:
    places, known = {name: place for place, name in enumerate(row.choices)}, ", ".join(row.choices)

    def read(args: Args, now: float) -> list[Update]:
        value = only(args)
        if isinstance(value, str):
            if value not in places:
                raise Refused(f"no choice {value[:60]!r}; there are {known}"[:200])
            value = places[value]
        return [Update(row.address, number(value), now)]

    return read


def _refuse_to_write(args: Args, now: float) -> list[Update]:
    raise Refused("is read-only")


class _Button:
    """A trigger: pressed by a message without a value, or by a value rising above zero."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._high = False
        self._heard = -math.inf

    def __call__(self, args: Args, now: float) -> list[Update]:
        high = bool(args) and number(only(args)) > 0
        held = self._high and now - self._heard < REARM
        self._high, self._heard = high, now
        pressed = not args or (high and not held)
        return [Update(self._address, 1.0, now, press=True)] if pressed else []


def only(args: Args) -> Argument:
    """The one value of a message that must have one. Raises Refused."""
    if len(args) != 1:
        raise Refused(f"{len(args)} values, 1 expected")
    return args[0]


def number(value: Argument) -> float:
    """`value` as a finite number; true is 1. Raises Refused."""
    if isinstance(value, str):
        raise Refused("text, a number expected")
    if not math.isfinite(value):
        raise Refused(f"{value} is no finite number")
    return float(value)
