"""What pages say: good parts count, bad parts are named, nothing a page sends can raise."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.panel.messages import ERRORS, PRESSES, read
from installation.panel.pace import Pace

TABLE = Table(house_rows(["waves", "drift"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def test_a_slider_and_a_press_and_the_wish_for_pictures():
    wishes = read('{"set": {"/walk/speed": 0.4}, "press": "/scene/next", "watch": true}', TABLE)
    assert wishes.sets == {"/walk/speed": 0.4}
    assert (wishes.presses, wishes.watch, wishes.errors) == (["/scene/next"], True, [])


def test_the_good_half_of_a_message_counts():
    wishes = read('{"set": {"/walk/sped": 1, "/walk/speed": 2, "/walk/tide": "fast"}}', TABLE)
    assert wishes.sets == {"/walk/speed": 2}
    assert wishes.errors == [
        "no control /walk/sped; did you mean /walk/speed?",
        "/walk/tide: fast is no finite number",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"set": {"/walk/speed": NaN}}', "no finite number"),
        ('{"set": {"/walk/speed": -Infinity}}', "no finite number"),
        ('{"set": {"/walk/speed": 1%s}}' % ("0" * 400), "no finite number"),
        ('{"set": {"/walk/speed": null}}', "no finite number"),
        ('{"set": {"/scene/next": 1}}', "is a trigger: press it"),
        ('{"set": {"/audio/level": 1}}', "is read-only"),
        ('{"set": [1]}', "an object of addresses and numbers"),
        ('{"press": "/walk/speed"}', "is no trigger"),
        ('{"press": {"a": 1}}', "no control"),
        ('{"watch": 1}', "watch: true or false"),
        ('{"sett": {}}', "allowed: set, press, watch"),
        ("hello", "a message is a JSON object"),
        ("[" * 60_000, "a message is a JSON object"),
        ("9" * 60_000, "a message is a JSON object"),
    ],
)
def test_what_is_wrong_is_said_and_not_done(text: str, complaint: str):
    wishes = read(text, TABLE)
    assert complaint in wishes.errors[0]
    assert not wishes.sets
    assert not wishes.presses
    assert wishes.watch is None


def test_a_message_that_is_no_text_is_refused():
    assert read(None, TABLE).errors


def test_a_flood_of_errors_is_cut_short():
    text = json.dumps({"set": {f"/x{n}": 1 for n in range(3000)}, "press": ["/scene/next"] * 50})
    wishes = read(text, TABLE)
    assert len(wishes.errors) == ERRORS
    assert len(wishes.presses) == PRESSES


@given(JSON, st.sampled_from(["set", "press", "watch", "?"]))
def test_nothing_raises_and_only_what_the_table_knows_gets_through(body: object, key: str):
    wishes = read(json.dumps({key: body}), TABLE)
    assert all(address in TABLE and math.isfinite(v) for address, v in wishes.sets.items())
    assert all(address in TABLE for address in wishes.presses)


@given(st.text(max_size=200))
def test_any_text_is_read_without_raising(text: str):
    read(text, TABLE)


def test_a_pace_lets_a_burst_through_and_then_holds_the_rate():
    pace = Pace(rate=200, burst=200)
    assert [pace.wait(10.0) for _ in range(200)] == [0.0] * 200
    assert pace.wait(10.0) == pytest.approx(1 / 200)
    assert pace.wait(10.0) == pytest.approx(2 / 200)
    assert pace.wait(12.0) == 0.0


@given(st.lists(st.floats(0, 0.1), min_size=1, max_size=300))
def test_a_caller_who_waits_as_told_never_exceeds_the_rate(gaps: list[float]):
    pace, now = Pace(rate=50, burst=10), 100.0
    start = now
    for done, gap in enumerate(gaps, 1):
        now += gap
        now += pace.wait(now)
        assert done <= 10 + 50 * (now - start) + 1e-6
