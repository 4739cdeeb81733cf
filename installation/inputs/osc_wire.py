"""One UDP datagram to OSC messages, or a reason why not. Pure; safe with anything a network sends.

Open Sound Control 1.0 (Wright and Freed 2002) with the tags T F N I of 1.1. python-osc's reader is
not used: it recurses with the packet, keeps the time tags, logs each fault on the root logger,
completes what is cut short with zeros, and takes twice as long. The limits and a reading without
detours keep a packet near 1 ms: a full bundle of XY pads takes 1.1 on a busy machine.
"""

import re
import struct
from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

MAX_BYTES = 8192
MAX_MESSAGES = 256  # TouchDesigner packs all channels of a cook, often a hundred, in one bundle
MAX_DEPTH = 4
MAX_STRING = 256
MAX_ARGUMENTS = 64

Argument = float | int | bool | str

_BUNDLE = b"#bundle\0"
_BUNDLE_HEAD = 16  # the word and a time tag, which is ignored: what arrives is applied now
_pattern = re.compile(r"[*?\[\]{}]").search

_NUMBERS = {tag: Struct(f">{tag}") for tag in "fd"} | {"i": Struct(">i"), "h": Struct(">q")}
_SIZE = _NUMBERS["i"]
_CONSTANTS = {"T": True, "F": False}
_VALUELESS = "NI"


class Message(NamedTuple):
    """An address and its values. N, I and blobs leave no value, so a bare I is a bare message."""

    address: str
    args: tuple[Argument, ...] = ()


class Refused(Exception):  # noqa: N818 - no error of ours: what a network sends
    """A datagram is not taken; the text says why."""


def decode(datagram: bytes) -> list[Message]:
    """The messages of `datagram`, in order, bundles flattened. Raises only Refused.

    A datagram is taken whole or not at all. Addresses are exact: patterns are refused, since
    matching them lets 44 bytes keep a regular expression busy for seconds."""
    if len(datagram) > MAX_BYTES:
        raise Refused(f"more than {MAX_BYTES} bytes")
    messages: list[Message] = []
    try:
        for data in _elements(datagram, 1):
            if len(messages) == MAX_MESSAGES:
                raise Refused(f"more than {MAX_MESSAGES} messages")
            messages.append(_message(data))
    except struct.error as error:
        raise Refused("cut short") from error
    except UnicodeDecodeError as error:
        raise Refused("text that is not UTF-8") from error
    return messages


def _elements(data: bytes, depth: int) -> Iterator[bytes]:
    """The single messages inside `data`, which is a message or a bundle."""
    if not data.startswith(_BUNDLE):
        yield data
        return
    if depth > MAX_DEPTH:
        raise Refused(f"bundles nested more than {MAX_DEPTH} deep")
    if len(data) < _BUNDLE_HEAD:
        raise Refused("cut short")
    at = _BUNDLE_HEAD
    while at < len(data):
        (size,) = _SIZE.unpack_from(data, at)
        at += _SIZE.size
        if not 0 < size <= len(data) - at:
            raise Refused("a bundle element of a wrong size")
        element = data[at : at + size]
        if element.startswith(_BUNDLE):
            yield from _elements(element, depth + 1)
        else:
            yield element
        at += size


def _message(data: bytes) -> Message:
    if not data.startswith(b"/"):
        raise Refused("neither a message nor a bundle")
    address, at = _string(data, 0)
    if _pattern(address):
        raise Refused("an address pattern")
    if at == len(data):
        return Message(address)  # very old senders leave the type tags out
    tags, at = _string(data, at)
    if not tags.startswith(","):
        raise Refused("no type tags")
    return Message(address, _arguments(tags[1:], data, at))


def _arguments(tags: str, data: bytes, at: int) -> tuple[Argument, ...]:
    values: list[Argument] = []
    if len(tags) > MAX_ARGUMENTS:
        raise Refused(f"more than {MAX_ARGUMENTS} arguments")
    for tag in tags:
        if number := _NUMBERS.get(tag):
            values += number.unpack_from(data, at)
            at += number.size
        elif tag == "s":
            text, at = _string(data, at)
            values.append(text)
        elif tag in _CONSTANTS:
            values.append(_CONSTANTS[tag])
        elif tag == "b":
            at = _after_blob(data, at)
        elif tag not in _VALUELESS:
            raise Refused(f"an argument of type {tag!r}")
    if at > len(data):  # a blob's padding
        raise Refused("cut short")
    return tuple(values)


def _string(data: bytes, at: int) -> tuple[str, int]:
    """The text at `at` and where the next value begins."""
    end = data.find(b"\0", at, at + MAX_STRING + 1)
    if end < 0:
        raise Refused(f"text without an end, or longer than {MAX_STRING} bytes")
    after = end + 4 - (end - at) % 4
    if after > len(data):
        raise Refused("cut short")
    return data[at:end].decode(), after


def _after_blob(data: bytes, at: int) -> int:
    (size,) = _SIZE.unpack_from(data, at)
    at += _SIZE.size
    if not 0 <= size <= len(data) - at:
        raise Refused("a blob of a wrong size")
    return at + size + -size % 4
