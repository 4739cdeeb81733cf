"""The OSC decoder against an independent encoder, and against anything at all."""

import contextlib
import logging
import math
import struct
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from installation.inputs.osc_wire import (
    MAX_ARGUMENTS,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_MESSAGES,
    MAX_STRING,
    Message,
    Refused,
    decode,
)

HANG = 10.0  # seconds for a hundred packets, which take a hundredth of it


def packet(address: str, *args: Any) -> bytes:
    builder = OscMessageBuilder(address)
    for arg in args:
        builder.add_arg(arg)
    return builder.build().dgram


def bundle(*contents: bytes, stamp: bytes = b"\0" * 7 + b"\1") -> bytes:
    sized = b"".join(struct.pack(">i", len(content)) + content for content in contents)
    return b"#bundle\0" + stamp + sized


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
values = st.one_of(
    st.integers(-(2**31), 2**31 - 1),
    st.floats(width=32, allow_nan=False),
    st.booleans(),
    texts,
)


@given(st.from_regex(r"/[a-z0-9_/]{1,40}", fullmatch=True), st.lists(values, max_size=20))
def test_what_was_encoded_is_decoded(address: str, args: list[Any]) -> None:
    assert decode(packet(address, *args)) == [Message(address, tuple(args))]


def test_wide_numbers() -> None:
    data = b"/a\0\0,dh\0" + struct.pack(">dq", 0.1, 2**40)
    assert decode(data) == [Message("/a", (0.1, 2**40))]


def test_arguments_without_a_value_leave_none() -> None:
    blob = struct.pack(">i", 5) + b"12345\0\0\0"
    data = b"/a\0\0,NIbTf\0\0" + blob + struct.pack(">f", 2.0)
    assert decode(data) == [Message("/a", (True, 2.0))]


def test_a_message_may_have_no_type_tags() -> None:
    assert decode(b"/scene/next\0") == [Message("/scene/next")]


def test_bundles_are_flattened_in_order_whatever_their_time() -> None:
    builder = OscBundleBuilder(int(time.time()) + 3600)
    builder.add_content(OscMessageBuilder("/a").build())
    inner = OscBundleBuilder(IMMEDIATELY)
    inner.add_content(OscMessageBuilder("/b").build())
    builder.add_content(inner.build())
    builder.add_content(OscMessageBuilder("/c").build())
    assert [message.address for message in decode(builder.build().dgram)] == ["/a", "/b", "/c"]


def test_a_hundred_channels_fit_in_one_bundle() -> None:
    channels = [packet(f"/installation/chan{n}", n / 100) for n in range(100)]
    assert len(decode(bundle(*channels))) == 100


def nested(depth: int) -> bytes:
    data = packet("/a", 1.0)
    for _ in range(depth):
        data = bundle(data)
    return data


LIMITS = {
    "bytes": (b"/a\0\0,s\0\0" + b"x" * MAX_BYTES, "bytes"),
    "messages": (bundle(*[b"/a\0\0"] * (MAX_MESSAGES + 1)), "messages"),
    "depth": (nested(MAX_DEPTH + 1), "nested"),
    "string": (packet("/a", "x" * (MAX_STRING + 1)), "text"),
    "address": (packet("/" + "a" * MAX_STRING), "text"),
    "arguments": (packet("/a", *[True] * (MAX_ARGUMENTS + 1)), "arguments"),
    "short float": (packet("/a", 1.0)[:-2], "short"),
    "no float": (packet("/a", 1.0)[:-4], "short"),
    "short string": (packet("/a", "hello")[:-4], "text"),
    "bad text": (b"/\xff\xfe\0,\0\0\0", "UTF-8"),
    "blob of less than nothing": (b"/a\0\0,b\0\0" + struct.pack(">i", -4), "blob"),
    "blob too long": (b"/a\0\0,b\0\0" + struct.pack(">i", 1000), "blob"),
    "element of less than nothing": (bundle() + struct.pack(">i", -4) + b"/a\0\0", "element"),
    "element too long": (bundle() + struct.pack(">i", 2**31 - 1) + b"/a\0\0", "element"),
    "short bundle": (b"#bundle\0\0\0", "short"),
    "midi": (b"/a\0\0,m\0\0\0\0\0\0", "'m'"),
    "array": (b"/a\0\0,[i]\0\0\0\0\0\0\0\1", "'['"),
    "no tags": (b"/a\0\0oops\0\0\0\0", "type tags"),
    "nothing": (b"", "neither"),
    "not OSC": (b"GET / HTTP/1.1\r\n\r\n", "neither"),
    "pattern": (packet("/walk/*", 1.0), "pattern"),
    "stars": (packet("/walk/speed" + "*" * 11 + "!"), "pattern"),
    "thousand bundles": (nested(300), "nested"),
    "twenty kilobytes of bundles": (nested(1000), "bytes"),
}


@pytest.mark.parametrize(("data", "why"), LIMITS.values(), ids=LIMITS)
def test_what_is_refused(data: bytes, why: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Refused, match=why.replace("[", r"\[")):
        decode(data)
    assert not caplog.records


def test_what_is_just_allowed() -> None:
    assert decode(nested(MAX_DEPTH)) == [Message("/a", (1.0,))]
    assert len(decode(bundle(*[b"/a\0\0"] * MAX_MESSAGES))) == MAX_MESSAGES
    assert decode(packet("/a", "x" * MAX_STRING))
    assert decode(packet("/a", *[True] * MAX_ARGUMENTS))


def sane(messages: list[Message]) -> bool:
    return len(messages) <= MAX_MESSAGES and all(
        message.address.startswith("/")
        and not set("*?[]{}") & set(message.address)
        and all(isinstance(arg, float | int | bool | str) for arg in message.args)
        and all(len(arg) <= MAX_STRING for arg in message.args if isinstance(arg, str))
        for message in messages
    )


pieces = st.sampled_from(
    [
        b"#bundle\0",
        b"\0" * 8,
        b"/a\0\0",
        b"/walk/speed\0",
        b",f\0\0",
        b",sTb\0\0\0\0",
        b"\0\0\0\x10",
    ]
)
packets = st.recursive(
    st.one_of(
        st.binary(max_size=64),
        st.lists(pieces, max_size=12).map(b"".join),
        st.builds(packet, st.just("/a/b"), values, values),
    ),
    lambda inner: st.lists(inner, max_size=6).map(lambda contents: bundle(*contents)),
    max_leaves=40,
)


@given(packets, st.data())
def test_nothing_but_refused_leaves_the_decoder(data: bytes, draw: st.DataObject) -> None:
    """Random bytes, grammar gone wrong, and good packets with one byte changed or cut off."""
    if data and draw.draw(st.booleans()):
        place = draw.draw(st.integers(0, len(data) - 1))
        data = data[:place] + draw.draw(st.binary(max_size=2)) + data[place + 1 :]
    with contextlib.suppress(Refused):
        assert sane(decode(data))


DEAR = {
    "many messages": bundle(*[b"/a\0\0"] * MAX_MESSAGES),
    "many switches": bundle(*[packet("/a", *[True] * MAX_ARGUMENTS)] * 100),
    "many numbers": bundle(*[packet("/a", *[math.pi] * MAX_ARGUMENTS)] * 23),
    "long texts": bundle(*[packet("/a", "x" * MAX_STRING)] * 29),
    "empty bundles": bundle(*[bundle()] * 400),
    "stars": packet("/" + "*" * 250),
}


@pytest.mark.parametrize("data", DEAR.values(), ids=DEAR)
def test_no_packet_keeps_the_decoder_busy(data: bytes, caplog: pytest.LogCaptureFixture) -> None:
    assert len(data) <= MAX_BYTES
    began = time.perf_counter()
    for _ in range(100):
        with contextlib.suppress(Refused):
            decode(data)
    took = time.perf_counter() - began
    print(f"{took * 10:.3f} ms a packet")
    assert took < HANG
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
