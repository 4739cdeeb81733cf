from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from installation.control.parameters import Table
from installation.control.state import StateReader, StateWriter
from installation.frames.header import Header
from installation.show.framing import Frame
from installation.stage.fallback import Mode
from installation.stage.programme import Programme
from installation.stage.timeline import Timeline
from tests.stage.conftest import LOOKS, PAINTED, PLAIN


@dataclass
class FakeDeck:
    """A deck that has made one picture, or none."""

    header: Header | None = None
    timeline: Timeline = field(default_factory=Timeline)
    frame: Frame = field(default_factory=Frame)

    def make(self, at: float, scene: int = PLAIN, edition: int = 0) -> None:
        self.header = Header(64, 36, scene, made_at=at, edition=edition)
        self.timeline.push(at)


class Desk:
    """The controls, as a desk would publish them."""

    def __init__(self, table: Table) -> None:
        memory = memoryview(bytearray(1 << 16))
        self.reader = StateReader(memory, table)
        self._writer, self._table = StateWriter(memory, table), table
        self._values = self.reader.values.copy()

    def set(self, **rows: float) -> None:
        for name, value in rows.items():
            self._values[self._table.index("/" + name.replace("__", "/"))] = value
        self._writer.write(self._values, {}, 0.0)
        self.reader.refresh()


@pytest.fixture
def decks() -> list[FakeDeck]:
    return [FakeDeck(), FakeDeck()]


@pytest.fixture
def programme(decks: list[FakeDeck]) -> Programme:
    return Programme(decks, LOOKS, start=0.0)


@pytest.fixture
def desk(table: Table) -> Desk:
    return Desk(table)


def test_before_the_first_picture_the_canvas_stands(programme: Programme, desk: Desk):
    shot, remember = programme.next(1.0, desk.reader)
    assert shot.frozen
    assert not remember
    assert programme.fallback.mode is Mode.HOUSE
    assert programme.visible == []


@pytest.mark.parametrize("crossfade", [0.0, 0.4, 1.0])
def test_a_deck_without_pictures_is_never_shown(
    programme: Programme, desk: Desk, decks: list[FakeDeck], crossfade: float
):
    desk.set(state__crossfade=crossfade)
    decks[1].make(1.0)
    assert programme.next(1.0, desk.reader)[0].crossfade == 1.0
    assert programme.visible == [decks[1]]
    decks[0].make(1.0)
    assert programme.next(1.0, desk.reader)[0].crossfade == crossfade


def test_the_deck_that_sleeps_may_be_as_old_as_it_likes(
    programme: Programme, desk: Desk, decks: list[FakeDeck]
):
    decks[0].make(1.0)
    decks[1].make(500.0)
    desk.set(state__crossfade=1.0)
    programme.next(500.0, desk.reader)
    assert programme.fallback.mode is Mode.LIVE
    desk.set(state__crossfade=0.0)
    programme.next(500.1, desk.reader)
    assert programme.fallback.mode is Mode.HELD


def test_another_look_comes_in_the_time_of_a_scene_change(
    programme: Programme, desk: Desk, decks: list[FakeDeck]
):
    desk.set(state__fade=4.0)
    decks[0].make(1.0, PLAIN)
    shot, _ = programme.next(1.0, desk.reader)
    assert shot.look_from is None
    decks[0].make(2.0, PAINTED)
    desk.set(state__deck_a=PAINTED)
    shots = [programme.next(2.0 + step / 10, desk.reader)[0] for step in range(42)]
    assert (shots[0].look_from, shots[0].look, shots[0].turn) == (PLAIN, PAINTED, 0.0)
    turns = [shot.turn for shot in shots]
    assert turns == sorted(turns)
    assert max(b - a for a, b in pairwise(turns)) < 0.05
    assert (shots[-1].look_from, shots[-1].turn) == (None, 1.0)


def test_two_decks_with_two_looks_are_finished_apart(
    programme: Programme, desk: Desk, decks: list[FakeDeck]
):
    decks[0].make(1.0, PLAIN)
    decks[1].make(1.0, PAINTED)
    seen = []
    desk.set(state__deck_b=PAINTED)
    for step in range(11):
        desk.set(state__crossfade=step / 10)
        shot, remember = programme.next(1.1, desk.reader)
        seen.append((shot.look, shot.look_b, shot.look_from))
        assert not remember or step == 0  # the first live picture
    apart = (PLAIN, PAINTED, None)
    assert seen == [(PLAIN, None, None), *[apart] * 9, (PAINTED, None, None)]


def test_a_thaw_comes_by_a_dissolve(programme: Programme, desk: Desk, decks: list[FakeDeck]):
    decks[0].make(1.0)
    programme.next(1.0, desk.reader)
    desk.set(master__freeze=1)
    shot, remember = programme.next(1.1, desk.reader)
    assert (shot.frozen, remember) == (True, False)
    desk.set(master__freeze=0)
    shot, remember = programme.next(1.9, desk.reader)
    assert (shot.frozen, remember, shot.ghost) == (False, True, 1.0)


def test_a_scene_that_the_show_does_not_have_changes_nothing(
    programme: Programme, desk: Desk, decks: list[FakeDeck]
):
    decks[0].make(1.0, PAINTED)
    desk.set(state__deck_a=PAINTED)
    programme.next(1.0, desk.reader)
    decks[0].make(1.1, 4_000_000_000)
    assert programme.next(1.1, desk.reader)[0].look == PAINTED


def test_scenes_in_another_order_keep_their_look_until_a_picture_of_that_edition_is_here(
    programme: Programme, desk: Desk, decks: list[FakeDeck]
):
    decks[0].make(1.0, PAINTED)
    before = LOOKS[programme.next(1.0, desk.reader)[0].look]
    looks = programme.adopt(list(reversed(LOOKS)), edition=2)
    for at, scene, edition in ((1.1, PAINTED, 0), (1.2, len(LOOKS) - 1 - PAINTED, 2)):
        decks[0].make(at, scene, edition)
        shot, remember = programme.next(at, desk.reader)
        assert looks[shot.look] == before
        assert shot.look_from is None
        assert not remember


def test_blackout_ends_in_no_light(programme: Programme, desk: Desk, decks: list[FakeDeck]):
    decks[0].make(0.0)
    desk.set(master__blackout=1)
    lights = [programme.next(place / 60, desk.reader)[0].light for place in range(90)]
    assert lights[0] == 1.0
    assert lights[-1] == 0.0
    assert programme.master.dark


def test_a_cue_brings_a_look_to_the_scene_on_the_wall(desk: Desk, decks: list[FakeDeck]):
    programme = Programme(decks, [*LOOKS, LOOKS[PAINTED]], start=0.0, scenes=len(LOOKS))
    extra = len(LOOKS)
    decks[0].make(1.0, PLAIN)
    desk.set(state__fade=2.0, state__deck_a=PLAIN)
    assert programme.next(1.0, desk.reader)[0].look == PLAIN
    desk.set(state__look_a=extra)
    shots = [programme.next(1.0 + step / 30, desk.reader) for step in range(1, 70)]
    assert not any(remember for _, remember in shots)
    assert (shots[0][0].look_from, shots[0][0].look) == (PLAIN, extra)
    assert (shots[-1][0].look_from, shots[-1][0].look) == (None, extra)


def test_a_look_waits_for_the_pictures_of_its_scene(desk: Desk, decks: list[FakeDeck]):
    programme = Programme(decks, [*LOOKS, []], start=0.0, scenes=len(LOOKS))
    decks[0].make(1.0, PLAIN)
    desk.set(state__deck_a=PLAIN, state__look_a=len(LOOKS))
    programme.next(1.0, desk.reader)
    desk.set(state__deck_a=PAINTED, state__look_a=-1)
    assert programme.next(1.1, desk.reader)[0].look == len(LOOKS)
    decks[0].make(1.2, PAINTED)
    assert programme.next(1.2, desk.reader)[0].look == PAINTED


def test_a_deck_has_its_scenes_frame_and_another_one_dissolves(decks: list[FakeDeck], desk: Desk):
    whole = Frame(fit=1)
    programme = Programme(decks, LOOKS, 0.0, scenes=2, frames=[Frame(), whole])
    desk.set(state__deck_a=0)
    decks[0].make(1.0, 0)
    programme.next(1.0, desk.reader)
    decks[0].make(3.0, 0)
    assert not programme.next(3.0, desk.reader)[1]
    decks[0].make(3.1, 1)
    assert programme.next(3.1, desk.reader)[1], "it is remembered"
    assert decks[0].frame == whole
    programme.adopt(LOOKS, edition=2, scenes=2, frames=[Frame(), Frame()])
    decks[0].make(3.2, 1)
    programme.next(3.2, desk.reader)
    assert decks[0].frame == whole, "a picture of the former edition keeps its frame"
    decks[0].make(3.3, 1, edition=2)
    programme.next(3.3, desk.reader)
    assert decks[0].frame == Frame()
