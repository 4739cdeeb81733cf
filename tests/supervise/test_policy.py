import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.supervise.policy import (
    CARD_AGAIN,
    CROWD,
    CROWDED,
    HANG_LIMIT,
    LOADING_LIMIT,
    PATIENCE,
    START_LIMIT,
    STEADY,
    Card,
    Restarts,
    Watch,
)

LOOK = 0.05
DAY = 24 * 3600.0


def record(beat: int, loading: bool = False, pid: int = 7) -> dict[str, object]:
    return {"pid": pid, "beat": beat, "loading": loading}


def watched(watch: Watch, start: float, seconds: float, said: dict[str, object]) -> float | None:
    """When the child is given up, seconds after `start`; None if it never is."""
    for look in range(1, round(seconds / LOOK) + 1):
        if watch.verdict(7, said, start + look * LOOK):
            return look * LOOK
    return None


def working(start: float = 1000.0) -> Watch:
    """A child that has just done work, at `start`."""
    watch = Watch(start)
    assert watch.verdict(7, record(1), start) is None
    assert watch.verdict(7, record(2), start + LOOK) is None
    return watch


@pytest.mark.parametrize("start", [0.0, 1.0, 1e6])
def test_a_child_that_gives_no_sign_is_given_up_after_half_a_minute(start: float):
    given_up = watched(Watch(start), start, 60.0, {})
    assert given_up == pytest.approx(START_LIMIT, abs=0.2)


def test_the_record_of_its_forebear_is_no_sign_of_life():
    given_up = watched(Watch(1000.0), 1000.0, 60.0, record(5, pid=6))
    assert given_up == pytest.approx(START_LIMIT, abs=0.2)


def test_a_child_that_stops_working_is_given_up_after_two_seconds():
    assert watched(working(), 1000.05, 10.0, record(2)) == pytest.approx(HANG_LIMIT, abs=0.2)


def test_a_child_that_loads_has_longer():
    assert watched(working(), 1000.05, 200.0, record(2, True)) == pytest.approx(
        LOADING_LIMIT, abs=0.2
    )


def test_after_loading_it_must_work_again():
    watch = working()
    assert watched(watch, 1000.05, 60.0, record(2, loading=True)) is None
    assert watch.verdict(7, record(3), 1060.1) is None
    assert watched(watch, 1060.1, 10.0, record(3)) == pytest.approx(HANG_LIMIT, abs=0.2)


def test_a_child_that_works_is_never_given_up():
    watch = Watch(1000.0)
    for look in range(20_000):
        assert watch.verdict(7, record(look // 30), 1000.0 + look * LOOK) is None


@pytest.mark.parametrize("said", [{}, record(2), record(2, loading=True)])
@pytest.mark.parametrize("stall", [1.0, 100.0, DAY])
def test_nobody_is_blamed_for_the_watchers_own_sleep(said: dict[str, object], stall: float):
    watch = Watch(1000.0) if not said else working()
    assert watch.verdict(7, said, 1000.1) is None
    assert watch.verdict(7, said, 1000.1 + stall) is None
    assert watched(watch, 1000.1 + stall, 1.5, said) is None
    assert watched(watch, 1001.6 + stall, 100.0, said) is not None


def test_the_verdict_says_what_was_wrong():
    watch = Watch(1000.0)
    words = [watch.verdict(7, {}, 1000.0 + look * LOOK) for look in range(700)]
    assert words[-1] is not None
    assert words[-1].startswith("gave no sign for 3")


def test_the_first_falls_are_mended_at_once():
    restarts = Restarts()
    for fall in range(CROWD - 1):
        assert restarts.ended(10.0 * fall) == 10.0 * fall
    assert restarts.count == CROWD - 1


def test_a_child_that_falls_five_times_in_two_minutes_is_tried_once_a_minute():
    restarts = Restarts()
    tries = [restarts.ended(20.0 * fall) - 20.0 * fall for fall in range(CROWD)]
    assert tries == [0.0] * (CROWD - 1) + [PATIENCE]
    assert restarts.crash_loop


def test_five_falls_in_a_longer_time_are_no_crash_loop():
    restarts = Restarts()
    for fall in range(50):
        now = fall * (CROWDED / (CROWD - 1) + 0.1)
        assert restarts.ended(now) == now


@given(st.lists(st.floats(0, 300), max_size=60))
def test_it_never_waits_longer_than_its_patience(lives: list[float]):
    restarts, now = Restarts(), 0.0
    for life in lives:
        now += life
        due = restarts.ended(now)
        assert now <= due <= now + PATIENCE
        now = due


@pytest.mark.parametrize("life", [0.0, 0.3, 3.0, 40.0])
def test_it_never_gives_up_in_a_month(life: float):
    restarts, now, starts = Restarts(), 0.0, 0
    while now < 30 * DAY:
        now = restarts.ended(now + life)
        starts += 1
    assert starts > 30 * DAY / (life + PATIENCE) - 1
    assert starts <= CROWD * 30 * DAY / max(PATIENCE, life)
    assert restarts.count == starts


def in_crash_loop(restarts: Restarts, life: float = 0.3) -> float:
    """Fall until the first patient try; when that is."""
    now = 0.0
    while not restarts.crash_loop:
        now = restarts.ended(now + life)
    return now


@pytest.mark.parametrize("life", [0.0, 3.0, 29.0])
def test_a_crash_loop_stays_one_until_a_child_lives_long(life: float):
    restarts = Restarts()
    now = in_crash_loop(restarts, life)
    for _ in range(20):
        due = restarts.ended(now + life)
        assert due == now + life + PATIENCE
        now = due
    now += STEADY + 1.0
    assert restarts.ended(now) == now
    assert not restarts.crash_loop


def test_the_second_patient_try_begins_anew_and_a_long_life_ends_that():
    restarts = Restarts()
    now = in_crash_loop(restarts)
    assert not restarts.safe, "the first patient try still goes on where it was"
    now = restarts.ended(now)
    assert restarts.safe
    now = restarts.ended(now)
    assert restarts.safe
    restarts.ended(now + STEADY + 1.0)
    assert not restarts.safe


def test_a_stage_is_tried_again_every_second():
    restarts = Restarts(patience=1.0)
    now = in_crash_loop(restarts)
    assert [restarts.ended(now + 10.0 * fall) for fall in range(5)] == [
        now + 10.0 * fall + 1.0 for fall in range(5)
    ]


def test_a_card_that_is_lost_once_is_tried_again_at_once():
    card = Card()
    assert card.usable(0.0)
    card.lost(10.0)
    assert card.usable(10.0)
    card.lost(10.0 + CROWDED + 1)
    assert card.usable(200.0), "two losses far apart are two accidents"


def test_a_card_lost_twice_in_a_row_is_left_alone_for_a_while_but_not_for_ever():
    card = Card()
    card.lost(10.0)
    card.lost(15.0)
    assert not card.usable(15.0)
    assert not card.usable(15.0 + CARD_AGAIN)
    assert card.usable(16.0 + CARD_AGAIN)
