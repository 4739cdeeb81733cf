"""A deck plays scenes, sleeps, goes on where its forebear stopped, and never publishes junk."""

from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from installation.child import Stop
from installation.decks.player import JunkError
from installation.decks.process import ASLEEP
from installation.frames.header import Flag, Header
from installation.frames.ring import RingWriter
from installation.show.saved import Saved
from installation.show.shared import resume
from tests.decks.rehearsal import Rounds, Stage


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
    assert header.stamps[:2] == (3.0, told_at)
    assert not any(header.stamps[2:])
    assert header.made_at <= stage.clock.now()


def test_asleep_it_paints_nothing_and_says_so(stage: Stage):
    stage.run(5)
    stage.tell({"/state/deck_a": ASLEEP})
    assert stage.run(50) is None
    assert (stage.record["scene"], stage.record["loaded"]) == (ASLEEP, False)
    before = stage.record["beat"]
    stage.run(50)
    assert stage.record["beat"] > before  # a sleeper is no hang


def test_in_the_dark_it_paints_twice_a_second_and_at_once_when_it_is_light(stage: Stage):
    stage.tell({"/state/deck_a": 0, "/state/light": 0})
    stage.run(5)
    painted, beat, begun = stage.record["total"], stage.record["beat"], stage.clock.now()
    stage.run(400)
    seconds = stage.clock.now() - begun
    assert 1.5 * seconds < stage.record["total"] - painted <= 2 * seconds
    assert stage.record["beat"] - beat > 4 * seconds, "it looks like a hang"
    stage.tell({"/state/deck_a": 0, "/state/light": 0.001})
    assert stage.run(1)


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


def test_another_model_of_the_scene_goes_on_at_the_place_on_the_wall(stage: Stage):
    place = tuple((number + 1) / 32 for number in range(16))
    beside = RingWriter(stage.arena.section("ring_b"))
    beside.frame(8, 8)
    beside.publish(Header(8, 8, scene=4, made_at=stage.clock.now(), walk=place))
    stage.tell({"/state/deck_a": 4, "/state/model_a": 1, "/walk/speed": 0})
    found = stage.run(20)
    assert found
    assert (found.width, found.walk) == (24, place)
    assert (stage.record["scene"], stage.record["member"], stage.record["model"]) == (4, 1, "tiny")
    stage.tell({"/state/deck_a": 4, "/state/model_a": 0, "/walk/speed": 0})
    back = stage.run(2)
    assert back
    assert back.width == 16


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


def test_a_model_that_is_gone_is_played_by_the_test_card_with_the_reason(stage: Stage):
    stage.tell({"/state/deck_a": 2})
    header = stage.run(20)
    assert header
    assert header.flags & Flag.TEST_CARD
    assert "no such folder" in stage.record["error"]
    assert stage.record["stand_in"]
    stage.tell({"/state/deck_a": 0})
    header = stage.run(20)
    assert header
    assert not header.flags & Flag.TEST_CARD
    assert (stage.record["error"], stage.record["stand_in"]) == ("", False)


def test_junk_is_never_published_and_in_the_end_the_deck_gives_up(stage: Stage):
    stage.tell({"/state/deck_a": 3})
    stage.run(10)
    assert stage.run(20) is None
    assert stage.record["discarded"] > 0
    with pytest.raises(JunkError):
        stage.run(50)
