"""When a deck's pictures have their edits: at once while nobody sees it, else as soon as can be."""

from pathlib import Path

from installation.decks.recorder import APART, Doing, whole
from installation.decks.variants import Variants
from tests.decks.rehearsal import SHOW, Stage

BENT = {"/bend/1/kind": 8, "/bend/1/layer": 2, "/bend/1/amount": 0.5}


def left_out(stage: Stage) -> list[int]:
    """What each picture so far was without."""
    records = whole(stage.arena.section("flight_a"))
    return [int(r["left_out"]) for r in records if not r["flags"] & Doing.BEGUN]


def test_a_scene_that_begins_bent_is_bent_from_its_first_picture(stage: Stage):
    stage.tell({"/state/deck_a": 0, **BENT})
    stage.start()
    assert stage.run(5)
    assert left_out(stage) == [0] * 5


def test_the_walk_goes_on_while_a_bend_is_awaited(stage: Stage):
    stage.tell({"/state/deck_a": 0})
    before = stage.run(5)
    stage.tell({"/state/deck_a": 0, **BENT})
    after = stage.run(1)
    assert before
    assert after
    assert after.walk != before.walk
    assert left_out(stage)[-1] == 1
    player = stage.deck._player
    assert player
    assert isinstance(player.generator, Variants)
    player.generator._wait()
    stage.run(2)
    assert left_out(stage)[-2:] == [0, 0]


def test_a_fences_pictures_are_marked_since_a_record_does_not_hold_it(tmp_path: Path):
    fenced = "walk: {period: 5s}, fence: {ban: [{place: 3, radius: 0.2}]}}"
    stage = Stage(tmp_path, SHOW.replace("walk: {period: 5s}}", fenced, 1))
    stage.run(3)
    assert all(r["flags"] & APART == Doing.FENCED for r in whole(stage.arena.section("flight_a")))
