"""MIDI bytes to knobs and back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.inputs.midi_wire import Decoder, Moved, detents, encoded
from installation.show.midi import KNOB

channels, sevens = st.integers(1, 16), st.integers(0, 127)
controllers = st.integers(64, 95)  # of no pair and no parameter
KNOBS = st.one_of(
    st.builds("cc/{}/{}".format, channels, controllers),
    st.builds("cc14/{}/{}".format, channels, st.sampled_from([n for n in range(32) if n != 6])),
    st.builds("nrpn/{}/{}".format, channels, st.integers(0, 16383)),
    st.builds("note/{}/{}".format, channels, sevens),
    st.builds("bend/{}".format, channels),
)


def played(messages: list[bytes]) -> list[Moved]:
    decoder = Decoder()
    return [moved for message in messages for moved in decoder.read(message, 1.0)]


@given(KNOBS, st.floats(0, 1))
def test_what_a_motor_is_told_is_what_its_fader_would_send(knob: str, value: float):
    last = [moved for moved in played(encoded(knob, value)) if moved.knob == knob][-1]
    steps = 127 if knob.startswith(("cc/", "note")) else 16383
    assert abs(last.value - value) <= 0.5 / steps + 1e-9
    assert re.match(KNOB, knob)


@given(st.lists(st.binary(max_size=6), max_size=20))
def test_no_bytes_break_it_and_every_value_is_in_range(messages: list[bytes]):
    for moved in played(messages):
        assert 0 <= moved.value <= 1
        assert re.match(KNOB, moved.knob)


def test_a_key_is_let_go_by_either_kind_of_message():
    moves = played([b"\x90\x24\x64", b"\x90\x24\x00", b"\x95\x24\x64", b"\x85\x24\x40"])
    assert [(m.knob, m.value > 0, m.key) for m in moves] == [
        ("note/1/36", True, True),
        ("note/1/36", False, True),
        ("note/6/36", True, True),
        ("note/6/36", False, True),
    ]


def test_a_parameter_needs_both_parts_of_its_number_and_a_registered_one_ends_it():
    data = bytes((0xB0, 6, 64))
    number = [bytes((0xB0, 99, 5)), bytes((0xB0, 98, 0))]
    nrpn = [m for m in played([data, *number, data]) if m.knob.startswith("nrpn")]
    assert [(m.knob, m.raw) for m in nrpn] == [("nrpn/1/640", 64 << 7)]
    ended = [*number, bytes((0xB0, 101, 0)), data]
    assert not [m for m in played(ended) if m.knob.startswith("nrpn")]


@pytest.mark.parametrize(
    ("how", "raw", "steps"),
    [("twos", 1, 1), ("twos", 127, -1), ("twos", 65, -63), ("offset", 65, 1), ("offset", 63, -1),
     ("sign", 2, 2), ("sign", 66, -2)],
)  # fmt: skip
def test_the_ways_in_which_endless_encoders_count(how: str, raw: int, steps: int):
    assert detents(raw, how) == steps


@pytest.mark.parametrize(
    "knob", ["cc/0/1", "cc/17/1", "cc/1/128", "cc14/1/32", "nrpn/1/16384", "bend/1/1", "knob/1/1"]
)
def test_what_is_no_knob(knob: str):
    assert not re.match(KNOB, knob)
