from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.easing import EASINGS
from installation.desk.director import ASLEEP, Direction, Director

MODELS = ["sea", "sky", "sea", "card", "sky"]
FADE = 2.0
DT = 1 / 60
scenes = st.integers(0, len(MODELS) - 1)


class Decks:
    """Two decks that deliver the scene they were told, a few looks later."""

    def __init__(self, slowness: int = 2) -> None:
        self.told = {"a": 0, "b": ASLEEP}
        self._since = {"a": 99, "b": 0}
        self.slowness = slowness

    def hear(self, direction: Direction) -> None:
        for deck, scene in (("a", direction.deck_a), ("b", direction.deck_b)):
            self._since[deck] = self._since[deck] + 1 if scene == self.told[deck] else 0
            self.told[deck] = scene

    def ready(self, deck: str) -> int:
        return self.told[deck] if self._since[deck] >= self.slowness else ASLEEP


def played(
    director: Director, decks: Decks, wanted: Sequence[int], fade: float = FADE, dt: float = DT
) -> list[Direction]:
    directions = []
    for scene in wanted:
        directions.append(director.step(scene, fade, decks.ready, dt))
        decks.hear(directions[-1])
    return directions


def visible(direction: Direction) -> set[int]:
    """The scenes whose light is on the wall."""
    shown = {direction.deck_a} if direction.crossfade < 1 else set()
    return shown | ({direction.deck_b} if direction.crossfade > 0 else set())


def check_smooth(directions: Sequence[Direction], start: float, part: float) -> None:
    before = start
    for direction in directions:
        assert abs(direction.crossfade - before) <= 1.5 * part + 1e-9
        assert 0.0 <= direction.crossfade <= 1.0
        assert ASLEEP not in visible(direction)
        before = direction.crossfade


stretches = st.lists(st.tuples(scenes, st.integers(1, 200)), max_size=12)


@given(stretches, st.integers(0, 30), st.floats(0.02, 5))
def test_whatever_is_wanted_the_crossfade_runs_on_and_ends_there(stretches, slowness, fade):
    director, decks = Director(MODELS), Decks(slowness)
    wanted = [scene for scene, ticks in stretches for _ in range(ticks)]
    last = wanted[-1] if wanted else 0
    wanted += [last] * (2 * round(2 * fade / DT) + 4 * slowness + 20)
    directions = played(director, decks, wanted, fade)
    check_smooth(directions, 0.0, DT / fade)
    assert visible(directions[-1]) == {last}
    assert {directions[-1].deck_a, directions[-1].deck_b} == {last, ASLEEP}


@given(st.lists(st.tuples(scenes, st.integers(-1, 4), st.integers(-1, 4)), max_size=150))
def test_decks_that_answer_anything_cannot_put_a_sleeping_deck_on_the_wall(answers):
    director, before = Director(MODELS), 0.0
    for wanted, a, b in answers:
        direction = director.step(wanted, FADE, {"a": a, "b": b}.__getitem__, 0.1)
        check_smooth([direction], before, 0.1 / FADE)
        before = direction.crossfade


def test_a_scene_of_the_same_model_travels_on_the_same_deck():
    directions = played(Director(MODELS), Decks(), [2] * 10)
    assert directions[-1] == Direction(2, ASLEEP, 0.0)


def test_the_old_deck_stays_until_the_new_one_delivers():
    decks = Decks(slowness=10**9)
    directions = played(Director(MODELS), decks, [1] * 1000)
    assert directions[-1] == Direction(0, 1, 0.0)
    decks.slowness = 0
    director_goes_on = played(Director(MODELS), decks, [1] * 1000)
    assert director_goes_on[-1] == Direction(ASLEEP, 1, 1.0)


def test_a_fade_takes_as_long_as_it_should():
    directions = played(Director(MODELS), Decks(0), [1] * 1000)
    fading = sum(0.0 < direction.crossfade < 1.0 for direction in directions)
    assert fading == pytest.approx(FADE / DT, abs=2)


def test_a_fade_of_no_time_is_a_cut():
    directions = played(Director(MODELS), Decks(0), [1] * 5, fade=0.0)
    assert {direction.crossfade for direction in directions} == {0.0, 1.0}


def test_a_change_of_mind_turns_the_fade_back():
    director, decks = Director(MODELS), Decks()
    there = played(director, decks, [1] * 60)
    assert 0.0 < there[-1].crossfade < 1.0
    back = played(director, decks, [0] * 200)
    check_smooth(back, there[-1].crossfade, DT / FADE)
    assert back[0].crossfade < there[-1].crossfade
    assert back[-1] == Direction(0, ASLEEP, 0.0)


def test_a_change_of_mind_before_the_fade_puts_the_other_deck_to_sleep():
    director, decks = Director(MODELS), Decks(slowness=50)
    played(director, decks, [1] * 10)
    assert played(director, decks, [0])[-1] == Direction(0, ASLEEP, 0.0)


@given(st.lists(scenes, min_size=1, max_size=4), st.integers(1, 200), scenes)
def test_a_restarted_desk_goes_on_where_the_last_one_stopped(before, ticks, after):
    decks = Decks()
    wanted = [scene for scene in before for _ in range(ticks)]
    left = played(Director(MODELS), decks, wanted)[-1]
    successor = Director(MODELS)
    successor.restore(left)
    directions = played(successor, decks, [after] * 700)
    check_smooth(directions, left.crossfade, DT / FADE)
    assert visible(directions[-1]) == {after}


@given(st.floats(0, 1))
def test_a_restart_moves_the_crossfade_by_one_step_at_most(crossfade: float):
    successor = Director(MODELS)
    successor.restore(Direction(0, 1, crossfade))
    direction = successor.step(1, FADE, lambda deck: 1, DT)
    assert direction.crossfade == pytest.approx(crossfade, abs=1.5 * DT / FADE + 1e-6)


@given(stretches, st.lists(st.sampled_from(list(EASINGS)), min_size=12, max_size=12))
def test_whatever_the_easings_nothing_jumps(stretches, easings):
    director, decks, before = Director(MODELS), Decks(), 0.0
    for (wanted, ticks), easing in zip(stretches, easings, strict=False):
        for _ in range(ticks):
            told = director.step(wanted, FADE, decks.ready, DT, easing)
            decks.hear(told)
            assert abs(told.crossfade - before) <= 2.0 * DT / FADE + 1e-9
            before = told.crossfade


@pytest.mark.parametrize("back", [False, True])
def test_an_easing_has_its_shape_in_both_ways(back: bool):
    director, decks = Director(MODELS), Decks(0)
    if back:
        played(director, decks, [1] * 200)
    told = director.step(int(back), FADE, decks.ready, 0.0)
    start = told.crossfade
    for _ in range(round(FADE / 2 / DT)):
        told = director.step(int(not back), FADE, decks.ready, DT, "in")
        decks.hear(told)
    assert abs(told.crossfade - start) == pytest.approx(0.25, abs=0.02)


def test_a_deck_to_leave_hands_its_scene_to_the_other_and_sleeps():
    director = Director(["sea", "face"])
    ready = {"a": 0, "b": ASLEEP}
    told = [director.step(0, 1.0, ready.__getitem__, 0.1, leave="a") for _ in range(5)]
    assert told[-1] == Direction(0, 0, 0.0), "the other deck is not ready yet"
    ready["b"] = 0
    fading = [director.step(0, 1.0, ready.__getitem__, 0.1, leave="a") for _ in range(12)]
    shown = [each.crossfade for each in fading]
    assert shown == sorted(shown), "it never turns back"
    assert fading[-1] == Direction(ASLEEP, 0, 1.0)
    assert director.step(0, 1.0, ready.__getitem__, 0.1, leave="a") == Direction(ASLEEP, 0, 1.0)
