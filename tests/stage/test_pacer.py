from hypothesis import given
from hypothesis import strategies as st

from installation.clock import FakeClock
from installation.stage.pacer import TRIAL, DisplayPacer

PERIOD = 1 / 60


def run(pacer: DisplayPacer, clock: FakeClock, costs: list[float]) -> list[float]:
    """The times at which the frames began, each costing so much before `wait`."""
    starts = []
    for cost in costs:
        starts.append(clock.now())
        clock.advance(cost)
        pacer.wait()
    return starts


@given(st.lists(st.floats(0, PERIOD * 0.99), min_size=10, max_size=200))
def test_frames_that_are_fast_enough_stand_on_the_grid(costs: list[float]):
    clock = FakeClock(5.0)
    starts = run(DisplayPacer(clock), clock, costs)
    assert all(abs(at - 5.0 - place * PERIOD) < 1e-9 for place, at in enumerate(starts))


@given(st.floats(0.05, 5.0))
def test_a_hitch_is_never_caught_up(hitch: float):
    clock = FakeClock()
    starts = run(DisplayPacer(clock), clock, [0.001] * 5 + [hitch] + [0.001] * 30)
    after = starts[6:]  # less than one period may be lost to finding the grid again
    assert after[-1] - after[0] > (len(after) - 1 - 2) * PERIOD


def test_a_display_that_paces_is_left_to_pace():
    clock = FakeClock()
    pacer = DisplayPacer(clock, vsync=True)
    starts = run(pacer, clock, [1 / 50] * (3 * TRIAL))
    assert pacer.vsync
    assert abs(starts[-1] - (3 * TRIAL - 1) / 50) < 1e-9


def test_a_display_that_only_says_it_paces_is_paced_by_the_clock():
    clock = FakeClock()
    pacer = DisplayPacer(clock, vsync=True)
    starts = run(pacer, clock, [0.002] * (2 * TRIAL))
    assert not pacer.vsync
    assert abs(starts[-1] - starts[-11] - 10 * PERIOD) < 1e-9
