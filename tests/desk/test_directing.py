"""A scene of several models on the two decks: who is told to play what, and when."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.control.state import Values
from installation.desk.directing import Directing
from installation.desk.hands import Asked, Hands
from installation.health import HealthReader
from installation.show.loader import loads
from installation.show.shared import Edition

SHOW = """
models: {ada: ada, bea: bea, cid: cid}
scenes:
  people: {models: [ada, bea, cid], passing: {each: 2s, fade: 1s}, look: []}
  bea: {model: bea, look: []}
cues: [{name: alone, scene: bea, fade: 1s}]
"""
DT = 1 / 20


class Decks(HealthReader):
    """Two decks that play at once what the rows tell them."""

    def __init__(self) -> None:
        self.told: dict[str, tuple[int, int]] = {"a": (0, 0), "b": (-1, 0)}

    def record(self, process: str) -> dict[str, Any]:
        scene, member = self.told.get(process[-1], (-1, 0))
        told = {"loaded": scene >= 0, "frames": 9, "edition": 1, "scene": scene, "member": member}
        return told if process.startswith("deck") else {}


class Evening:
    def __init__(self, folder: Path) -> None:
        show, table = loads(SHOW, folder)
        self.table, self.hands, self.decks = table, Hands(show, table), Decks()
        self.edition = Edition(1, show, table)
        self.directing, self.now = Directing(self.edition, self.decks), 10.0
        self.refused: set[str] = set()

    def play(self, seconds: float) -> list[tuple[set[tuple[int, int]], float]]:
        """Who is on the wall, and the crossfade, tick by tick."""
        seen = []
        for _ in range(round(seconds / DT)):
            self.now += DT
            self.hands.panel(self.now)
            values = self.hands.step(self.now, DT)
            self.directing.step(values, self.hands, self.hands.scene, self.refused, DT)
            for deck in "ab":
                part = self.row(values, f"deck_{deck}"), self.row(values, f"model_{deck}")
                self.decks.told[deck] = part
            self.values, fade = values, float(values[self.table.index("/state/crossfade")])
            shown = {self.decks.told["a"]} if fade < 1 else set()
            seen.append((shown | ({self.decks.told["b"]} if fade > 0 else set()), fade))
        return seen

    def row(self, values: Values, name: str) -> int:
        return int(values[self.table.index(f"/state/{name}")])

    @property
    def wall(self) -> set[tuple[int, int]]:
        return {part for part in self.decks.told.values() if part[0] >= 0}

    def ask(self, address: str, value: float | None = None) -> None:
        self.hands.ask(Asked(address, value))


@pytest.fixture
def evening(tmp_path: Path) -> Evening:
    return Evening(tmp_path)


def test_the_scene_passes_on_through_the_crossfader_round_and_round(evening: Evening):
    seen = evening.play(20.0)
    alone = [shown for shown, _ in seen if len(shown) == 1]
    turns = [next(iter(shown))[1] for shown in alone]
    order = [turn for turn, before in zip(turns, [None, *turns], strict=False) if turn != before]
    assert order[:6] == [0, 1, 2, 0, 1, 2]
    fades = np.array([fade for _, fade in seen])
    assert np.abs(np.diff(fades)).max() < 2 * DT  # one second, smooth: never a cut
    assert len(alone) * DT == pytest.approx(20 * 2 / 3, abs=2.5)


def test_the_next_one_is_kept_ready_and_only_then_the_next_cues(evening: Evening):
    evening.play(1.0)
    ready = [evening.row(evening.values, name) for name in ("standby", "standby_model")]
    assert ready == [0, 1]
    evening.refused = {"bea", "cid"}
    evening.play(0.1)
    assert evening.row(evening.values, "standby") == 1  # the cue's scene: nobody else may come


def test_who_has_withdrawn_leaves_the_wall_and_is_left_out(evening: Evening):
    evening.play(1.0)
    evening.refused = {"ada"}
    evening.play(1.5)
    assert evening.wall == {(0, 1)}
    later = set.union(*(shown for shown, _ in evening.play(12.0)))
    assert later == {(0, 1), (0, 2)}


def test_a_press_passes_at_once_and_a_freeze_keeps_whom_it_found(evening: Evening):
    evening.play(0.2)
    evening.ask("/scene/pass")
    evening.play(1.3)
    assert evening.wall == {(0, 1)}
    evening.ask("/master/freeze", 1.0)
    evening.play(9.0)
    assert evening.wall == {(0, 1)}


def test_a_scene_of_the_model_on_the_wall_is_played_by_the_same_deck(evening: Evening):
    evening.play(0.1)
    evening.ask("/scene/pass")
    evening.play(1.5)
    assert evening.decks.told["b"] == (0, 1)
    evening.ask("/scene", 1.0)
    fades = {fade for _, fade in evening.play(0.5)}
    assert fades == {1.0}
    assert evening.decks.told["b"] == (1, 0)
    evening.ask("/scene", 0.0)
    evening.play(0.5)
    assert evening.decks.told["b"] == (0, 1)  # and back to whom it left


def test_another_edition_goes_on_with_who_is_there(evening: Evening, tmp_path: Path):
    evening.play(0.1)
    evening.ask("/scene/pass")
    evening.play(1.5)
    text = SHOW.replace("people: {models: [ada, bea, cid]", "people: {models: [cid, bea]")
    show, table = loads(text, tmp_path)
    evening.directing.adopt(Edition(2, show, table))
    evening.directing.step(evening.values, evening.hands, 0, set(), DT)
    told = [evening.row(evening.values, name) for name in ("deck_b", "model_b", "crossfade")]
    assert told == [0, 1, 1]
