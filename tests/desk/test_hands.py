from pathlib import Path

import pytest

from installation.control.arbitration import Hand
from installation.desk.hands import MAX_ASKED, Asked, Hands
from installation.inputs.hotkeys import Action
from installation.inputs.protocol import Update
from installation.show.loader import loads

SHOW = """
models: {card: {test_card: {}}}
scenes:
  one:
    model: card
    look: []
    steer:
      walk/tide: {from: audio/bass, range: [3, 4], smooth: 0}
      walk/speed: {from: osc/wall/x, in: [0, 10], range: [0, 4], smooth: 0}
  two: {model: card, look: []}
  three: {model: card, look: []}
"""
DT = 1 / 120


@pytest.fixture
def hands(tmp_path: Path) -> Hands:
    return Hands(*loads(SHOW, tmp_path))


def value(hands: Hands, address: str) -> float:
    return float(hands.arbiter.values[hands.arbiter._table.index(address)])


def press(address: str) -> Action:
    return Action(address, "press", 0.0)


def run(hands: Hands, start: float, seconds: float) -> None:
    for i in range(1, round(seconds / DT) + 1):
        hands.step(start + i * DT, DT)


def test_next_and_previous_go_round(hands: Hands):
    seen = []
    for tick, way in enumerate(["next"] * 4 + ["previous"] * 3):
        hands.keys([press(f"/scene/{way}")], tick * DT)
        hands.step(tick * DT, DT)
        seen.append(hands.scene)
    assert seen == [1, 2, 0, 1, 0, 2, 1]


def test_two_presses_between_two_ticks_are_two_steps(hands: Hands):
    hands.keys([press("/scene/next"), press("/scene/next")], 1.0)
    hands.step(1.0, DT)
    assert hands.scene == 2
    assert value(hands, "/scene/next") == 2


def test_two_toggles_between_two_ticks_cancel_out(hands: Hands):
    toggle = Action("/master/blackout", "toggle", 0.0)
    for presses, expected in ((1, 1.0), (2, 1.0), (3, 0.0)):
        hands.keys([toggle] * presses, 1.0)
        hands.step(1.0, DT)
        assert value(hands, "/master/blackout") == expected


def test_osc_presses_and_values_arrive_and_are_counted(hands: Hands):
    updates = [
        Update("/scene/next", 1.0, 4.0, press=True),
        Update("/master/brightness", 0.25, 5.0),
        Update("/wall/x", 5.0, 6.0),
        Update("/state/crossfade", 1.0, 7.0),
    ]
    hands.osc(updates, 10.0)
    hands.step(10.0, DT)
    run(hands, 10.0, 4.0)
    assert hands.scene == 1
    assert value(hands, "/master/brightness") == pytest.approx(0.25, abs=0.01)
    assert value(hands, "/state/crossfade") == 0.0
    assert (hands.stamps["osc"].count, hands.stamps["osc"].at) == (4, 7.0)


def test_routes_of_the_wanted_scene_hear_osc_and_sound(hands: Hands):
    assert hands.osc_sources == {"/wall/x"}
    for i in range(600):
        hands.osc([Update("/wall/x", 5.0, i * DT)], i * DT)
        hands.audio({"/audio/bass": 1.0}, i + 1, i * DT, i * DT)
        hands.step(i * DT, DT)
    assert value(hands, "/walk/speed") == pytest.approx(2.0, abs=0.01)
    assert value(hands, "/walk/tide") == pytest.approx(4.0, abs=0.01)
    assert hands.stamps["audio"].count == 600


def test_a_scene_without_a_route_does_not_keep_the_last_ones_value(hands: Hands):
    for i in range(120):
        hands.audio({"/audio/bass": 1.0}, i + 1, i * DT, i * DT)
        hands.step(i * DT, DT)
    assert value(hands, "/walk/tide") > 3.0
    hands.keys([press("/scene/next")], 1.0)
    run(hands, 1.0, 10.0)
    assert value(hands, "/walk/tide") == pytest.approx(1.0, abs=0.01)


def test_a_sound_frame_heard_before_is_not_a_new_event(hands: Hands):
    for _ in range(5):
        hands.audio({"/audio/bass": 1.0}, 7.0, 1.0, 1.0)
    assert hands.stamps["audio"].count == 7.0


def test_safe_brings_the_first_scene_and_every_default(hands: Hands):
    hands.keys([press("/scene/next"), Action("/master/freeze", "toggle", 0.0)], 0.0)
    hands.ask(Asked("/walk/speed", 3.0))
    hands.panel(0.0)
    run(hands, 0.0, 1.0)
    assert hands.scene == 1
    hands.keys([press("/scene/safe")], 1.0)
    run(hands, 1.0, 8.0)
    assert hands.scene == 0
    assert value(hands, "/master/freeze") == 0.0
    assert value(hands, "/walk/speed") == pytest.approx(1.0, abs=0.01)


def test_the_panel_cannot_flood_the_desk(hands: Hands):
    for number in range(10 * MAX_ASKED):
        hands.ask(Asked("/walk/speed", number / (10 * MAX_ASKED)))
    assert len(hands._asked) == MAX_ASKED
    hands.panel(0.0)
    hands.step(0.0, DT)
    speed = hands.arbiter._table.index("/walk/speed")
    assert hands.arbiter.wanted(speed, 0.0) == pytest.approx(1.0, abs=1e-3)
    assert hands.arbiter.holder[speed] == Hand.PANEL


def test_a_press_moves_the_scene_that_a_stronger_hand_holds(hands: Hands):
    hands.keys([press("/scene/next")], 0.0)
    hands.step(0.0, DT)
    hands.osc([Update("/scene/next", 1.0, 1.0, press=True)], 1.0)
    hands.step(1.0, DT)
    assert hands.scene == 2
