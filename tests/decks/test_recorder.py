"""The flight recorder's ring, read back as a flight file has it."""

import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.control.parameters import Kind, Parameter, Table
from installation.decks.recorder import MOVED, RECORD, Doing, Recorder, fingerprint, whole

ROWS = 40
TABLE = Table(
    [
        *(Parameter(f"/direction/d{n}", Kind.FLOAT, 0.0, -4, 4, "") for n in range(ROWS)),
        Parameter("/look/light", Kind.FLOAT, 1.0, 0, 1, "of no concern to a deck"),
    ]
)
PICTURE = np.arange(32 * 8 * 4, dtype=np.uint8).reshape(32, 8, 4)
WALK = tuple(n / 7 for n in range(16))
LENGTH = 10


def ring() -> bytearray:
    return bytearray(LENGTH * RECORD.itemsize + 100)


def recorder(memory: bytearray, edition: int = 1) -> Recorder:
    return Recorder(memoryview(memory), TABLE, edition)


def draw(writer: Recorder, values: np.ndarray | None = None, doing: Doing = Doing.NONE) -> None:
    values = np.array([row.default for row in TABLE]) if values is None else values
    writer.begin(1.5, (2, 1), doing, 0.016, WALK, values)
    writer.end(PICTURE, True)


@given(st.lists(st.integers(0, 3 * LENGTH), min_size=1, max_size=4))
def test_the_ring_keeps_the_last_over_any_number_of_decks(lives: list[int]):
    memory = ring()
    for life in lives:
        writer = recorder(memory)
        for _ in range(life):
            draw(writer)
    total = sum(lives)
    assert list(whole(memory)["number"]) == list(range(max(1, total - LENGTH + 1), total + 1))


@settings(max_examples=50)
@given(st.dictionaries(st.integers(0, ROWS - 1), st.floats(-4, 4), max_size=ROWS))
def test_a_record_holds_everything_to_the_bit_or_says_that_it_cannot(moved: dict[int, float]):
    memory, values = ring(), np.zeros(ROWS + 1)
    for row, value in moved.items():
        values[row] = value
    draw(recorder(memory, edition=3), values)
    (record,) = whole(memory)
    count = np.count_nonzero(values[:ROWS])
    assert bool(record["flags"] & Doing.CROWDED) == (count > MOVED)
    back = np.zeros(ROWS + 1)
    back[record["rows"][: record["moved"]]] = record["values"][: record["moved"]]
    if count <= MOVED:
        assert np.array_equal(back, values), "what is not a deck's stays at its default"
    assert tuple(record["walk"]) == WALK
    assert (record["edition"], record["scene"], record["dt"]) == (3, 2, 0.016)
    assert record["picture"] == zlib.crc32(PICTURE[16], zlib.crc32(PICTURE[0]))


def test_a_picture_that_was_begun_is_there_without_its_end():
    memory = ring()
    writer = recorder(memory)
    draw(writer)
    writer.begin(2.0, (0, 0), Doing.TRAVEL, 0.0, WALK, np.zeros(ROWS + 1))
    assert [int(flags) for flags in whole(memory)["flags"]] == [0, Doing.TRAVEL | Doing.BEGUN]
    writer.end(PICTURE, False)
    assert int(whole(memory)["flags"][-1]) == Doing.TRAVEL | Doing.JUNK


@given(st.integers(0, RECORD.itemsize - 1), st.integers(1, 255))
def test_a_torn_record_is_left_out_and_no_other(byte: int, by: int):
    memory = ring()
    writer = recorder(memory)
    for _ in range(LENGTH):
        draw(writer)
    memory[4 * RECORD.itemsize + byte] ^= by
    assert list(whole(memory)["number"]) == [1, 2, 3, 5, 6, 7, 8, 9, 10]
    after = recorder(memory)
    draw(after)
    assert whole(memory)["number"][-1] == LENGTH + 1


@given(st.binary(max_size=3 * RECORD.itemsize))
def test_noise_holds_no_record(noise: bytes):
    assert len(whole(noise)) == 0


@pytest.mark.parametrize("row", [0, 16])
def test_a_picture_is_known_by_its_rows(row: int):
    other = PICTURE.copy()
    other[row, 3, 1] ^= 1
    assert fingerprint(other) != fingerprint(PICTURE)
