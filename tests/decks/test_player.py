import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.control.state import StateReader, StateWriter
from installation.decks.choosing import choose
from installation.decks.loading import load
from installation.decks.player import JunkError, Player, Travel, make_walk, steering
from installation.errors import ModelError
from installation.generators.test_card import TestCard
from installation.latent.walks import START, Steering
from installation.show import models, schema
from tests.small_models import write_model

STILL = Steering(push=(0.0,) * 6)
OUT = np.zeros((16, 16, 4), np.uint8)
DT = 1 / 60


def player(fault: str = "none", after: float = 0) -> Player:
    card = TestCard(16, 16, fault, after)
    return Player(card, make_walk(schema.Scene.model_validate({"model": "card"}), card))


def test_the_walk_goes_on_with_every_picture():
    ours = player()
    places = set()
    for _ in range(10):
        assert ours.draw(STILL, 1.0, DT, OUT)
        places.add(ours.place)
    assert len(places) == 10
    assert ours.frames == 10
    assert ours.discarded == 0


def test_two_players_of_one_scene_paint_the_same_film():
    films = []
    for ours in (player(), player()):
        film = []
        for _ in range(5):
            ours.draw(STILL, 1.0, DT, OUT)
            film.append(OUT.copy())
        films.append(np.stack(film))
    assert (films[0] == films[1]).all()


def test_junk_is_thrown_away_then_the_walk_starts_anew_then_the_deck_gives_up():
    ours = player("nan", after=20)
    for _ in range(20):
        assert ours.draw(STILL, 1.0, DT, OUT)
    left, places = ours.place, []
    for _ in range(29):
        assert not ours.draw(STILL, 1.0, DT, OUT)
        places.append(ours.place)
    with pytest.raises(JunkError, match="test card"):
        ours.draw(STILL, 1.0, DT, OUT)
    assert (ours.frames, ours.discarded) == (20, 30)
    assert places[0] == left != START
    assert places[-1] == START


def test_a_good_picture_forgives_the_junk_before_it():
    ours = player()
    for lap in range(20):
        ours.generator = TestCard(16, 16, "nan")
        for _ in range(9):
            assert not ours.draw(STILL, 1.0, DT, OUT)
        ours.generator = TestCard(16, 16)
        assert ours.draw(STILL, 1.0, DT, OUT)
        assert ours.frames == lap + 1


def test_axes_the_model_does_not_have_push_nothing():
    scene = {"model": "card", "axes": {"x": "moon"}, "walk": {"lean": {"sun": 2.0}}}
    card = TestCard(16, 16)
    walk = make_walk(schema.Scene.model_validate(scene), card)
    plain = make_walk(schema.Scene.model_validate({"model": "card"}), card)
    pushed = Steering(push=(2.0,) * 6)
    assert (walk.step(START, pushed, DT)[1] == plain.step(START, STILL, DT)[1]).all()


def test_the_walk_is_steered_by_the_table():
    table = Table(house_rows(["one", "two"]))
    view = memoryview(bytearray(8192))
    values = np.array([row.default for row in table], dtype=np.float64)
    for address, value in {"/walk/speed": 2.5, "/walk/tide": 0.5, "/steer/y": -1.5}.items():
        values[table.index(address)] = value
    StateWriter(view, table).write(values, {}, 1.0)
    told = steering(StateReader(view, table).refresh())
    assert told == Steering(2.5, 1.0, 0.5, (0.0, -1.5, 0.0, 0.0, 0.0, 0.0))


places = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).standard_normal(8))


@given(places, places, st.floats(0.5, 20), st.integers(1, 120))
def test_a_journey_begins_here_ends_there_and_never_leaps(here, there, seconds, fps):
    journey = Travel(here, seconds)
    way = [journey.step(there, 0.0)]
    way += [journey.step(there, 1 / fps) for _ in range(math.ceil(seconds * fps) + 1)]
    assert way[0] == pytest.approx(here)
    assert way[-1] == pytest.approx(there)
    far = math.pi * max(np.linalg.norm(here), np.linalg.norm(there))
    leaps = np.linalg.norm(np.diff(way, axis=0), axis=1)
    assert leaps.max() <= 1.5 * far * min(1.0, 1 / fps / seconds) * 1.5 + 1e-9


def test_a_show_without_a_network_plays_the_test_card(tmp_path: Path):
    model = models.TestCardModel.model_validate({"test_card": {"size": "64x48", "fault": "slow"}})
    card = load(model, tmp_path)
    assert (card.width, card.height) == (64, 48)
    assert "slow" in card.backend


def test_the_first_backend_is_taken_unless_one_is_named(tmp_path: Path):
    write_model(tmp_path / "small")
    assert load("small", tmp_path).backend.startswith("openvino")
    assert load("small", tmp_path, "torch").backend.startswith("torch")


def test_a_backend_that_is_not_there_is_told():
    with pytest.raises(ModelError, match="backend abacus is not installed"):
        choose("abacus")


def test_a_model_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(ModelError, match="no such folder"):
        load("gone", tmp_path)
