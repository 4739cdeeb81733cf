"""Knobs on controls: soft take-over, buttons, encoders, choices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.inputs.midi_controls import NEAR, MidiControls, Pickup, place, travel
from installation.inputs.midi_wire import Moved
from installation.show.midi import Binding

TABLE = Table(house_rows(["sea", "sky", "fire"]))
parts = st.floats(0, 1)


class Desk:
    """A table that does what its one controller asks."""

    def __init__(self, knob: str = "cc/1/7", pickup: bool = True, **binding: object) -> None:
        self.knob = knob
        bound = {knob: Binding.model_validate(binding)}
        self.controls = MidiControls(bound, TABLE, pickup)
        self.values = {row.address: row.default for row in TABLE}
        self.presses = 0

    def move(self, raw: int, key: bool = False) -> None:
        moved = Moved(self.knob, raw / 127, raw, 1.0, key)
        listened, *asked = self.controls.read(moved, self.values.__getitem__)
        assert listened.address == f"/midi/{self.knob}"
        for update in asked:
            self.presses += update.press
            if not update.press:
                self.values[update.address] = TABLE[update.address].clamp(update.value)


@given(st.lists(parts, min_size=2, max_size=30), parts)
def test_a_knob_never_makes_its_value_jump(places: list[float], value: float):
    pickup, before = Pickup(), None
    for at in places:
        if pickup.catches(at, value):
            step = abs(at - before) if before is not None else 0.0
            assert abs(at - value) <= step + NEAR + 1e-9
            value = at
        before = at


def test_a_knob_waits_until_it_meets_the_value_and_again_after_another_hand():
    desk = Desk(to="walk/spread", range=[0, 1.27])
    desk.values["/walk/spread"] = 1.0
    for raw in (10, 40, 90):
        desk.move(raw)
        assert desk.values["/walk/spread"] == 1.0
    desk.move(110)  # past it
    assert desk.values["/walk/spread"] == pytest.approx(1.1)
    desk.move(60)
    assert desk.values["/walk/spread"] == pytest.approx(0.6)
    desk.values["/walk/spread"] = 0.2  # another hand
    desk.move(61)
    assert desk.values["/walk/spread"] == 0.2


def test_a_motor_fader_needs_no_pickup():
    desk = Desk(to="master/brightness", pickup=False)
    desk.move(64)
    assert desk.values["/master/brightness"] == pytest.approx(64 / 127)


@given(parts, st.sampled_from([row for row in TABLE if row.kind == "float" and row.low < row.high]))
def test_the_way_along_a_knob_and_back(part: float, row):
    for binding in (Binding(to="x"), Binding(to="x", range=(row.high, row.low))):
        value = travel(binding, row, part)
        assert row.low - 1e-9 <= value <= row.high + 1e-9
        assert travel(binding, row, place(binding, row, value)) == pytest.approx(value, abs=1e-9)


def test_keys_press_and_toggle_on_every_stroke_and_a_knob_on_its_way_up():
    desk = Desk("note/1/36", to="cue/go")
    for raw in (100, 0, 90, 0):
        desk.move(raw, key=True)
    assert desk.presses == 2
    button = Desk(to="cue/go")
    for raw in (127, 127, 0, 64, 63, 70):
        button.move(raw)
    assert button.presses == 3
    toggle = Desk("note/1/36", to="master/freeze")
    states = []
    for raw in (1, 0, 127, 0):
        toggle.move(raw, key=True)
        states.append(toggle.values["/master/freeze"])
    assert states == [1, 1, 0, 0]


def test_a_pad_calls_a_scene_by_its_name_and_a_knob_goes_through_them():
    pad = Desk("note/1/40", to="scene", value="fire")
    pad.move(100, key=True)
    assert pad.values["/scene"] == 2
    knob = Desk(to="scene")
    seen = set()
    for raw in range(128):
        knob.move(raw)
        seen.add(knob.values["/scene"])
    assert seen == {0, 1, 2}


@given(st.lists(st.sampled_from([1, 2, 126, 127]), max_size=300))
def test_an_endless_encoder_adds_up_and_stays_in_range(turns: list[int]):
    desk = Desk(to="steer/x", relative="twos", step=0.01)
    expected = 0.0
    for raw in turns:
        desk.move(raw)
        expected = min(max(expected + (raw if raw < 64 else raw - 128) * 0.04, -2), 2)
    assert desk.values["/steer/x"] == pytest.approx(expected, abs=1e-9)


def test_an_encoder_steps_through_choices_one_by_one():
    desk = Desk(to="scene", relative="offset")
    for raw, scene in ((65, 1), (65, 2), (65, 2), (63, 1)):
        desk.move(raw)
        assert desk.values["/scene"] == scene


def test_a_knob_for_what_the_show_has_not_does_nothing():
    desk = Desk(to="look/gone/away")
    desk.move(100)
    assert desk.controls.bindings == {}
