"""The director's ear: which deck is ready for the wall, by what the decks say of themselves."""

from pathlib import Path

import pytest

from installation.desk.directing import Directing
from installation.desk.hands import Hands
from installation.health import HealthReader, HealthWriter
from installation.memory import Arena
from installation.session import SECTIONS
from installation.show.loader import loads
from installation.show.shared import publish, receive

SHOW = """
models: {good: {test_card: {}}, lost: gone}
scenes: {one: {model: good, look: []}, two: {model: lost, look: []}}
"""


class Desk:
    def __init__(self, folder: Path) -> None:
        self.arena = Arena.create(SECTIONS)
        publish(self.arena, *loads(SHOW, folder))
        self.edition = receive(self.arena)
        self.hands = Hands(self.edition.show, self.edition.table)
        self.directing = Directing(self.edition, HealthReader(self.arena))
        self._decks = {d: HealthWriter(self.arena, f"deck_{d}", 1) for d in "ab"}

    def plays(self, deck: str, scene: int, stand_in: bool = False, frames: int = 9) -> None:
        told = {"scene": scene, "loaded": True, "frames": frames, "stand_in": stand_in}
        self._decks[deck].write(0.0, 1, edition=self.edition.number, **told)

    def crossfade(self, wanted: int) -> float:
        """After as long as any fade takes."""
        table, values = self.edition.table, self.hands.arbiter.values
        for _ in range(3):
            self.directing.step(values, self.hands, wanted, (), 10.0)
        return float(values[table.index("/state/crossfade")])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_scene_comes_when_its_first_picture_is_there(desk: Desk):
    desk.plays("a", 0)
    desk.plays("b", 1, frames=0)
    assert desk.crossfade(1) == 0
    desk.plays("b", 1)
    assert desk.crossfade(1) == 1


def test_22_a_model_that_cannot_be_had_leaves_the_one_before_on_the_wall(desk: Desk):
    desk.plays("a", 0)
    desk.plays("b", 1, stand_in=True)
    assert desk.crossfade(1) == 0
    desk.plays("b", 1)  # it was put there meanwhile, and asked for again
    assert desk.crossfade(1) == 1


def test_a_test_card_comes_where_nothing_better_plays(desk: Desk):
    desk.plays("a", 0, stand_in=True)
    desk.plays("b", 1, stand_in=True)
    assert desk.crossfade(1) == 1
