from hypothesis import given
from hypothesis import strategies as st

from installation.stage.timeline import LONGEST, Timeline

times = st.floats(0, 1e6)
gaps = st.floats(0.001, 0.9)
FRAME = 1 / 60


def steady(interval: float, count: int = 60, start: float = 100.0) -> Timeline:
    timeline = Timeline()
    for place in range(count):
        timeline.push(start + place * interval)
    return timeline


@given(st.lists(times, max_size=20), times, gaps, st.booleans())
def test_the_weight_is_always_a_share(made: list[float], now: float, present: float, cut: bool):
    timeline = Timeline()
    for at in made:
        timeline.push(at, cut)
    assert 0.0 <= timeline.weight(now, present) <= 1.0


@given(st.floats(0.002, FRAME), st.floats(0, 1))
def test_a_deck_as_fast_as_the_display_is_shown_as_it_comes(interval: float, later: float):
    timeline = steady(interval)
    assert timeline.newest_at is not None
    assert timeline.weight(timeline.newest_at + later * interval, FRAME * 1.001) == 1.0


@given(st.floats(0.03, 0.9), st.floats(0, 1), st.floats(0, 1))
def test_a_slow_deck_is_blended_forward_only(interval: float, a: float, b: float):
    timeline = steady(interval)
    early, late = sorted((a, b))
    assert timeline.newest_at is not None
    first = timeline.weight(timeline.newest_at + early * interval, FRAME)
    second = timeline.weight(timeline.newest_at + late * interval, FRAME)
    assert first <= second


@given(st.floats(0.05, 0.9))
def test_the_blend_is_whole_when_the_next_picture_is_due(interval: float):
    timeline = steady(interval)
    assert timeline.newest_at is not None
    assert timeline.weight(timeline.newest_at + interval - FRAME, FRAME) > 0.999
    assert timeline.weight(timeline.newest_at, FRAME) < FRAME / interval + 1e-6


def test_nothing_is_blended_across_a_cut_a_pause_or_a_step_back():
    for newest, cut in ((100.1, True), (100.0 + 2 * LONGEST, False), (99.0, False)):
        timeline = Timeline()
        timeline.push(100.0)
        timeline.push(newest, cut)
        assert timeline.weight(newest, FRAME) == 1.0


def test_jitter_does_not_reach_the_interval():
    timeline = Timeline()
    for place in range(200):
        timeline.push(place * 0.05 + (0.02 if place % 2 else 0.0))
    assert abs(timeline.interval - 0.05) < 0.01
    assert abs(timeline.rate - 20) < 5


@given(times)
def test_no_picture_is_infinitely_old(now: float):
    assert Timeline().age(now) == float("inf")
    assert Timeline().weight(now, FRAME) == 1.0
    assert Timeline().rate == 0.0
