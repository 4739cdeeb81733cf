from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.supervise.planned import AGAIN, NIGHTLY, PATIENCE, SETTLE, Nightly, Renewals

FOUR = time(4, 0)
MIDDAY = datetime(2026, 3, 27, 12, 0)
DAY = 24 * 3600


def rounds(nightly: Nightly, start: datetime, seconds: float, look: float = 60.0) -> list[datetime]:
    """When it was due, looked at once a minute."""
    moments = [start + timedelta(seconds=look * n) for n in range(round(seconds / look))]
    return [wall for n, wall in enumerate(moments) if nightly.due(n * look, wall, FOUR)]


def test_once_a_night_for_three_months_at_the_hour():
    due = rounds(Nightly(), MIDDAY, 90 * DAY)
    assert len(due) == 90
    assert {moment.time() for moment in due} == {FOUR}


def test_without_an_hour_never():
    nightly = Nightly()
    assert not any(nightly.due(n * 60.0, MIDDAY + timedelta(minutes=n), None) for n in range(3000))


@pytest.mark.parametrize("start", [time(4, 0), time(4, 30), time(23, 59)])
def test_a_show_that_starts_after_the_hour_waits_for_the_next(start: time):
    begun = datetime.combine(MIDDAY, start)
    (due,) = rounds(Nightly(), begun, DAY + 60)
    assert due - begun > timedelta(hours=4)


def test_a_clock_that_jumps_over_the_hour_and_back_replays_nothing():
    nightly, seen = Nightly(), 0
    before, after = datetime(2026, 3, 28, 3, 59), datetime(2026, 3, 28, 4, 1)
    for n in range(100):
        seen += nightly.due(n * 10.0, after if n % 2 else before, FOUR)
    assert seen == 1
    assert not nightly.due(2000.0, datetime(1970, 1, 1), FOUR)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(1, 3 * DAY), st.floats(-2 * DAY, 2 * DAY)), max_size=40))
def test_never_twice_within_six_hours_whatever_the_clock_does(jumps: list[tuple[float, float]]):
    nightly, now, wall, last = Nightly(), 0.0, MIDDAY, -1e9
    for passed, jump in jumps:
        now, wall = now + passed, wall + timedelta(seconds=passed + jump)
        if nightly.due(now, wall, FOUR):
            assert now - last >= 6 * 3600
            last = now


def test_a_sleeping_deck_goes_at_once_a_seen_one_when_it_was_faded_away_from_and_the_desk_last():
    renewals = Renewals()
    for name in NIGHTLY:
        renewals.add(name, "night")
    records = {"deck_a": {"scene": 0}, "deck_b": {"scene": -1}, "desk": {}}
    assert renewals.step(records, 100.0) == ("deck_b", "night")
    assert renewals.step(records, 100.0 + SETTLE / 2) is None, "its successor must settle first"
    assert renewals.step(records, 110.0) is None
    assert renewals.wanted == "deck_a"
    records = {"deck_a": {"scene": -1}, "deck_b": {"scene": 0}, "desk": {}}
    assert renewals.step(records, 116.0) == ("deck_a", "night")
    assert renewals.wanted is None
    assert renewals.step(records, 130.0) == ("desk", "night")
    assert renewals.step(records, 1000.0) is None


def test_a_deck_that_cannot_be_faded_away_from_is_left_in_peace():
    renewals = Renewals()
    renewals.add("deck_a", "night")
    records = {"deck_a": {"scene": 3}}
    for second in range(round(PATIENCE) + 2):
        assert renewals.step(records, second) is None
    assert renewals.wanted is None


def test_what_grows_to_four_fifths_of_the_limit_is_replaced_but_not_without_end():
    renewals, records = Renewals(), {"deck_a": {"scene": -1}}
    renewals.weigh({"deck_a": 790.0, "stage": 5000.0}, 1000.0, 0.0)
    assert renewals.step(records, 0.0) is None
    renewals.weigh({"deck_a": 810.0}, 1000.0, 10.0)
    assert renewals.step(records, 10.0) == ("deck_a", "it takes 810 of 1000 MB")
    renewals.weigh({"deck_a": 900.0}, 1000.0, 60.0)
    assert renewals.step(records, 60.0) is None, "just replaced: its successor needs what it needs"
    renewals.weigh({"deck_a": 900.0}, 1000.0, 11.0 + AGAIN)
    assert renewals.step(records, 11.0 + AGAIN)


def test_a_deck_that_could_play_better_is_faded_away_from_and_replaced_once():
    renewals, why = Renewals(), "small: its TensorRT engine is built in 60 s"
    records = {"deck_a": {"scene": 2, "better": why}, "deck_b": {"scene": -1, "better": ""}}
    renewals.improve(records, 0.0)
    assert renewals.step(records, 0.0) is None, "it is seen"
    assert renewals.wanted == "deck_a"
    records["deck_a"] = {"scene": -1, "better": why}
    renewals.improve(records, 20.0)
    assert renewals.step(records, 20.0) == ("deck_a", why)
    renewals.improve(records, 21.0)  # its record stands until its successor writes one
    assert renewals.step(records, 21.0 + SETTLE) is None
    assert renewals.wanted is None
