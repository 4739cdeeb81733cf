import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.health import PERIOD, PROCESSES, SPARE, HealthReader, HealthWriter, section
from installation.memory import Arena, Mailbox

WORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def arena() -> Arena:
    return Arena.create({section(name): 8192 for name in (*PROCESSES, SPARE)})


@given(st.dictionaries(st.sampled_from(["fps", "mode", "error", "osc"]), WORDS))
def test_a_record_is_read_as_it_was_written(fields: dict[str, object]):
    shared = arena()
    HealthWriter(shared, "stage", 42).write(7.5, 3, **fields)
    record = HealthReader(shared).record("stage")
    assert record == {"pid": 42, "at": 7.5, "beat": 3, **fields}


def test_a_process_that_never_wrote_has_an_empty_record():
    reader = HealthReader(arena())
    assert [dict(reader.record(name)) for name in PROCESSES] == [{}] * len(PROCESSES)


@pytest.mark.parametrize("junk", [b"", b"{", b"[1]", b"\xff\xfe", b"null", b"3"])
def test_the_last_good_record_is_kept_when_a_read_is_no_record(junk: bytes):
    shared = arena()
    writer, reader = HealthWriter(shared, "desk", 1), HealthReader(shared)
    writer.write(0.0, 5)
    assert reader.record("desk")["beat"] == 5
    Mailbox(shared.section(section("desk"))).write(junk)
    assert reader.record("desk")["beat"] == 5
    writer.write(1.0, 6)
    assert reader.record("desk")["beat"] == 6


def test_a_record_is_due_four_times_a_second():
    writer = HealthWriter(arena(), "desk", 1)
    written = 0
    for tick in range(1000):  # ten seconds
        if writer.due(now=tick / 100):
            writer.write(tick / 100, tick)
            written += 1
    assert written == pytest.approx(10 / PERIOD, abs=1)
