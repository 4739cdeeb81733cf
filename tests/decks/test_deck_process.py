"""A deck's loop in this process, on a clock that only its own sleep moves."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch

from installation.child import CARD_LOST, Stop
from installation.clock import FakeClock
from installation.control.parameters import Table
from installation.control.state import Stamp, StateWriter
from installation.decks.orders import Order, OrderWriter
from installation.decks.player import JunkError
from installation.decks.process import ASLEEP, Deck
from installation.frames.header import Flag, Header
from installation.frames.ring import RingReader
from installation.generators.protocol import Generator, Picture
from installation.generators.styles import Edit
from installation.health import HealthReader
from installation.latent import files, journeys
from installation.latent.journeys import Journey
from installation.latent.places import Place, pack
from installation.latent.space import Vector
from installation.memory import Arena
from installation.session import SECTIONS, Session
from installation.show.loader import loads
from installation.show.saved import Saved
from installation.show.shared import publish, resume
from tests.small_models import write_model

SHOW = """
models:
  small: small
  gone: gone
  tiny: {test_card: {size: 24x24}}
  nan: {test_card: {fault: nan, after: 10}}
scenes:
  one: {model: small, look: [], walk: {period: 5s}}
  two: {model: small, look: [], walk: {period: 5s, seed: 9}}
  missing: {model: gone, look: []}
  junk: {model: nan, look: []}
decks: {rate: 50, smaller: {small: tiny}}
"""


class Rounds:
    """A Stop that lets the loop run a number of rounds."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __bool__(self) -> bool:
        self.left -= 1
        return self.left < 0


class Stage:
    """A deck, and what its neighbours see of it."""

    def __init__(self, folder: Path, text: str = SHOW) -> None:
        write_model(folder / "small")
        self.show, self.table = loads(text, folder)
        self.arena = Arena.create(SECTIONS)
        publish(self.arena, self.show, self.table)
        self.clock = FakeClock(1000.0)
        self.session = Session(self.arena.fd, 0, 0.0, str(folder))
        self._desk = StateWriter(self.arena.section("control"), self.table)
        self.ring = RingReader(self.arena.section("ring_a"))
        self.deck = self.start()

    def start(self) -> Deck:
        self.deck = Deck("a", self.session, self.arena, self.clock)
        return self.deck

    def tell(self, controls: Mapping[str, float]) -> None:
        values = defaults(self.table)
        for address, value in controls.items():
            values[self.table.index(address)] = value
        self._desk.write(values, {"osc": Stamp(3, self.clock.now())}, self.clock.now())

    def run(self, rounds: int) -> Header | None:
        """The header of the newest picture after so many rounds, None if there is no new one."""
        self.deck.run(cast(Stop, Rounds(rounds)))
        newest = self.ring.newest()
        return newest[0] if newest else None

    @property
    def record(self) -> Mapping[str, Any]:
        return HealthReader(self.arena).record("deck_a")


def defaults(table: Table) -> np.ndarray:
    return np.array([row.default for row in table], dtype=np.float64)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


def test_deck_a_plays_the_first_scene_before_anybody_tells_it(stage: Stage):
    header = stage.run(20)
    assert header
    assert (header.scene, header.width, header.height) == (0, 16, 16)
    assert stage.record["loaded"]
    assert stage.record["model"] == "small"


def test_it_keeps_its_rate_and_counts_its_pictures(stage: Stage):
    stage.run(101)
    assert stage.clock.now() - 1000.0 == pytest.approx(101 / 50, abs=0.05)
    assert stage.record["fps"] == pytest.approx(50, rel=0.05)
    assert stage.record["total"] >= 80


def test_a_picture_says_which_controls_it_was_made_from(stage: Stage):
    stage.tell({"/state/deck_a": 0})
    told_at = stage.clock.now()
    header = stage.run(5)
    assert header
    assert header.stamps == (3.0, told_at, 0.0, 0.0, 0.0, 0.0)
    assert header.made_at <= stage.clock.now()


def test_asleep_it_paints_nothing_and_says_so(stage: Stage):
    stage.run(5)
    stage.tell({"/state/deck_a": ASLEEP})
    assert stage.run(50) is None
    assert (stage.record["scene"], stage.record["loaded"]) == (ASLEEP, False)
    before = stage.record["beat"]
    stage.run(50)
    assert stage.record["beat"] > before  # a sleeper is no hang


def test_frozen_it_paints_the_same_place(stage: Stage):
    stage.run(5)
    stage.tell({"/state/deck_a": 0, "/master/freeze": 1})
    first, second = stage.run(5), stage.run(50)
    assert first
    assert second
    assert first.walk == second.walk
    stage.tell({"/state/deck_a": 0})
    moved = stage.run(5)
    assert moved
    assert moved.walk != first.walk


def test_a_restarted_deck_goes_on_from_its_forebears_last_picture(stage: Stage):
    left = stage.run(100)
    assert left
    stage.start()
    stage.tell({"/state/deck_a": 0, "/walk/speed": 0})
    found = stage.run(2)
    assert found
    assert found.walk == pytest.approx(left.walk)
    assert found.walk[0] > 0.1


def test_a_deck_goes_on_from_the_saved_place_of_its_scene(stage: Stage):
    place = tuple((number + 1) / 32 for number in range(16))
    resume(stage.arena, Saved("two", {"two": place}), stage.show, stage.table, stage.clock.now())
    stage.start()
    found = stage.run(2)
    assert found
    assert found.scene == 1, "it begins in the saved scene, before any desk has spoken"
    assert found.walk[1:] == place[1:]
    assert place[0] <= found.walk[0] < place[0] + 0.1


def test_a_deck_that_begins_anew_leaves_what_was_saved_and_what_its_forebear_left(stage: Stage):
    resume(stage.arena, Saved("one", {"one": (0.5,) * 16}), stage.show, stage.table, 0.0)
    stage.run(100)
    stage.session = replace(stage.session, safe=True)
    stage.start()
    stage.tell({"/state/deck_a": 0, "/walk/speed": 0})
    found = stage.run(2)
    assert found
    assert set(found.walk) == {0.0}


def test_another_scene_begins_its_own_walk(stage: Stage):
    stage.run(100)
    stage.start()
    stage.tell({"/state/deck_a": 3, "/walk/speed": 0})
    found = stage.run(2)
    assert found
    assert set(found.walk) == {0.0}


def test_a_scene_of_the_same_model_is_travelled_to_without_a_leap(stage: Stage):
    stage.run(50)
    pictures = []
    for scene in (0, 1):
        stage.tell({"/state/deck_a": scene, "/scene/fade": 4})
        stage.deck.run(cast(Stop, Rounds(1)))
        newest = stage.ring.newest()
        assert newest
        assert newest[0].scene == scene
        pictures.append(newest[1].astype(int))
    assert np.abs(pictures[1] - pictures[0]).mean() < 3
    assert stage.record["model"] == "small"


def going(*seeds: int, closed: bool = False) -> Journey:
    stops = [
        journeys.Stop(place=Place(name="p", seed=s), seconds=2.0, easing="linear") for s in seeds
    ]
    return Journey(name="j", closed=closed, stops=stops)


def order(stage: Stage, number: int, *journeys: Journey, scene: str = "one") -> None:
    order = Order(number=number, scene=scene, journeys=list(journeys))
    OrderWriter(stage.arena.section("orders")).write(order)


def here(stage: Stage) -> np.ndarray:
    player = stage.deck._player
    assert player
    assert player.z is not None
    return player.z


def test_a_journey_is_travelled_to_gone_and_held_at_its_end(stage: Stage):
    stage.tell({"/state/fade": 1})
    stage.run(20)
    before = here(stage)
    order(stage, 7, going(1, 2))
    stage.run(2)
    assert np.abs(here(stage) - before).max() < 0.2  # no leap
    stage.run(45)
    assert here(stage) != pytest.approx(Place(name="p", seed=1).position(12))
    begun = stage.run(28)  # the journey waits until the second of travel is over
    assert begun
    assert begun.walk[14:] == pytest.approx((0.5, 7.0), abs=0.1)
    assert here(stage) == pytest.approx(going(1, 2).curve(12).at(begun.walk[14]), abs=1e-6)
    stage.run(200)
    assert here(stage) == pytest.approx(Place(name="p", seed=2).position(12))
    order(stage, 8)
    stage.run(2)
    assert np.abs(here(stage) - Place(name="p", seed=2).position(12)).max() < 0.2
    stage.run(60)
    own = stage.run(20)
    assert own
    assert own.walk[0] > 0.1


def test_a_restarted_deck_goes_on_with_its_journey(stage: Stage):
    order(stage, 7, going(1, 2, 3, closed=True))
    stage.run(150)
    left = stage.deck._player
    assert left
    stage.start()
    found = stage.run(2)
    assert found
    assert found.walk[15] == 7.0
    assert left.place[14] <= found.walk[14] < left.place[14] + 0.2
    assert here(stage) == pytest.approx(
        going(1, 2, 3, closed=True).curve(12).at(found.walk[14]), abs=1e-6
    )


def test_a_journey_is_for_the_scene_it_was_ordered_in(stage: Stage):
    order(stage, 7, going(1, 2), scene="two")
    header = stage.run(20)
    assert header
    assert header.walk[15] == 0.0


def test_a_journey_through_w_or_of_another_model_is_gone_or_refused(stage: Stage, caplog):
    stage.tell({"/state/fade": 0.1})
    stage.run(10)
    w = np.random.default_rng(0).standard_normal((6, 10)).astype(np.float32)
    ours, wider = (
        Journey(name="j", stops=[journeys.Stop(place=Place(name="p", **pack(place)))])
        for place in (w, np.ones((6, 99)))
    )
    order(stage, 7, ours)
    stage.run(20)
    assert here(stage) == pytest.approx(w)
    order(stage, 8, wider)
    stage.run(20)
    assert "the network takes (6, 10)" in caplog.text
    order(stage, 9, ours, going(1, 2))
    stage.run(20)
    assert "cannot follow" in caplog.text
    assert here(stage).shape == (12,)


def test_a_scene_may_walk_a_journey_and_without_its_file_a_loop(tmp_path: Path, caplog):
    walk = "walk: {kind: journey, path: evening.journey}"
    stage = Stage(tmp_path, SHOW.replace("walk: {period: 5s}", walk))
    assert stage.run(20)
    assert "evening.journey: no such file" in caplog.text
    files.write(tmp_path / "evening.journey", going(1, 2, 3, closed=True))
    stage.start()
    header = stage.run(50)
    assert header
    curve = going(1, 2, 3, closed=True).curve(12)
    assert here(stage) == pytest.approx(curve.at(header.walk[0]), abs=0.05)


def test_a_fenced_scene_stays_out_of_its_ban(tmp_path: Path):
    fence = "walk: {period: 5s}, fence: {ban: [{place: 5, radius: 1.2}, {place: gone, radius: 1}]}"
    stage = Stage(tmp_path, SHOW.replace("walk: {period: 5s}", fence))
    stage.run(5)
    assert stage.deck._player
    assert stage.deck._player.fence is None  # one of its places is gone: told, and played on
    files.write(tmp_path / "gone", Place(name="p", seed=6))
    stage.start()
    centres = [Place(name="p", seed=seed).position(12) for seed in (5, 6)]
    for _ in range(60):
        stage.run(5)
        fenced = stage.deck._player.fence
        assert fenced
        assert fenced.distance(here(stage), centres[0]) >= 1.2
        assert fenced.distance(here(stage), centres[1]) >= 1.0


def test_a_model_that_is_gone_is_played_by_the_test_card_with_the_reason(stage: Stage):
    stage.tell({"/state/deck_a": 2})
    header = stage.run(20)
    assert header
    assert header.flags & Flag.TEST_CARD
    assert "no such folder" in stage.record["error"]
    stage.tell({"/state/deck_a": 0})
    header = stage.run(20)
    assert header
    assert not header.flags & Flag.TEST_CARD
    assert stage.record["error"] == ""


def test_junk_is_never_published_and_in_the_end_the_deck_gives_up(stage: Stage):
    stage.tell({"/state/deck_a": 3})
    stage.run(10)
    assert stage.run(20) is None
    assert stage.record["discarded"] > 0
    with pytest.raises(JunkError):
        stage.run(50)


class Hungry:
    """A generator that finds no memory so many times."""

    name, backend, width, height = "hungry", "fake", 16, 16
    directions = ()

    def __init__(self, model: Generator, times: int, error: Exception) -> None:
        self._model, self.space, self.times, self._error = model, model.space, times, error

    def styles(self, z: Vector) -> Vector:
        return self._model.styles(z)

    def draw(self, place: Vector, psi: float, out: Picture, edit: Edit | None = None) -> bool:
        self.times -= 1
        if self.times >= 0:
            raise self._error
        return self._model.draw(place, psi, out, edit)

    def close(self) -> None:
        self._model.close()


def hungry(stage: Stage, times: int, error: Exception) -> None:
    """Let the deck's playing generator run out of memory from here on."""
    stage.tell({"/state/deck_a": 0})
    assert stage.run(3)
    player = stage.deck._player
    assert player
    player.generator = Hungry(player.generator, times, error)


def test_07_a_card_out_of_memory_is_given_back_and_tried_once_more(stage: Stage):
    hungry(stage, 1, torch.cuda.OutOfMemoryError("CUDA out of memory."))
    before = stage.clock.now()
    assert stage.run(2), "the picture after"
    print(f"row 7: the next picture {stage.clock.now() - before:.2f} s after")
    assert stage.run(30)
    assert stage.record["model"] == "small"


def test_07_a_card_that_stays_full_plays_a_smaller_model(stage: Stage):
    hungry(stage, 99, torch.cuda.OutOfMemoryError("CUDA out of memory."))
    header = stage.run(20)
    assert header
    assert (header.width, header.height) == (24, 24)
    assert stage.record["model"] == "tiny"
    assert "tiny plays in the place of small" in stage.record["error"]


def test_08_a_lost_card_ends_the_process_with_a_word_for_the_supervisor(stage: Stage):
    hungry(stage, 99, RuntimeError("CUDA error: the launch timed out and was terminated"))
    with pytest.raises(SystemExit) as ended:
        stage.run(20)
    assert ended.value.code == CARD_LOST
