import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.conditioning import Conditioner, Conditioning

number = st.floats(-1e6, 1e6)
span = st.tuples(number, number)
conditionings = st.builds(
    Conditioning,
    source=span,
    target=span,
    curve=st.floats(0.05, 8),
    smooth=st.floats(0, 10),
    slew=st.just(0.0) | st.floats(0, 1e6),
    dead_band=st.just(0.0) | st.floats(0, 1e6),
    timeout=st.just(0.0) | st.floats(0.01, 10),
    neutral=number,
)
raw = st.floats() | number  # infinities and NaN among them
DT = 1 / 120


def run(signal: Conditioner, start: float, seconds: float) -> list[float]:
    """Every value on the way."""
    return [signal.step(start + i * DT, DT) for i in range(1, round(seconds / DT) + 1)]


@given(conditionings, raw)
def test_a_shaped_value_lies_in_the_target_range(how: Conditioning, value: float):
    if np.isfinite(value):
        low, high = sorted(how.target)
        slack = 1e-9 * (1 + high - low)
        assert low - slack <= how.shape(value) <= high + slack


@given(conditionings, st.lists(st.tuples(raw, st.floats(0, 3)), max_size=20))
def test_the_value_stays_between_the_target_range_and_neutral(
    how: Conditioning, heard: list[tuple[float, float]]
):
    signal, now = Conditioner(how), 100.0
    low, high = min(*how.target, how.neutral), max(*how.target, how.neutral)
    slack = 1e-9 * (1 + high - low)
    for value, wait in heard:
        signal.hear(value, now)
        now += wait
        assert low - slack <= signal.step(now, wait) <= high + slack


@given(span, span, st.floats(0.05, 8))
def test_the_ends_of_the_source_meet_the_ends_of_the_target(source, target, curve):
    how = Conditioning(source=source, target=target, curve=curve)
    rounding = 1e-9 * (1 + abs(target[1] - target[0]))
    if source[0] != source[1]:
        assert how.shape(source[0]) == pytest.approx(target[0], abs=rounding)
        assert how.shape(source[1]) == pytest.approx(target[1], abs=rounding)


@given(number, st.floats(0.1, 5), st.floats(0, 2))
def test_a_dead_sensor_eases_to_neutral_within_two_seconds(neutral, timeout, smooth):
    how = Conditioning(target=(-1e6, 1e6), timeout=timeout, neutral=neutral, smooth=smooth)
    signal = Conditioner(how)
    signal.hear(1.0, 10.0)
    run(signal, 10.0, timeout - 2 * DT if timeout > 2 * DT else 0.0)
    left = abs(signal.value - neutral)
    values = run(signal, 10.0 + timeout, 2.0)
    assert not signal.alive(10.0 + timeout + 2.0)
    assert abs(values[-1] - neutral) <= 0.04 * left + 1e-6
    assert not signal.alive(10.0 + timeout + DT)


def test_it_eases_and_does_not_jump():
    signal = Conditioner(Conditioning(timeout=1.0))
    signal.hear(1.0, 0.0)
    run(signal, 0.0, 0.5)
    steps = np.diff([signal.value, *run(signal, 1.0, 2.0)])
    assert np.abs(steps).max() < 0.05


def test_without_a_timeout_a_silent_signal_keeps_its_value():
    signal = Conditioner(Conditioning())
    signal.hear(0.7, 0.0)
    assert run(signal, 0.0, 30.0)[-1] == pytest.approx(0.7)
    assert signal.alive(1e6)


def test_a_signal_that_never_spoke_is_dead_and_neutral():
    signal = Conditioner(Conditioning(neutral=0.3))
    assert not signal.alive(0.0)
    assert set(run(signal, 0.0, 1.0)) == {0.3}


def test_a_revived_sensor_steers_again():
    signal = Conditioner(Conditioning(timeout=1.0))
    signal.hear(1.0, 0.0)
    run(signal, 0.0, 5.0)
    signal.hear(1.0, 5.0)
    assert signal.step(5.0, DT) == pytest.approx(1.0)


@given(st.lists(raw, max_size=20))
def test_what_is_not_finite_is_refused_and_counted(values: list[float]):
    signal = Conditioner(Conditioning())
    for value in values:
        signal.hear(value, 0.0)
        assert np.isfinite(signal.step(0.0, DT))
    assert signal.refused == sum(not np.isfinite(value) for value in values)


@given(st.floats(0.01, 10), st.floats(0, 1))
def test_slew_bounds_the_speed(slew: float, value: float):
    signal = Conditioner(Conditioning(slew=slew))
    signal.hear(value, 0.0)
    assert np.abs(np.diff([0.0, *run(signal, 0.0, 1.0)])).max() <= slew * DT + 1e-12


@given(st.floats(0.01, 1), st.integers(1, 7))
def test_smoothing_does_not_depend_on_the_tick(smooth: float, ticks: int):
    once, often = (Conditioner(Conditioning(smooth=smooth)) for _ in range(2))
    for signal in (once, often):
        signal.hear(1.0, 0.0)
    for i in range(1, ticks + 1):
        often.step(0.3 * i / ticks, 0.3 / ticks)
    assert often.value == pytest.approx(once.step(0.3, 0.3))


def test_moves_within_the_dead_band_are_ignored():
    signal = Conditioner(Conditioning(dead_band=0.1))
    for value, expected in ((0.5, 0.5), (0.59, 0.5), (0.42, 0.5), (0.61, 0.61)):
        signal.hear(value, 0.0)
        assert signal.step(0.0, DT) == pytest.approx(expected)
