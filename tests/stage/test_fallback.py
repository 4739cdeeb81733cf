import math

from hypothesis import given
from hypothesis import strategies as st

from installation.stage.fallback import (
    DISSOLVE,
    HOLD,
    SETTLE,
    STALE,
    TO_IDLE,
    Fallback,
    Mode,
)
from installation.stage.master import FADE, Master

FRAME = 1 / 60


def run(fallback: Fallback, start: float, seconds: float, age: float, film: bool = False) -> float:
    """Step through `seconds` at a fixed age; the time at the end."""
    frames = round(seconds / FRAME)
    for place in range(frames):
        fallback.step(start + place * FRAME, age, film=film)
    return start + frames * FRAME


def test_the_house_colour_stays_until_a_picture_comes_and_dissolves_into_it():
    fallback = Fallback()
    now = run(fallback, 0.0, 5.0, math.inf)
    assert fallback.mode is Mode.HOUSE
    assert fallback.ghost(now) == 0.0
    assert fallback.step(now, 0.01)
    assert fallback.mode is Mode.LIVE
    assert fallback.ghost(now) == 1.0
    assert 0.4 < fallback.ghost(now + DISSOLVE / 2) < 0.6
    assert fallback.ghost(now + DISSOLVE) < 1e-9


def test_a_dead_deck_is_held_and_comes_back_by_a_dissolve():
    fallback = Fallback()
    now = run(fallback, 0.0, 1.0, 0.01)
    assert not fallback.step(now, STALE * 1.1)
    assert fallback.mode is Mode.HELD
    now = run(fallback, now, SETTLE, 5.0)
    assert fallback.drift[0] > 0.01
    assert fallback.step(now, 0.01)
    assert fallback.mode is Mode.LIVE
    run(fallback, now, DISSOLVE * 1.2, 0.01)
    assert fallback.drift == (0.0, 0.0, 0.0)


def test_a_stage_that_finds_only_an_old_picture_holds_it():
    fallback = Fallback()
    assert fallback.step(0.0, 300.0)
    assert fallback.mode is Mode.HELD


def test_a_slow_deck_is_not_taken_for_dead():
    fallback = Fallback()
    fallback.step(0.0, 0.1, interval=2.0)
    fallback.step(0.1, 4.0, interval=2.0)
    assert fallback.mode is Mode.LIVE


def test_the_film_comes_when_holding_has_lasted_and_goes_by_a_dissolve():
    fallback = Fallback()
    now = run(fallback, 0.0, 1.0, 0.01, film=True)
    now = run(fallback, now, HOLD, 5.0, film=True)
    assert fallback.mode is Mode.HELD
    assert fallback.wants_film
    now = run(fallback, now, 0.2, 5.0, film=True)
    assert fallback.mode is Mode.IDLE
    assert 0.9 < fallback.ghost(now) < 1.0
    now = run(fallback, now, TO_IDLE, 5.0, film=True)
    assert fallback.ghost(now) == 0.0
    assert fallback.drift == (0.0, 0.0, 0.0)
    assert fallback.step(now, 0.01, film=True)
    assert (fallback.mode, fallback.ghost(now)) == (Mode.LIVE, 1.0)
    assert not fallback.wants_film


def test_a_wall_that_never_had_a_picture_leaves_the_house_colour_for_the_film():
    fallback = Fallback()
    run(fallback, 0.0, HOLD + 0.2, math.inf, film=True)
    assert fallback.mode is Mode.IDLE


def test_a_film_that_is_lost_leaves_its_last_picture_held():
    fallback = Fallback()
    now = run(fallback, 0.0, HOLD + 0.2, math.inf, film=True)
    assert fallback.step(now, math.inf, film=False)
    assert fallback.mode is Mode.HELD


ages = st.one_of(st.floats(0, 10), st.just(math.inf))


@given(st.lists(st.tuples(st.floats(0, 3), ages, st.booleans()), max_size=60))
def test_once_a_picture_came_the_wall_never_goes_back_to_the_house_colour(
    steps: list[tuple[float, float, bool]],
):
    fallback, now, seen = Fallback(), 0.0, False
    for dt, age, film in steps:
        now += dt
        before = fallback.mode
        arrived = fallback.step(now, age, film=film)
        seen = seen or math.isfinite(age) or fallback.mode is Mode.IDLE
        assert (fallback.mode is not Mode.HOUSE) == seen
        assert fallback.mode is not Mode.IDLE or film, "never a film that is not there"
        assert (fallback.mode is Mode.LIVE) == (age <= STALE)
        assert arrived == (before is not fallback.mode and before is not Mode.LIVE), "no cut"
        assert 0.0 <= fallback.ghost(now) <= 1.0


@given(st.floats(0, 7200))
def test_the_drift_never_shows_a_border_and_never_jumps(seconds: float):
    fallback = Fallback()
    fallback.step(0.0, 0.0)
    now = run(fallback, FRAME, min(seconds, 30.0), 99.0)
    before = fallback.drift
    fallback.step(now, 99.0)
    zoom, x, y = fallback.drift
    assert max(abs(x), abs(y)) <= (1 - 1 / (1 + zoom)) / 2 + 1e-12
    assert max(abs(a - b) for a, b in zip(before, fallback.drift, strict=True)) < 0.001


def test_blackout_fades_out_and_in_again():
    master = Master()
    assert master.step(0.0, 1.0, False) == 1.0
    lights = [master.step(place * FRAME, 1.0, True) for place in range(round(FADE / FRAME) + 2)]
    assert lights == sorted(lights, reverse=True)
    assert lights[-1] == 0.0
    assert master.dark
    now = len(lights) * FRAME
    lights = [master.step(now + n * FRAME, 1.0, False) for n in range(round(FADE / FRAME) + 2)]
    assert lights[-1] == 1.0
    assert not master.dark


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_brightness_is_never_less_light(a: float, b: float):
    low, high = sorted((a, b))
    assert Master().step(0.0, low, False) <= Master().step(0.0, high, False)
