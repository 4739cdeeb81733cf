import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.memory import Arena
from installation.presents import BYTES, LINES, MODES, SECTION, PresentReader, PresentWriter
from installation.stage.fallback import Mode


def arena() -> Arena:
    return Arena.create({SECTION: BYTES})


def write(writer: PresentWriter, count: int, mode: str = "live") -> None:
    for _ in range(count):
        writer.add(1.0, 7, 0.5, mode, False)


def test_every_mode_of_the_stage_has_its_number():
    assert {str(mode) for mode in Mode} <= set(MODES)


@given(st.lists(st.integers(0, 3 * LINES), max_size=5))
def test_each_line_is_handed_out_once_and_in_order(bursts: list[int]):
    memory = arena()
    writer, reader, seen = PresentWriter(memory), PresentReader(memory), 0
    for burst in bursts:
        write(writer, burst)
        lines = reader.fresh()
        assert len(lines) == min(burst, LINES)
        assert [line.number for line in lines] == list(
            range(seen + burst + 1 - len(lines), seen + burst + 1)
        )
        seen += burst


def test_the_next_stage_writes_on_where_the_last_one_fell():
    memory = arena()
    reader = PresentReader(memory)
    write(PresentWriter(memory), 3)
    PresentWriter(memory).add(2.0, 9, None, "held", True)
    *_, last = reader.fresh()
    assert (last.number, last.at, last.picture, last.mode, last.black) == (4, 2.0, 9, "held", True)
    assert last.luma != last.luma, "not measured yet"


def test_a_scribbled_line_is_left_out():
    memory = arena()
    write(PresentWriter(memory), 10)
    memory.section(SECTION)[8 + 5 * 32 : 8 + 5 * 32 + 8] = b"\xff" * 8
    assert [line.number for line in PresentReader(memory).fresh()] == [1, 2, 3, 4, 6, 7, 8, 9, 10]


@pytest.mark.parametrize("mode", MODES)
def test_a_mode_survives(mode: str):
    memory = arena()
    write(PresentWriter(memory), 1, mode)
    assert PresentReader(memory).fresh()[0].mode == mode
