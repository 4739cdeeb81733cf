import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.clock import FakeClock, MonotonicClock
from installation.rate import Pacer, Rate


@given(st.floats(1, 500), st.floats(0.05, 1))
def test_a_steady_rate_is_measured(rate: float, look: float):
    clock = FakeClock(100.0)
    measured = Rate(clock)
    for _ in range(60):
        clock.advance(look)
        measured.total = int(clock.now() * rate)
        measured.per_second()
    assert measured.per_second() == pytest.approx(rate, abs=1.1 / 2.0)


def test_a_rate_falls_to_zero_within_its_window():
    clock = FakeClock()
    rate = Rate(clock, window=2.0)
    for _ in range(100):
        clock.advance(0.01)
        rate.count()
        rate.per_second()
    for _ in range(300):
        clock.advance(0.01)
        rate.per_second()
    assert rate.per_second() == 0.0
    assert rate.total == 100


@given(st.lists(st.floats(0, 0.005), min_size=5, max_size=100))
def test_rounds_shorter_than_the_period_keep_the_rate_exactly(work: list[float]):
    clock = FakeClock(5.0)
    pacer = Pacer(100.0, clock)
    for seconds in work:
        clock.advance(seconds)
        pacer.wait()
    assert clock.now() == pytest.approx(5.0 + len(work) / 100)
    assert pacer.skipped == 0


@given(st.lists(st.floats(0, 0.3), min_size=1, max_size=50))
def test_a_late_round_is_skipped_and_never_caught_up(work: list[float]):
    """Whatever happened, `n` rounds later at most `n + 1` periods' worth of rounds were done."""
    clock = FakeClock(5.0)
    pacer = Pacer(100.0, clock)
    for seconds in work:
        clock.advance(seconds)
        pacer.wait()
    then = clock.now()
    for _ in range(10):
        pacer.wait()
    assert clock.now() - then >= 9 / 100 - 1e-9


def test_skipped_rounds_are_counted():
    clock = FakeClock()
    pacer = Pacer(10.0, clock)
    clock.advance(0.55)
    pacer.wait()
    assert pacer.skipped == 4


def test_the_machines_clock_never_goes_back_and_does_not_sleep_for_no_time():
    clock = MonotonicClock()
    before = clock.now()
    clock.sleep(-1.0)
    assert clock.now() >= before
