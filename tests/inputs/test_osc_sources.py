"""Who may send OSC, and how much: with a clock made of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.inputs.osc_sources import KILO, RATE, SILENCE, SOURCES, Sources

ANY = "192.168.1.20"


def admitted(sources: Sources, host: str, count: int, at: float, size: int = 40) -> int:
    return sum(sources.refusal(host, size, at) is None for _ in range(count))


def test_everybody_may_send_unless_someone_is_named():
    assert admitted(Sources(), "203.0.113.9", 1, 0.0) == 1


@pytest.mark.parametrize(
    ("allow", "host", "welcome"),
    [
        (["192.168.1.0/24"], "192.168.1.20", True),
        (["192.168.1.0/24"], "192.168.2.20", False),
        (["192.168.1.0/24", "10.1.2.3"], "10.1.2.3", True),
        (["192.168.1.0/24"], "::ffff:192.168.1.20", True),
        (["fe80::/10"], "fe80::1%eth0", True),
        (["fe80::/10"], "192.168.1.20", False),
        (["0.0.0.0/0"], "::1", False),
        (["192.168.1.0/24"], "nonsense", False),
    ],
)
def test_networks(allow: list[str], host: str, welcome: bool):
    sources = Sources(allow)
    assert admitted(sources, host, 3, 0.0) == (3 if welcome else 0)
    assert sources.foreign == (0 if welcome else 3)


def test_a_lock_shuts_out_those_who_were_allowed():
    sources = Sources(["192.168.1.0/24"], lock="10.0.0.5")
    assert admitted(sources, "192.168.1.20", 1, 0.0) == 0
    assert admitted(sources, "10.0.0.5", 1, 0.0) == 1


def test_a_sender_has_a_second_s_worth_and_then_its_rate():
    sources = Sources()
    assert admitted(sources, ANY, 3 * RATE, 5.0) == RATE
    assert admitted(sources, ANY, 3 * RATE, 5.5) == RATE // 2
    assert admitted(sources, ANY, 3 * RATE, 60.0) == RATE
    assert sources.limited == 9 * RATE - 2.5 * RATE


def test_one_who_sends_too_much_takes_nothing_from_another():
    sources = Sources()
    admitted(sources, ANY, 3 * RATE, 1.0)
    assert admitted(sources, "192.168.1.21", 10, 1.0) == 10


def test_a_hundred_channels_of_touchdesigner_at_sixty_hertz_are_far_below_the_limit():
    sources = Sources()
    frames = [sources.refusal(ANY, 100 * 36 + 16, frame / 60) for frame in range(600)]
    assert set(frames) == {None}


def test_large_datagrams_count_once_a_kilobyte():
    assert admitted(Sources(), ANY, RATE, 1.0, size=8 * KILO) == RATE // 8
    assert admitted(Sources(), ANY, RATE + 1, 1.0, size=0) == RATE


def test_there_is_room_for_so_many_and_the_silent_make_place():
    sources = Sources()
    crowd = [f"10.0.0.{number}" for number in range(SOURCES)]
    assert [admitted(sources, host, 1, 0.0) for host in crowd] == [1] * SOURCES
    assert admitted(sources, ANY, 5, 1.0) == 0
    assert sources.limited == 5
    assert admitted(sources, crowd[0], 1, SILENCE) == 1
    assert admitted(sources, ANY, 1, SILENCE + 1) == 1
    assert admitted(sources, crowd[0], 1, SILENCE + 1) == 1


def test_a_hundred_thousand_feigned_senders_leave_nothing_behind():
    sources = Sources(["192.168.0.0/16"])
    for number in range(100_000):
        sources.refusal(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 40, 0.0)
    assert len(sources._verdicts) + len(sources._buckets) <= 1024 + SOURCES
    assert admitted(sources, ANY, 1, 0.0) == 1


@given(st.lists(st.tuples(st.floats(0, 0.2), st.integers(0, 3 * KILO)), max_size=200))
def test_never_more_than_a_burst_and_the_rate_since(sent: list[tuple[float, int]]):
    sources, now, passed = Sources(rate=50), 0.0, 0
    for pause, size in sent:
        now += pause
        if sources.refusal(ANY, size, now) is None:
            passed += max(1, -(-size // KILO))
    assert passed <= 50 + now * 50 + 1e-6
