"""Keys: presses, toggles, repeats, and those that must be held."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.clock import FakeClock
from installation.control.keys import Stroke
from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.inputs.hotkeys import REPEAT, Action, Hotkeys
from installation.show.hotkeys import HOLDS, QUIT, described, holds
from installation.show.inputs import Inputs

QUIT_HOLD = HOLDS[QUIT]
TABLE = Table(house_rows(["sea", "sky"]))


class Keyboard:
    """Strokes at the clock's time, given to the hotkeys at once."""

    def __init__(self, **inputs: Any) -> None:
        self.clock = FakeClock(50.0)
        self.inputs = Inputs(**inputs)
        self.hotkeys = Hotkeys(self.inputs, TABLE)

    def down(self, key: str) -> list[Action]:
        return self._stroke(key, True)

    def up(self, key: str) -> list[Action]:
        return self._stroke(key, False)

    def wait(self, seconds: float) -> list[Action]:
        self.clock.advance(seconds)
        return self.hotkeys.step([], self.clock.now())

    def _stroke(self, key: str, pressed: bool) -> list[Action]:
        now = self.clock.now()
        return self.hotkeys.step([Stroke(0, key, pressed, now)], now)


@pytest.fixture
def keyboard() -> Keyboard:
    return Keyboard()


def test_a_key_presses_its_trigger_or_toggles_its_switch(keyboard: Keyboard) -> None:
    assert keyboard.down("right") == [Action("/scene/next", "press", 50.0)]
    assert keyboard.down("f") == [Action("/master/freeze", "toggle", 50.0)]
    assert keyboard.up("right") == keyboard.up("f") == []


def test_a_key_that_could_spoil_the_evening_must_be_held(keyboard: Keyboard) -> None:
    for key in ("b", "s", "g"):
        assert keyboard.down(key) == keyboard.wait(0.4) == keyboard.up(key) == []
    begun = keyboard.clock.now()
    assert keyboard.down("b") == keyboard.wait(0.4) == []
    assert keyboard.wait(0.2) == [Action("/master/blackout", "toggle", begun + 0.5)]
    assert keyboard.wait(3.0) == keyboard.up("b") == []


def test_a_hold_that_is_over_when_it_is_seen_counts(keyboard: Keyboard) -> None:
    strokes = [Stroke(1, "b", True, 50.0), Stroke(2, "b", False, 50.6)]
    assert keyboard.hotkeys.step(strokes, 51.0) == [Action("/master/blackout", "toggle", 50.5)]


def test_a_show_says_how_long_a_key_is_held() -> None:
    keyboard = Keyboard(hold={"master/blackout": 0, "scene/next": "1s", "quit": 0})
    assert [action.address for action in keyboard.down("b")] == ["/master/blackout"]
    assert keyboard.down("right") == []
    assert [action.address for action in keyboard.wait(1.0)] == ["/scene/next"]
    keyboard.down("escape")  # what ends the show is held, whatever the file says
    assert not keyboard.hotkeys.quit


def test_every_key_is_described_by_what_it_does(keyboard: Keyboard) -> None:
    words = dict(described(keyboard.inputs, TABLE))
    assert set(words) == set(keyboard.inputs.keys)
    assert words["right"] == "go to the next scene"
    assert words["b"].startswith("held 0.5 s: ")
    assert words["escape"] == "held 2 s: leave the show"


def test_every_key_of_a_plain_show_does_something(keyboard: Keyboard) -> None:
    for key, target in Inputs().keys.items():
        actions = keyboard.down(key) + keyboard.wait(holds(keyboard.inputs)[key])
        assert [action.address for action in actions] == (
            [] if target == "quit" else [f"/{target}"]
        )
        assert keyboard.hotkeys.quit == (target == "quit")


def test_other_keys_and_unfit_targets_do_nothing() -> None:
    keyboard = Keyboard(keys={"x": "walk/speed", "y": "no/such", "z": "state/watchers"})
    assert [keyboard.down(key) for key in "wxyz"] == [[]] * 4


def test_a_held_key_that_repeats_itself_acts_once(keyboard: Keyboard) -> None:
    actions = keyboard.down("f")
    for _ in range(100):
        keyboard.wait(0.033)
        actions += keyboard.down("f")
    keyboard.up("f")
    assert len(actions) == 1
    assert len(keyboard.down("f")) == 1


def test_a_lost_release_does_not_deafen_a_key(keyboard: Keyboard) -> None:
    keyboard.down("f")
    keyboard.wait(REPEAT + 0.1)
    assert len(keyboard.down("f")) == 1


def test_quitting_takes_two_seconds(keyboard: Keyboard) -> None:
    keyboard.down("escape")
    keyboard.wait(1.9)
    assert not keyboard.hotkeys.quit
    keyboard.wait(0.2)
    assert keyboard.hotkeys.quit


def test_letting_go_takes_the_quit_back(keyboard: Keyboard) -> None:
    for _ in range(5):
        keyboard.down("escape")
        keyboard.wait(1.5)
        keyboard.up("escape")
        keyboard.wait(1.0)
    assert not keyboard.hotkeys.quit


def test_a_repeating_quit_key_is_held_from_its_first_stroke(keyboard: Keyboard) -> None:
    for _ in range(70):
        keyboard.down("escape")
        keyboard.wait(0.03)
    assert keyboard.hotkeys.quit


def test_a_hold_that_was_over_before_anyone_looked_still_quits(keyboard: Keyboard) -> None:
    now = keyboard.clock.now()
    strokes = [Stroke(1, "escape", True, now), Stroke(2, "escape", False, now + QUIT_HOLD)]
    keyboard.hotkeys.step(strokes, now + 3)
    assert keyboard.hotkeys.quit


strokes = st.lists(st.tuples(st.sampled_from(["escape", "f"]), st.booleans(), st.floats(0.01, 3)))


@given(strokes)
def test_it_quits_exactly_when_escape_was_held_long_enough(
    plan: list[tuple[str, bool, float]],
) -> None:
    keyboard = Keyboard()
    since = last = None
    expected = False
    for key, pressed, wait in plan:
        now = keyboard.clock.now()
        (keyboard.down if pressed else keyboard.up)(key)
        if key == "escape" and not pressed:
            since = None
        elif key == "escape":
            repeats = since is not None and last is not None and now - last < REPEAT
            since, last = (since if repeats else now), now
        keyboard.wait(wait)
        expected |= since is not None and keyboard.clock.now() - since >= QUIT_HOLD
        assert keyboard.hotkeys.quit == expected


@given(strokes)
def test_a_switch_is_toggled_at_most_once_a_stroke_and_only_when_pressed(
    plan: list[tuple[str, bool, float]],
) -> None:
    keyboard = Keyboard()
    for key, pressed, wait in plan:
        actions = (keyboard.down if pressed else keyboard.up)(key)
        assert len(actions) <= (pressed and key == "f")
        keyboard.wait(wait)
