from datetime import datetime, timedelta
from pathlib import Path

import pytest

from installation.control.arbitration import HOLD, Hand
from installation.desk.hands import Asked, Hands
from installation.desk.scores import OWN_LOOK
from installation.inputs.hotkeys import Action
from installation.inputs.protocol import Update
from installation.show.loader import loads

SHADER = "uniform float grain; // 0 [0, 1] film grain\nvoid main() {}\n"
SHOW = """
models: {card: {test_card: {}}, other: {test_card: {}}}
scenes:
  one: {model: card, look: []}
  two: {model: other, look: [fine]}
  three: {model: card, look: []}
cues:
  - {name: doors, scene: one, set: {walk/speed: 2, hud/visible: true}, fade: 4s, easing: linear}
  - {name: storm, set: {walk/speed: 4, walk/tide: 3}, look: [fine], fade: 2s, follow: 1s}
  - {name: calm, scene: two, set: {walk/speed: 0.5}, wait: 1s, fade: 10s, easing: out}
  - {name: dinner, scene: three, at: "20:30"}
"""
DT = 1 / 60


class Desk:
    """Hands with a clock of their own."""

    def __init__(self, folder: Path) -> None:
        (folder / "fine.frag").write_text(SHADER)
        self.show, self.table = loads(SHOW, folder)
        self.wall = datetime(2026, 6, 1, 20)
        self.now = 100.0
        self.hands = self.renewed()

    def renewed(self) -> Hands:
        self.hands = Hands(self.show, self.table, lambda: self.wall)
        return self.hands

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds / DT)):
            self.now += DT
            self.wall += timedelta(seconds=DT)
            self.hands.step(self.now, DT)

    def press(self, address: str) -> None:
        self.hands.keys([Action(address, "press", self.now)], self.now)

    def osc(self, address: str, value: float) -> None:
        self.hands.osc([Update(address, value, self.now)], self.now)

    def __getitem__(self, address: str) -> float:
        """Where a control is on its way to."""
        return self.hands.arbiter.wanted(self.table.index(address), self.now)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_values_glide_over_the_fade_and_switches_turn_at_its_start(desk: Desk):
    desk.press("/cue/go")
    desk.run(0.1)
    assert desk["/hud/visible"] == 1.0
    desk.run(1.9)
    assert desk["/walk/speed"] == pytest.approx(1.5, abs=0.01)
    desk.run(2.1)
    assert desk["/walk/speed"] == 2.0
    assert desk.hands.arbiter.holder[desk.table.index("/walk/speed")] == Hand.CUE


def test_nothing_snaps_however_the_list_is_played(desk: Desk):
    place, before = desk.table.index("/walk/speed"), 1.0
    for action in ("go", "go", "back", "go", "hold", "hold", "go", "back"):
        desk.press(f"/cue/{action}")
        for _ in range(45):
            desk.run(DT)
            value = desk.hands.arbiter.values[place]
            assert abs(value - before) < 4 * DT * 2.5, action
            before = value


def test_a_hand_that_holds_a_value_wins_and_the_cue_has_it_afterwards(desk: Desk):
    desk.press("/cue/go")
    desk.run(1)
    desk.osc("/walk/speed", 0.25)
    desk.run(HOLD - 0.1)
    assert desk["/walk/speed"] == 0.25
    desk.press("/cue/go")
    desk.run(2.5)
    assert desk["/walk/speed"] == 4.0


def test_back_undoes_and_a_jump_finds_the_same_picture(desk: Desk):
    for _ in range(2):
        desk.press("/cue/go")
        desk.run(0.5)
    desk.press("/cue/back")
    desk.run(5)
    assert [desk["/walk/speed"], desk["/walk/tide"]] == [2.0, 1.0]
    played = desk.renewed()
    for _ in range(2):
        desk.press("/cue/go")
        desk.run(20)
    target = dict(zip(desk.table, played.arbiter.goals, strict=True))
    desk.renewed()
    desk.osc("/cue/jump", 2)
    desk.run(12)
    for row, value in zip(desk.table, desk.hands.arbiter.goals, strict=True):
        if row.group in ("walk", "look", "scene", "hud") and row.address != "/scene/fade":
            assert value == target[row], row.address


def test_a_jump_by_name_or_number_happens_once_however_often_it_is_sent(desk: Desk):
    for _ in range(60):
        desk.osc("/cue/jump", 1)
        desk.run(DT)
    assert desk.hands.cues.list.calls == 1
    desk.run(1.1)
    desk.osc("/cue/jump", 1)
    desk.run(DT)
    assert desk.hands.cues.list.calls == 2
    desk.hands.ask(Asked("/cue/jump", 0))
    desk.hands.panel(desk.now)
    assert desk.hands.cues.list.current == 0


def test_go_takes_the_scene_even_from_a_hand_but_the_clock_does_not(desk: Desk):
    desk.osc("/cue/jump", 1)
    desk.run(0.5)
    desk.osc("/scene", 2)
    desk.run(0.5)
    desk.press("/cue/go")
    desk.run(1.5)
    assert desk.hands.scene == 1
    desk.run(HOLD)
    desk.wall = desk.wall.replace(hour=20, minute=29, second=59, microsecond=0)
    desk.hands.ask(Asked("/scene", 0))
    desk.hands.panel(desk.now)
    desk.run(2)
    assert desk.hands.cues.list.current == 3
    assert desk.hands.scene == 0
    desk.run(HOLD)
    assert desk.hands.scene == 2


def test_the_fade_of_a_scene_is_the_cues_unless_somebody_else_changed_it(desk: Desk):
    desk.osc("/cue/jump", 2)
    desk.run(1.5)
    assert desk.hands.cues.fade(desk.hands.scene, 4.0) == (10.0, "out")
    desk.press("/cue/hold")
    assert desk.hands.cues.holds(desk.hands.scene)
    desk.press("/scene/next")
    desk.run(DT)
    assert desk.hands.cues.fade(desk.hands.scene, 4.0) == (4.0, "smooth")
    assert not desk.hands.cues.holds(desk.hands.scene)


def test_the_next_cue_of_another_model_is_named_ahead(desk: Desk):
    cues = desk.hands.cues
    assert cues.standby(0) == -1  # doors plays the same model
    desk.osc("/cue/jump", 1)
    assert cues.standby(0) == 1
    desk.osc("/cue/jump", 2)
    assert cues.standby(1) == 2


def test_a_cues_look_stays_until_the_scene_changes(desk: Desk):
    cues = desk.hands.cues
    desk.press("/cue/go")
    desk.run(0.5)
    assert cues.look(desk.hands.scene) == OWN_LOOK
    desk.press("/cue/go")
    desk.run(0.5)
    assert desk.show.looks[cues.look(desk.hands.scene)] == ["fine"]
    desk.press("/scene/next")
    desk.run(0.5)
    assert cues.look(desk.hands.scene) == OWN_LOOK


def test_safe_ends_whatever_the_list_was_doing(desk: Desk):
    desk.osc("/cue/jump", 1)
    desk.run(1)
    desk.press("/scene/safe")
    desk.run(20)
    assert (desk.hands.cues.list.current, desk.hands.scene) == (1, 0)
    assert desk["/walk/speed"] == 1.0


def test_a_new_desk_goes_on_in_the_middle_of_a_fade(desk: Desk):
    desk.press("/cue/go")
    desk.run(2)
    left, state = desk.hands.arbiter.values.copy(), desk.hands.cues.list.state()
    heir = desk.renewed()
    heir.arbiter.restore(left, desk.now)
    heir.cues.restore(state)
    desk.run(DT)
    assert heir.arbiter.values[desk.table.index("/walk/speed")] == pytest.approx(
        left[desk.table.index("/walk/speed")], abs=0.02
    )
    desk.run(2.5)
    assert desk["/walk/speed"] == 2.0


def test_after_a_power_cut_the_cue_stands_as_it_was_but_nothing_is_dark(desk: Desk):
    desk.osc("/cue/jump", 1)
    desk.run(2.5)
    state = desk.hands.cues.list.state()
    heir = desk.renewed()
    heir.cues.restore({**state, "anew": True})
    desk.run(0.1)
    assert [desk["/walk/speed"], desk["/walk/tide"], desk["/hud/visible"]] == [4.0, 3.0, 0.0]
    assert heir.cues.look(0) != OWN_LOOK
    desk.run(1.0)
    assert heir.cues.list.current == 2  # it follows, as it would have


def test_another_edition_of_the_show_goes_on_in_the_same_cue_and_look(desk: Desk, tmp_path: Path):
    desk.osc("/cue/jump", 1)
    desk.run(1)
    former = desk.hands
    former.cues.looks((0, -1), 0)
    edited = SHOW.replace("scenes:\n", "scenes:\n  zero: {model: card, look: [fine]}\n")
    show, table = loads(
        edited.replace("{name: doors", "{name: before}\n  - {name: doors"), tmp_path
    )
    heir = Hands(show, table, lambda: desk.wall)
    heir.take_over(former, [1, 2, 3])
    heir.step(desk.now, DT)
    assert heir.cues.list.state()["name"] == "storm"
    assert heir.cues.list.progress == pytest.approx(0.5, abs=0.02)
    assert show.looks[heir.cues.deck_looks[0]] == ["fine"]
    assert heir.cues.deck_looks[0] >= len(show.scenes)
    assert heir.cues.look(1) == heir.cues.deck_looks[0]
