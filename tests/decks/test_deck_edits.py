"""When a deck's pictures have their edits: at once while nobody sees it, else as soon as can be."""

from installation.decks.recorder import Doing, whole
from installation.decks.variants import Variants
from tests.decks.rehearsal import Stage

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
