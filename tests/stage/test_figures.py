import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from installation.stage.figures import WINDOW, Latency, Samples, interval_record


@given(st.lists(st.floats(0, 10), min_size=1, max_size=WINDOW + 50))
def test_percentiles_are_those_of_the_newest_samples(values: list[float]):
    samples = Samples()
    for value in values:
        samples.add(value)
    assert np.isclose(samples.percentile(95), np.percentile(values[-WINDOW:], 95))
    assert samples.max == max(values)
    assert samples.count == len(values)


def test_no_samples_are_zeros():
    assert interval_record(Samples()) == {"p50": 0, "p95": 0, "p99": 0, "max": 0}


def stamps(osc: tuple[float, float], keys: tuple[float, float] = (0, 0)) -> tuple[float, ...]:
    return (*osc, 0.0, 0.0, *keys, 0.0, 0.0)


def test_an_event_is_measured_once_at_the_first_present_that_contains_it():
    latency = Latency()
    latency.presented(stamps((3, 10.0)), 50.0)  # was there before the stage
    for now in (50.1, 50.2):
        latency.presented(stamps((4, 50.08)), now)
    record = latency.record()
    assert record["osc"] == {"count": 1, "p50": 20.0, "p95": 20.0}
    assert record["keys"]["count"] == record["audio"]["count"] == 0


def test_two_visible_decks_do_not_count_one_event_twice():
    latency = Latency()
    for place in range(50):
        latency.presented(stamps((5, 100.0), (1, 90.0)), 101 + place / 60)
        latency.presented(stamps((7, 101.0), (1, 90.0)), 101 + place / 60)
    assert latency.record()["osc"]["count"] == 1


def test_a_restarted_desk_is_measured_on():
    latency = Latency()
    latency.presented(stamps((900, 10.0)), 10.1)
    latency.presented(stamps((1, 20.0)), 20.03)
    assert latency.record()["osc"]["count"] == 1


def test_scribble_is_no_event():
    latency = Latency()
    latency.presented(stamps((0, 0.0)), 1.0)
    latency.presented(stamps((1, float("nan")), (1, float("inf"))), 2.0)
    latency.presented(stamps((2, 2.9), (2, 2.9)), 3.0)
    assert latency.record()["osc"]["count"] == latency.record()["keys"]["count"] == 1
