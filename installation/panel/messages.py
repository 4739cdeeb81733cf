"""What a page may say, read with suspicion. Pure: text and table in, wishes and complaints out."""

import difflib
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from installation.control.parameters import Kind, Scope, Table

PRESSES = 8  # triggers in one message; a finger makes one
ERRORS = 8  # complaints about one message; the ninth teaches nothing new
_SHOWN = 80  # characters of a foreign word that a complaint repeats


@dataclass(slots=True)
class Wishes:
    """What one message asks for. The good parts count although others were refused."""

    sets: dict[str, float] = field(default_factory=dict)
    presses: list[str] = field(default_factory=list)
    watch: bool | None = None
    forget: str = ""  # a paired device
    errors: list[str] = field(default_factory=list)

    def refuse(self, reason: str) -> None:
        """Note why something was not done."""
        if len(self.errors) < ERRORS:
            self.errors.append(reason)


def read(text: str | None, table: Table) -> Wishes:
    """The wishes in `text`; None stands for a message that was no text. Never raises."""
    wishes = Wishes()
    message = _parse(text)
    if not isinstance(message, dict):
        wishes.refuse('a message is a JSON object such as {"set": {"/walk/speed": 0.4}}')
        return wishes
    for key, body in message.items():
        match key:
            case "set":
                _read_sets(body, table, wishes)
            case "press":
                _read_presses(body, table, wishes)
            case "watch" if isinstance(body, bool):
                wishes.watch = body
            case "watch":
                wishes.refuse("watch: true or false")
            case "forget" if isinstance(body, str):
                wishes.forget = body
            case "forget":
                wishes.refuse("forget: a device's name, as /devices.json has it")
            case _:
                wishes.refuse(f"unknown key {_short(key)}; allowed: set, press, watch, forget")
    return wishes


def _parse(text: str | None) -> Any:
    try:
        return json.loads(text or "")
    except (ValueError, RecursionError):  # 64 kB of "[" nests deeper than the parser goes
        return None


def _read_sets(body: Any, table: Table, wishes: Wishes) -> None:
    if not isinstance(body, dict):
        wishes.refuse("set: an object of addresses and numbers")
        return
    for address, value in body.items():
        if not _writable(address, table, wishes):
            continue
        if table[address].kind is Kind.TRIGGER:
            wishes.refuse(f"{address} is a trigger: press it")
        elif (number := _number(value)) is None:
            wishes.refuse(f"{address}: {_short(value)} is no finite number")
        else:
            wishes.sets[address] = number


def _read_presses(body: Any, table: Table, wishes: Wishes) -> None:
    addresses = body if isinstance(body, list) else [body]
    if len(addresses) > PRESSES:
        wishes.refuse(f"press: at most {PRESSES} in one message")
    for address in addresses[:PRESSES]:
        if not _writable(address, table, wishes):
            continue
        if table[address].kind is not Kind.TRIGGER:
            wishes.refuse(f"{address} is no trigger: set it")
        else:
            wishes.presses.append(address)


def _writable(address: Any, table: Table, wishes: Wishes) -> bool:
    if not isinstance(address, str) or address not in table:
        if len(wishes.errors) < ERRORS:  # the search below costs a millisecond
            near = _nearest(str(address)[:_SHOWN], (row.address for row in table))
            wishes.refuse(f"no control {_short(address)}{near}")
        return False
    if table[address].scope is Scope.STATE:
        wishes.refuse(f"{address} is read-only")
        return False
    return True


def _number(value: Any) -> float | None:
    """`value` as a float; None for anything but a finite number or a truth value."""
    try:
        number = float(value) if isinstance(value, int | float) else math.nan
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _nearest(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _short(value: Any) -> str:
    text = json.dumps(value) if not isinstance(value, str) else value
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
