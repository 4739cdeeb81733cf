from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.cues import BOUNCE, NONE, Cue, CueList
from installation.control.easing import EASINGS, eased

NOON = datetime(2026, 3, 28, 12)
DT = 1 / 30


class Clock:
    """A wall clock that goes with the steps, and can be set."""

    def __init__(self, wall: datetime = NOON) -> None:
        self.wall = wall

    def run(self, cues: CueList, seconds: float, dt: float = DT) -> list[int]:
        """The places of the cues that were current, each once a stretch."""
        seen = [cues.current]
        for _ in range(round(seconds / dt)):
            self.wall += timedelta(seconds=dt)
            cues.step(dt, self.wall)
            if cues.current != seen[-1]:
                seen.append(cues.current)
        return seen


def listed(*cues: Cue) -> CueList:
    return CueList(cues)


def test_go_walks_down_the_list_and_stops_at_its_end():
    cues, clock = listed(Cue("a"), Cue("b")), Clock()
    assert (cues.current, cues.next, cues.progress) == (NONE, 0, 1.0)
    for expected in (0, 1, 1):
        cues.go()
        clock.run(cues, 1)
        assert cues.current == expected
    assert cues.next == NONE
    assert not cues.go()


def test_an_empty_list_does_nothing():
    cues = listed()
    assert not any((cues.go(), cues.back(), cues.jump(0)))
    cues.hold()
    assert not cues.held
    assert Clock().run(cues, 1) == [NONE]


def test_two_fingers_on_go_are_one_go():
    cues, clock = listed(*(Cue(name) for name in "abc")), Clock()
    assert cues.go()
    clock.run(cues, BOUNCE / 2)
    assert not cues.go()
    clock.run(cues, BOUNCE * 1.5)
    assert cues.go()
    assert cues.current == 1


def test_back_and_jump_go_where_they_say():
    cues = listed(*(Cue(name) for name in "abc"))
    assert not cues.back()
    assert cues.jump(2)
    assert not cues.direct
    assert cues.back()
    assert (cues.current, cues.direct) == (1, False)
    assert not cues.jump(3)
    assert cues.go()
    assert (cues.current, cues.direct) == (2, True)


def test_a_cue_waits_then_fades_then_calls_the_next():
    cues, clock = listed(Cue("a", fade=4, wait=2, follow=3), Cue("b")), Clock()
    cues.go()
    clock.run(cues, 1.9)
    assert cues.progress == 0.0
    clock.run(cues, 2.1)
    assert cues.progress == pytest.approx(0.5, abs=0.02)
    assert cues.follows_in == pytest.approx(5.0, abs=0.05)
    assert clock.run(cues, 4.9) == [0]
    assert clock.run(cues, 0.2) == [0, 1]
    assert cues.follows_in is None


def test_the_fade_begins_once_when_the_wait_is_over():
    cues, clock, begun = listed(Cue("a", wait=1)), Clock(), []
    cues.go()
    for step in range(90):
        clock.run(cues, DT)
        if cues.begun:
            begun.append(step)
    assert len(begun) == 1
    assert begun[0] in (29, 30)


def test_hold_stops_the_time_and_go_lets_it_run_on():
    cues, clock = listed(Cue("a", fade=4, follow=0), Cue("b")), Clock()
    cues.go()
    clock.run(cues, 1)
    cues.hold()
    assert clock.run(cues, 60) == [0]
    assert cues.progress == pytest.approx(0.25, abs=0.02)
    cues.go()
    assert (cues.held, cues.current) == (False, 0)
    assert clock.run(cues, 3.1) == [0, 1]


def test_stand_keeps_the_cue_and_calls_no_other():
    cues, clock = listed(Cue("a", follow=1), Cue("b")), Clock()
    cues.go()
    cues.stand()
    assert clock.run(cues, 60) == [0]
    assert cues.go()
    assert cues.current == 1


def test_then_closes_the_list_to_a_ring():
    cues = listed(Cue("a", fade=1, follow=1), Cue("b", fade=1, follow=1, then=0))
    cues.go()
    assert Clock().run(cues, 9) == [0, 1, 0, 1, 0]


def test_the_clock_calls_a_cue_at_its_time_once_a_day():
    cues, clock = listed(Cue("a"), Cue("dinner", at=time(20, 30))), Clock()
    clock.run(cues, 8.4 * 3600, dt=10)
    assert cues.current == NONE
    clock.run(cues, 0.2 * 3600, dt=10)
    assert cues.current == 1
    cues.jump(0)
    clock.run(cues, 23.8 * 3600, dt=10)
    assert cues.current == 0
    clock.run(cues, 0.2 * 3600, dt=10)
    assert cues.current == 1


DAY = [Cue("lunch", at=time(13)), Cue("tea", at=time(16)), Cue("dinner", at=time(20, 30))]


def test_a_clock_that_is_set_forward_calls_the_latest_only():
    cues, clock = CueList(DAY), Clock()
    clock.run(cues, 1)
    clock.wall += timedelta(hours=5)
    assert clock.run(cues, 1) == [NONE, 1]


def test_a_clock_that_is_set_back_calls_nothing_twice():
    cues, clock = CueList(DAY), Clock()
    clock.run(cues, 3600 + 60, dt=10)
    cues.jump(2)
    clock.wall -= timedelta(hours=1)  # as in October
    assert clock.run(cues, 3 * 3600, dt=10) == [2]
    assert clock.run(cues, 3600, dt=10) == [2, 1]


def test_a_clock_that_was_years_ahead_works_again_once_it_is_right():
    cues, clock = CueList(DAY), Clock(datetime(2042, 1, 1, 9))
    clock.run(cues, 1)
    clock.wall = NOON
    assert clock.run(cues, 3700, dt=10) == [NONE, 0]


def test_a_machine_that_boots_in_1970_calls_what_the_day_should_be_at():
    cues, clock = CueList(DAY), Clock(datetime(1970, 1, 1))
    clock.run(cues, 5)
    clock.wall = datetime(2026, 3, 28, 17)
    assert clock.run(cues, 1) == [NONE, 1]


def test_held_nothing_is_called_and_nothing_made_good():
    cues, clock = CueList(DAY), Clock()
    cues.jump(2)
    clock.run(cues, 1)
    cues.hold()
    assert clock.run(cues, 2 * 3600, dt=10) == [2]
    cues.go()
    assert clock.run(cues, 3600, dt=10) == [2]


def test_a_successor_goes_on_in_the_middle_of_a_fade():
    cues, clock = listed(Cue("a", fade=4, follow=2), Cue("b")), Clock()
    cues.go()
    clock.run(cues, 3)
    heir = CueList(cues.cues)
    heir.restore(cues.state())
    assert heir.progress == pytest.approx(0.75, abs=0.01)
    clock.run(heir, DT)
    assert heir.begun
    assert heir.progress == pytest.approx(cues.progress, abs=0.02)
    assert clock.run(heir, 2.8) == [0]
    assert clock.run(heir, 0.4) == [0, 1]


def test_a_fade_that_was_over_begins_anew_only_after_a_power_cut():
    cues, clock = listed(Cue("a", fade=1)), Clock()
    cues.go()
    clock.run(cues, 5)
    cues.hold()
    for anew in (False, True):
        heir = CueList(cues.cues)
        heir.restore(cues.state(), anew)
        clock.run(heir, DT)
        assert (heir.begun, heir.held) == (anew, not anew)


def test_a_cue_that_was_missed_without_power_is_made_good():
    cues, clock = CueList(DAY), Clock()
    clock.run(cues, 1)
    heir = CueList(DAY)
    heir.restore(cues.state(), anew=True)
    clock.wall += timedelta(hours=9)
    assert clock.run(heir, 1) == [NONE, 2]


@pytest.mark.parametrize("state", [{}, {"name": "gone"}, {"name": None, "seen": 7}, {"seen": "x"}])
def test_a_state_without_a_known_cue_begins_anew(state: dict[str, Any]):
    cues = listed(Cue("a"))
    cues.restore(state)
    assert cues.current == NONE
    assert Clock().run(cues, 1) == [NONE]


some = st.one_of(st.none(), st.floats(0, 3))
cue_lists = st.lists(
    st.builds(Cue, st.just("x"), st.floats(0, 3), st.floats(0, 2), some), min_size=1, max_size=5
)
hands = st.lists(
    st.tuples(st.sampled_from(["go", "back", "hold", "stand", "jump"]), st.integers(0, 40)),
    max_size=15,
)


@given(cue_lists, hands)
def test_whatever_is_pressed_the_fade_never_runs_back_nor_off_the_list(cues_, presses):
    cues, clock = CueList(cues_), Clock()
    for action, steps in presses:
        cues.jump(1) if action == "jump" else getattr(cues, action)()
        for _ in range(steps):
            before = cues.current, cues.time, cues.progress
            clock.run(cues, DT)
            assert NONE <= cues.current < len(cues_)
            assert 0.0 <= cues.progress <= 1.0
            if cues.current == before[0] and cues.time >= before[1]:
                assert cues.progress >= before[2]
            if cues.held:
                assert (cues.current, cues.time) == before[:2]


@given(st.sampled_from(list(EASINGS)), st.floats(-1, 2), st.floats(0, 0.1))
def test_an_easing_begins_at_0_ends_at_1_and_never_turns_back(easing, t, step):
    assert (eased(easing, 0), eased(easing, 1)) == (0, 1)
    assert eased(easing, t) <= eased(easing, t + step) + 1e-12
