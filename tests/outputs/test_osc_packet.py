"""OSC out of numbers and words, read back by two readers that know nothing of the writer."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage

from installation.inputs.osc_wire import Message, decode
from installation.outputs.osc_packet import packet

FLOATS = st.floats(width=32, allow_nan=False, allow_infinity=False)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)
VALUES = st.lists(FLOATS | st.integers(-(2**31), 2**31 - 1) | st.booleans() | WORDS, min_size=1)


@given(VALUES)
def test_what_is_written_is_read_by_python_osc(values: list[float | int | bool | str]):
    message = OscMessage(packet("/look/finish/film", *values))
    assert message.address == "/look/finish/film"
    assert message.params == values
    assert list(map(type, message.params)) == list(map(type, values))


@given(VALUES.filter(lambda values: len(values) <= 64))
def test_what_is_written_is_read_by_our_own_input(values: list[float | int | bool | str]):
    assert decode(packet("/walk/speed", *values)) == [Message("/walk/speed", tuple(values))]


def test_the_bytes_of_the_standard_s_own_example():
    """Open Sound Control 1.0, "OSC Message Examples": /oscillator/4/frequency 440."""
    written = packet("/oscillator/4/frequency", 440.0)
    assert written == b"/oscillator/4/frequency\0,f\0\0\x43\xdc\0\0"


def test_no_value_is_an_impulse():
    assert packet("/scene/next") == b"/scene/next\0,I\0\0"


def test_a_zero_inside_words_does_not_cut_them():
    assert OscMessage(packet("/state/status", "a\0b")).params == ["a b"]


def test_an_int_of_64_bits_is_refused():
    with pytest.raises(struct.error):
        packet("/a", 2**31)
