"""The state light: green only when all is well, and in words when it is not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.panel.promises import Level, complaints
from tests.panel.conftest import healthy

AT = 1000.0


def texts(status: dict[str, Any]) -> list[str]:
    return [complaint.text for complaint in complaints(status)]


def changed(process: str, **fields: Any) -> dict[str, Any]:
    status: Any = healthy(AT)
    status["health"][process].update(fields)
    return status


def test_all_is_well():
    assert complaints(healthy(AT)) == []


@pytest.mark.parametrize(
    ("process", "fields", "words"),
    [
        ("deck_a", {"at": AT - 5}, "deck A has not answered for 5 s"),
        ("stage", {"at": AT - 3}, "the stage has not answered for 3 s"),
        ("stage", {"picture_age": 4.2}, "the newest picture is 4 s old"),
        ("stage", {"fps": 21.0}, "the stage is slow: 21 presents a second"),
        ("stage", {"interval_ms": {"p99": 70.0}}, "takes 70 ms"),
        ("stage", {"shader_error": "finish.frag:3: no"}, "shader: finish.frag:3: no"),
        ("deck_b", {"error": "no model at models/x"}, "deck B: no model at models/x"),
        ("desk", {"osc": {"error": "OSC port 9000 is taken"}}, "OSC port 9000 is taken"),
        ("desk", {"audio": {"error": "no such device"}}, "audio: no such device"),
    ],
)
def test_a_broken_promise_is_named(process: str, fields: dict[str, Any], words: str):
    found = complaints(changed(process, **fields))
    assert len(found) == 1
    assert words in found[0].text
    assert found[0].level is Level.BAD


def test_a_crash_loop_is_said_with_the_time_to_the_next_try():
    status = changed("deck_a")
    status["health"]["supervisor"] = {"at": AT, "waiting": {"deck_a": 42}}
    assert texts(status) == ["deck A falls again and again; the next try is in 42 s"]


def test_what_mends_itself_is_no_alarm():
    for status in (changed("deck_a", loading=True), changed("stage", mode="house")):
        assert [complaint.level for complaint in complaints(status)] == [Level.WAIT]


def test_places_of_other_weights_are_one_line():
    found = complaints(changed("desk", strangers=["scenes.one.mix: Anna was", "b", "c"]))
    assert [one.level for one in found] == [Level.WAIT]
    assert found[0].text.startswith("scenes.one.mix: Anna was, and 2 more were; the wall")


def test_a_process_that_has_not_spoken_yet_is_waited_for():
    assert "the stage has not reported yet" in texts({"at": AT, "health": {}})


def test_a_silent_process_is_complained_of_once():
    assert len(complaints(changed("stage", at=AT - 9, fps=3.0, picture_age=9.0))) == 1


def test_the_gravest_comes_first():
    status = changed("deck_a", loading=True)
    status["health"]["desk"]["audio"]["error"] = "gone"
    assert [c.level for c in complaints(status)] == [Level.BAD, Level.WAIT]


@given(st.dictionaries(st.sampled_from(["health", "at"]), st.none() | st.text() | st.integers()))
def test_a_strange_record_never_raises(status: dict[str, Any]):
    complaints(status)


def test_a_sleeping_deck_is_no_complaint():
    assert complaints(changed("deck_b", loaded=False, loading=False, scene=-1)) == []
