"""Opening hours over simulated years, both changes of the clock, and clocks that jump."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.schedule import (
    BY_HAND_CLOSED,
    BY_HAND_OPEN,
    CLOCK,
    DAYS,
    Dimmer,
    Hours,
    Keeping,
    in_zone,
    local,
)

VIENNA = ZoneInfo("Europe/Vienna")
TEN_TO_SIX = Hours(time(10), time(18), to_utc=in_zone(VIENNA))
zones = st.sampled_from(
    ["Europe/Vienna", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
).map(ZoneInfo)
times = st.times().map(lambda t: t.replace(microsecond=0))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)).map(
    lambda m: m.replace(tzinfo=UTC)
)
days = st.frozensets(st.integers(0, 6))


def vienna(*words: int) -> datetime:
    return datetime(*words, tzinfo=VIENNA)  # pyright: ignore[reportArgumentType]


@given(times, times, days, zones, moments)
def test_until_the_next_edge_nothing_changes_and_at_it_everything(opens, closes, which, zone, now):
    hours = Hours(opens, closes, which, to_utc=in_zone(zone))
    found = hours.at(now)
    if found.until is None:
        assert not which
        assert not found.open
        return
    assert found.until > now
    halfway = now + (found.until - now) / 2
    for moment in (halfway, found.until - timedelta(microseconds=1)):
        assert hours.at(moment).open is found.open
    if opens != closes:  # one that is open round the clock opens again as it closes
        assert hours.at(found.until).open is not found.open or found.open


@given(st.integers(2024, 2030), zones, days.filter(bool))
def test_a_whole_year_has_every_opening_and_no_other(year, zone, which):
    hours = Hours(time(10), time(18), which, to_utc=in_zone(zone))
    now = datetime(year, 1, 1, 12, tzinfo=zone).astimezone(UTC)
    end = datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)
    opened = []
    while (found := hours.at(now)).until and found.until < end:
        now = found.until
        if not found.open:
            opened.append(now.astimezone(zone))
    expected = [d for d in _year(year) if d.weekday() in which]
    assert [moment.date() for moment in opened] == expected
    assert {moment.time() for moment in opened} == {time(10)}


def _year(year: int) -> list[date]:
    first = date(year, 1, 2)
    return [first + timedelta(n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize(
    ("now", "is_open", "until", "why"),
    [
        (vienna(2026, 6, 1, 9, 59), False, vienna(2026, 6, 1, 10), "outside opening hours"),
        (vienna(2026, 6, 1, 10), True, vienna(2026, 6, 1, 18), "opening hours"),
        (vienna(2026, 6, 1, 18), False, vienna(2026, 6, 2, 10), "outside opening hours"),
        # the last Sundays of March and October: the day has 23 and 25 hours
        (vienna(2026, 3, 28, 18), False, vienna(2026, 3, 29, 10), "outside opening hours"),
        (vienna(2026, 10, 24, 18), False, vienna(2026, 10, 25, 10), "outside opening hours"),
    ],
)
def test_the_usual_hours(now, is_open, until, why):
    found = TEN_TO_SIX.at(now)
    assert (found.open, found.until, found.why) == (is_open, until.astimezone(UTC), why)


def test_a_night_over_the_change_of_the_clock_is_an_hour_shorter_or_longer():
    night = Hours(time(20), time(4), to_utc=in_zone(VIENNA))
    for day, length in ((vienna(2026, 3, 28, 20), 7), (vienna(2026, 10, 24, 20), 9)):
        found = night.at(day)
        assert found.open
        assert found.until
        assert found.until - day.astimezone(UTC) == timedelta(hours=length)


@pytest.mark.parametrize(
    ("month", "day", "first"), [(3, 29, 30), (10, 25, 25)], ids=["skipped", "twice"]
)
def test_an_hour_comes_once_or_when_it_is_skipped_not_at_all(month, day, first):
    hours = Hours(time(2, 30), time(3, 30), to_utc=in_zone(VIENNA))
    now, edges = datetime(2026, month, day - 1, 12, tzinfo=UTC), []
    for _ in range(4):
        found = hours.at(now)
        assert found.until
        edges.append((found.open, found.until))
        now = found.until
    assert [is_open for is_open, _ in edges] == [False, True] * 2
    assert edges[0][1].astimezone(VIENNA).day == first
    assert edges[1][1] - edges[0][1] == timedelta(hours=2 if first == day else 1)


def test_weekdays_and_closed_days_say_why():
    hours = Hours(
        time(10),
        time(18),
        frozenset({DAYS.index("sat"), DAYS.index("sun")}),
        frozenset({date(2026, 6, 6)}),
        in_zone(VIENNA),
    )
    friday, saturday = vienna(2026, 6, 5, 12), vienna(2026, 6, 6, 12)
    assert hours.at(friday).why == "closed on this weekday"
    assert hours.at(saturday).why == "a closed day"
    assert hours.at(saturday).until == vienna(2026, 6, 7, 10).astimezone(UTC)
    assert hours.at(vienna(2026, 6, 7, 12)).open


def test_this_machines_own_zone_knows_its_summer_time(monkeypatch: pytest.MonkeyPatch):
    import time as clock

    monkeypatch.setenv("TZ", "Europe/Vienna")
    clock.tzset()
    try:
        here = Hours(time(10), time(18), to_utc=local)
        for month in (1, 7):
            noon = datetime(2026, month, 5, 12, tzinfo=UTC)
            assert here.at(noon) == TEN_TO_SIX.at(noon)
    finally:
        monkeypatch.undo()
        clock.tzset()


def test_an_order_holds_until_the_next_edge_and_no_longer():
    keeping, night = Keeping(TEN_TO_SIX), vienna(2026, 6, 1, 22)
    found, over = keeping.step(BY_HAND_OPEN, night)
    assert (found.open, found.why, over) == (True, "opened by hand", False)
    assert keeping.step(BY_HAND_OPEN, vienna(2026, 6, 2, 9, 59))[0].open
    found, over = keeping.step(BY_HAND_OPEN, vienna(2026, 6, 2, 10))
    assert (found.why, over) == ("opening hours", True)
    assert keeping.step(CLOCK, vienna(2026, 6, 2, 18))[0].open is False


def test_without_hours_an_order_stands():
    keeping = Keeping(None)
    assert keeping.step(CLOCK, vienna(2026, 6, 1))[0].open
    for year in (2026, 2040):
        found, over = keeping.step(BY_HAND_CLOSED, vienna(year, 6, 1))
        assert (found.open, over) == (False, False)


@given(st.lists(moments, min_size=1, max_size=30), st.lists(st.integers(0, 2), max_size=30))
def test_a_clock_that_jumps_is_believed_at_the_next_look(jumps, orders):
    """Whatever came before, without an order the answer is that of the hours alone."""
    keeping = Keeping(TEN_TO_SIX)
    for now, order in zip(jumps, orders, strict=False):
        keeping.step(order, now)
    assert keeping.step(CLOCK, jumps[-1])[0] == TEN_TO_SIX.at(jumps[-1])


@given(st.floats(0, 120), st.lists(st.tuples(st.booleans(), st.floats(0.001, 1)), min_size=1))
def test_the_light_never_leaps_and_arrives(fade, steps):
    dimmer = Dimmer()
    before = dimmer.step(steps[0][0], fade, 0.01)
    assert before in (0.0, 1.0)
    for is_open, dt in steps:
        light = dimmer.step(is_open, fade, dt)
        assert 0.0 <= light <= 1.0
        assert fade == 0 or abs(light - before) <= dt / fade + 1e-9
        before = light
    for _ in range(int(fade / 0.5) + 2):
        before = dimmer.step(steps[-1][0], fade, 0.5)
    assert before == float(steps[-1][0])
