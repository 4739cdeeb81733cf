"""What the explorer has sent to GO: taken once, before the list's next cue."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from installation.control.cues import NONE
from installation.control.parameters import Table
from installation.desk.hands import Hands
from installation.desk.standby import Standby, Waiting
from installation.inputs.hotkeys import Action
from installation.latent.journeys import Journey, Stop
from installation.latent.places import Place, pack
from installation.memory import Arena
from installation.session import SECTIONS
from installation.show.loader import loads
from installation.show.schema import Show

MODELS = "models: {card: {test_card: {}}, other: {test_card: {}}}\n"
SCENES = """
scenes:
  one: {model: card, look: []}
  two: {model: other, look: []}
"""
CUES = "cues: [{name: doors, scene: one}, {name: storm, scene: one}]\n"
DT = 1 / 60


def waiting(title: str = "Anna", scene: str = "two") -> Waiting:
    journey = Journey(name=title, stops=[Stop(place=Place(name=title, seed=3))])
    return Waiting(title=title, scene=scene, journeys=[journey])


class Desk:
    def __init__(self, folder: Path, text: str) -> None:
        self.show: Show
        self.table: Table
        self.show, self.table = loads(text, folder)
        self.view = Arena.create(SECTIONS).section("standby")
        self.played: list[str] = []
        self.now = 100.0
        self.hands = self.started()

    def started(self) -> Hands:
        play = lambda journeys: self.played.extend(one.name for one in journeys)  # noqa: E731
        self.standby = Standby(self.view, play)
        return Hands(self.show, self.table, lambda: datetime(2026, 6, 1), self.standby)

    def press(self, address: str, after: float = 1.0) -> None:
        self.now += after
        self.hands.step(self.now, after)
        self.hands.keys([Action(address, "press", self.now)], self.now)
        self.now += DT
        self.hands.step(self.now, DT)

    def put(self, what: Waiting | None) -> None:
        self.standby.put(what)
        self.now += DT
        self.hands.step(self.now, DT)

    @property
    def told(self) -> tuple[object, object]:
        status = self.hands.cues.status()
        return status["waiting"], status["next"]


@pytest.fixture(params=[CUES, ""], ids=["with a list", "without"])
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Desk:
    return Desk(tmp_path, MODELS + SCENES + request.param)


def test_go_takes_what_waits_to_its_scene_once(desk: Desk):
    desk.put(waiting())
    assert desk.told[0] == "Anna"
    before, current = desk.told[1], desk.hands.cues.list.current
    desk.press("/cue/go")
    assert (desk.played, desk.hands.scene) == (["Anna"], 1)
    assert desk.told == (None, before)
    assert desk.hands.cues.list.current == current, "the list stands where it was"
    desk.press("/cue/go")
    assert desk.played == ["Anna"]
    assert desk.hands.cues.list.current == (0 if desk.show.cues else NONE)


def test_two_fingers_on_go_are_one(desk: Desk):
    desk.put(waiting())
    desk.press("/cue/go")
    desk.put(waiting("Ben"))
    desk.press("/cue/go", after=0.1)
    assert (desk.played, desk.told[0]) == (["Anna"], "Ben")


def test_the_latest_waits_and_can_be_taken_away(desk: Desk):
    desk.put(waiting())
    desk.put(waiting("Ben"))
    assert desk.told[0] == "Ben"
    desk.press("/cue/clear")
    desk.press("/cue/go")
    assert desk.played == []


def test_a_new_desk_still_has_it(desk: Desk):
    desk.put(waiting())
    desk.hands = desk.started()
    assert desk.told[0] == "Anna"
    desk.press("/cue/go")
    desk.hands = desk.started()
    assert desk.told[0] is None


def test_its_model_is_loaded_ahead(desk: Desk):
    assert desk.hands.cues.standby(0) == NONE
    desk.put(waiting())
    assert desk.hands.cues.standby(0) == 1
    assert desk.hands.cues.standby(1) == NONE


def test_a_scene_that_an_edit_took_away_is_not_gone_to(desk: Desk):
    desk.put(waiting(scene="gone"))
    desk.press("/cue/go")
    assert (desk.played, desk.hands.scene) == (["Anna"], 0)


def test_a_held_list_runs_on_first(tmp_path: Path):
    desk = Desk(tmp_path, MODELS + SCENES + CUES)
    desk.press("/cue/go")
    desk.press("/cue/hold")
    desk.put(waiting())
    desk.press("/cue/go")
    assert (desk.hands.cues.list.held, desk.played) == (False, [])
    desk.press("/cue/go")
    assert desk.played == ["Anna"]


def test_what_is_too_large_does_not_wait(desk: Desk, caplog: pytest.LogCaptureFixture):
    wide = Stop(place=Place(name="w", **pack(np.ones((18, 1024)))))
    journeys = [Journey(name="wide", stops=[wide] * 60)] * 2
    desk.put(waiting())
    desk.put(Waiting(title="wide", journeys=journeys))
    assert desk.told[0] == "Anna"
    assert "too large" in caplog.text
