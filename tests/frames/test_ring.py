import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.frames.header import HEADER_BYTES, WALK_STATE, Flag, Header
from installation.frames.ring import SLOTS, RingReader, RingWriter
from installation.memory import Arena

PAGE = 4096
SIZE = PAGE + SLOTS * 4 * PAGE  # slots of a header page and three pages of pixels
ROOM = 3 * PAGE

# Publishes pictures of one repeated value, which the header names too, until its input is closed.
PAINTER = """
import sys, threading
from installation.frames.header import Header
from installation.frames.ring import RingWriter
from installation.memory import Arena
ring = RingWriter(Arena(int(sys.argv[1]), {"ring": int(sys.argv[2])}).section("ring"))
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
count = 0
while not over.is_set():
    count += 1
    side = 16 + count % 48
    ring.frame(side, side)[:] = count % 256
    ring.publish(Header(side, side, index=count))
"""


def ring(size: int = SIZE) -> tuple[bytearray, RingWriter, RingReader]:
    memory = bytearray(size)
    return memory, RingWriter(memoryview(memory)), RingReader(memoryview(memory))


def paint(writer: RingWriter, value: int, width: int = 4, height: int = 3) -> None:
    writer.frame(width, height)[:] = value
    writer.publish(Header(width, height, index=value))


@given(st.lists(st.integers(0, 255), min_size=1, max_size=7))
def test_the_newest_picture_is_handed_out_once(values: list[int]):
    _, writer, reader = ring()
    for value in values:
        paint(writer, value)
    assert reader.fresh
    taken = reader.newest()
    assert taken
    header, picture = taken
    assert header.index == values[-1]
    assert picture.shape == (3, 4, 4)
    assert (picture == values[-1]).all()
    assert reader.intact()
    assert reader.newest() is None
    assert not reader.fresh
    assert reader.torn == 0


def test_an_empty_ring_gives_nothing():
    _, _, reader = ring()
    assert reader.newest() is None
    assert not reader.fresh
    assert reader.torn == 0


def test_a_reader_may_sleep_for_one_whole_picture_and_no_longer_than_two():
    _, writer, reader = ring()
    paint(writer, 1)
    taken = reader.newest()
    assert taken
    paint(writer, 2)
    paint(writer, 3)
    assert reader.intact()
    assert (taken[1] == 1).all()
    writer.frame(4, 3)[:] = 4
    assert not reader.intact()
    assert reader.torn == 1


def test_an_unfinished_picture_is_never_shown():
    _, writer, reader = ring()
    paint(writer, 1)
    writer.frame(4, 3)[:] = 99
    taken = reader.newest()
    assert taken
    assert (taken[1] == 1).all()


def test_a_new_writer_goes_on_after_the_last_ones_pictures():
    memory, writer, reader = ring()
    paint(writer, 1)
    assert reader.newest()
    writer.frame(4, 3)[:] = 2  # and dies
    paint(RingWriter(memoryview(memory)), 3)
    taken = reader.newest()
    assert taken
    assert (taken[1] == 3).all()
    assert reader.intact()


def test_a_picture_larger_than_a_slot_is_refused():
    _, writer, _ = ring()
    writer.frame(ROOM // 4, 1)
    with pytest.raises(ValueError, match="do not fit"):
        writer.frame(ROOM // 4 + 1, 1)


@given(st.data())
def test_random_bytes_before_the_pixels_never_make_an_impossible_picture(data: st.DataObject):
    memory, writer, reader = ring()
    for value in (1, 2, 3):
        paint(writer, value)
    slot = PAGE + data.draw(st.integers(0, 2)) * 4 * PAGE
    at = data.draw(st.sampled_from([0, slot, slot + 16]))
    noise = data.draw(st.binary(min_size=1, max_size=HEADER_BYTES))
    memory[at : at + len(noise)] = noise
    taken = reader.newest()
    if taken:
        header, picture = taken
        assert picture.shape == (header.height, header.width, 4)
        assert 0 < picture.nbytes <= ROOM
        reader.intact()


SIDE = st.one_of(st.integers(0, 70), st.integers(0, 2**32 - 1))


@given(SIDE, SIDE)
def test_a_header_whose_size_cannot_be_is_counted_as_torn(width: int, height: int):
    memory, writer, reader = ring()
    paint(writer, 1)
    slot = PAGE + 4 * PAGE  # sequence 1
    Header(width, height).pack_into(memoryview(memory)[slot + 16 :])
    possible = 0 < width * height * 4 <= ROOM
    assert (reader.newest() is not None) == possible
    assert reader.torn == (not possible)


@given(st.integers(0, 2**64 - 1))
def test_a_scribbled_head_does_not_stop_the_next_writer(sequence: int):
    memory, writer, reader = ring()
    paint(writer, 1)
    memory[8:16] = sequence.to_bytes(8, "little")
    reader.newest()
    successor = RingWriter(memoryview(memory))
    for value in (7, 8):
        paint(successor, value)
    taken = reader.newest()
    assert taken
    assert (taken[1] == 8).all()


def test_every_picture_read_from_another_process_is_of_one_piece():
    arena = Arena.create({"ring": PAGE + SLOTS * 16 * PAGE})
    view = arena.section("ring")
    reader, whole = RingReader(view), []
    command = [sys.executable, "-c", PAINTER, str(arena.fd), str(len(view))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[arena.fd]) as painter:
        while len(whole) < 500:
            assert painter.poll() is None
            taken = reader.newest()
            if taken:
                header, copy = taken[0], taken[1].copy()
                if reader.intact():
                    whole.append((header, copy))
        painter.stdin.close()  # pyright: ignore[reportOptionalMemberAccess]
    for header, picture in whole:
        side = 16 + header.index % 48
        assert picture.shape == (side, side, 4)
        assert (picture == header.index % 256).all()
    indices = [header.index for header, _ in whole]
    assert indices == sorted(set(indices))


number = st.floats(allow_nan=False)
whole32 = st.integers(0, 2**32 - 1)


@given(
    st.builds(
        Header,
        *[whole32] * 4,
        st.integers(0, 2**64 - 1),
        number,
        number,
        st.tuples(*[number] * len(Header(1, 1).stamps)),
        st.tuples(*[number] * WALK_STATE),
    )
)
def test_a_header_comes_back_as_it_went(header: Header):
    memory = memoryview(bytearray(HEADER_BYTES))
    header.pack_into(memory)
    assert Header.unpack_from(memory) == header


def test_a_test_card_is_told_by_its_flag():
    memory = memoryview(bytearray(HEADER_BYTES))
    Header(1, 1, flags=Flag.TEST_CARD).pack_into(memory)
    assert Header.unpack_from(memory).flags & Flag.TEST_CARD


def test_pixels_start_on_a_page():
    """So that a device can lock them."""
    arena = Arena.create({"other": 1, "ring": SIZE})
    picture = RingWriter(arena.section("ring")).frame(4, 4)
    assert picture.__array_interface__["data"][0] % PAGE == 0
    assert picture.flags.writeable
    assert picture.dtype == np.uint8
