import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.control.state import SOURCES, Stamp, StateReader, StateWriter

TABLE = Table(house_rows(["sea", "sky"]))
OTHER = Table(house_rows(["sea", "sun"]))
LONGER = Table(house_rows(["sea", "sky"])[:-1])
DEFAULTS = [row.default for row in TABLE]


def shared() -> memoryview:
    return memoryview(bytearray(16 * 1024))


def values(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(len(TABLE))


@given(st.integers(0, 2**32), st.floats(0, 1e9), st.integers(0, 2**53))
def test_a_state_is_read_as_it_was_written(seed: int, now: float, count: int):
    view = shared()
    reader = StateReader(view, TABLE)
    StateWriter(view, TABLE).write(values(seed), {"keys": Stamp(count, now)}, now)
    reader.refresh()
    assert (reader.values == values(seed)).all()
    assert reader.written_at == now
    place = 2 * SOURCES.index("keys")
    assert list(reader.stamps[place : place + 2]) == [count, now]
    assert not np.delete(reader.stamps, [place, place + 1]).any()
    assert reader["/walk/speed"] == values(seed)[TABLE.index("/walk/speed")]


def test_before_the_first_state_there_are_the_defaults():
    reader = StateReader(shared(), TABLE).refresh()
    assert list(reader.values) == DEFAULTS
    assert reader.written_at == 0.0


def test_the_state_of_another_table_is_not_taken():
    for table in (OTHER, LONGER):
        view = shared()
        StateWriter(view, table).write(np.ones(len(table)), {}, 9.0)
        assert list(StateReader(view, TABLE).refresh().values) == DEFAULTS


def test_a_torn_state_leaves_the_last_good_one():
    view = shared()
    writer, reader = StateWriter(view, TABLE), StateReader(view, TABLE)
    writer.write(values(1), {}, 1.0)
    reader.refresh()
    writer.write(values(2), {}, 2.0)
    for at in range(0, len(view), 97):
        view[at] ^= 0x55
    assert (reader.refresh().values == values(1)).all()
    for now in (2.0, 3.0):  # a scribbled head counts from 1 again, as this reader has seen
        writer.write(values(int(now)), {}, now)
    assert (reader.refresh().values == values(3)).all()


def test_the_values_array_is_one_object_for_life():
    view = shared()
    writer, reader = StateWriter(view, TABLE), StateReader(view, TABLE)
    held, stamps = reader.values, reader.stamps
    for seed in range(3):
        writer.write(values(seed), {"osc": Stamp(seed, seed)}, seed)
        assert reader.refresh() is reader
        assert reader.values is held
        assert reader.stamps is stamps
