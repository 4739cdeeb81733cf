import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from installation.control.conditioning import Conditioner, Conditioning
from installation.control.one_euro import OneEuro

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
    hysteresis=st.just(0.0) | st.floats(0, 1e6),
    one_euro=st.none() | st.builds(OneEuro, st.floats(0.01, 100), st.floats(0, 1000)),
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
@example(Conditioning(one_euro=OneEuro()), [(0.0, 1.0), (1.0, 5e-324)])
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


@given(span, st.floats(0, 1e6), st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_hysteresis_follows_within_its_width_and_reaches_both_ends(target, width, travel):
    how = Conditioning(target=target, hysteresis=width)
    signal, low, high = Conditioner(how), *target
    slack = 1e-9 * (1 + abs(high - low))
    for value in travel:
        signal.hear(value, 0.0)
        assert abs(signal.step(0.0, DT) - how.shape(value)) <= width + slack
    for value, end in ((1.0, high), (0.0, low), (1.0, high)):
        signal.hear(value, 0.0)
        assert signal.step(0.0, DT) == pytest.approx(end, abs=slack)


@given(st.floats(0.05, 0.5), st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_turns_smaller_than_the_hysteresis_move_nothing(width, shakes):
    signal = Conditioner(Conditioning(hysteresis=width))
    for value in (0.0, 0.6):
        signal.hear(value, 0.0)
    rest = signal.step(0.0, DT)
    for shake in shakes:
        signal.hear(0.6 - abs(shake) * width / (1 + width) * 0.99, 0.0)
        assert signal.step(0.0, DT) == pytest.approx(rest)


def shaky(how: Conditioning) -> tuple[float, float]:
    """How much noise of 1 % is left at rest, and how far a quick move lags after 100 ms."""
    signal, random = Conditioner(how), np.random.default_rng(1)
    rest = []
    for i in range(600):
        signal.hear(0.3 + 0.01 * random.standard_normal(), i * DT)
        rest.append(signal.step(i * DT, DT))
    for i in range(600, 612):
        signal.hear(0.3 + 0.5 * (i - 600) / 11, i * DT)
        signal.step(i * DT, DT)
    return float(np.std(rest[200:])), abs(0.8 - signal.value)


def test_one_euro_is_as_calm_as_a_slow_filter_and_lags_less():
    noise, lag = shaky(Conditioning(one_euro=OneEuro(cutoff=1.0, beta=2.0)))
    slow_noise, slow_lag = shaky(Conditioning(smooth=1 / (2 * np.pi)))
    assert noise < 2 * slow_noise
    assert noise < 0.4 * 0.01
    assert lag < 0.8 * slow_lag


@given(st.lists(st.floats(-5, 5), max_size=30))
def test_steps_add_up_inside_the_limits(moves: list[float]):
    how = Conditioning(source=(-5, 5), target=(-0.5, 0.5), mode="step", neutral=1.0, limits=(0, 2))
    signal, expected = Conditioner(how), 1.0
    for move in moves:
        signal.hear(move, 0.0)
        expected = min(max(expected + 0.1 * move, 0.0), 2.0)
        assert signal.step(0.0, DT) == pytest.approx(expected)
    assert signal.step(100.0, DT) == pytest.approx(expected)


@given(st.floats(-1, 1), st.integers(1, 50))
def test_a_speed_does_not_depend_on_the_tick_and_silence_ends_it(speed: float, ticks: int):
    how = Conditioning(
        source=(-1, 1), target=(-1, 1), mode="speed", timeout=2.0, neutral=5.0, limits=(0, 10)
    )
    signal = Conditioner(how)
    signal.hear(speed, 0.0)
    for i in range(1, ticks + 1):
        signal.step(i / ticks, 1 / ticks)
    assert signal.value == pytest.approx(5.0 + speed)
    assert run(signal, 3.0, 1.0)[-1] == pytest.approx(5.0 + speed)
