"""A deck goes the journeys it is sent on, and keeps inside a scene's fence."""

from pathlib import Path

import numpy as np
import pytest

from installation.decks.orders import Order, OrderWriter
from installation.latent import files, journeys
from installation.latent.journeys import Journey
from installation.latent.places import Place, pack
from tests.decks.rehearsal import SHOW, Stage


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
