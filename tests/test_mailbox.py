import subprocess
import sys
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.memory import Arena, Mailbox

SIZE = 256
PAYLOAD = st.binary(max_size=100)

# Writes payloads of one repeated byte, as long as that byte says, until its input is closed.
SCRIBE = """
import sys, threading
from installation.memory import Arena, Mailbox
box = Mailbox(Arena(int(sys.argv[1]), {"box": 8192}).section("box"))
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
number = 0
while not over.is_set():
    number += 1
    value = number % 251
    box.write(bytes([value]) * (1 + 16 * value))
"""


def box_of(size: int = SIZE) -> tuple[bytearray, Mailbox]:
    memory = bytearray(size)
    return memory, Mailbox(memoryview(memory))


@given(st.lists(PAYLOAD, min_size=1, max_size=8))
def test_the_newest_payload_is_read(payloads: list[bytes]):
    _, box = box_of()
    for number, payload in enumerate(payloads, 1):
        assert box.write(payload) == number
        assert box.read() == payload
    assert box.sequence == len(payloads)


def test_an_empty_box_holds_nothing():
    _, box = box_of()
    assert box.read() is None
    assert box.sequence == 0


@given(st.integers(0, 4))
def test_a_payload_fits_up_to_the_capacity_and_not_a_byte_more(extra: int):
    _, box = box_of()
    box.write(b"kept")
    if extra:
        with pytest.raises(ValueError, match="do not fit"):
            box.write(bytes(box.capacity + extra))
        assert box.read() == b"kept"
    else:
        box.write(b"x" * box.capacity)
        assert box.read() == b"x" * box.capacity


@given(PAYLOAD, PAYLOAD, st.integers(0, SIZE - 1), st.integers(1, 255))
def test_a_scribbled_byte_never_makes_another_payload(old: bytes, new: bytes, at: int, flip: int):
    memory, box = box_of()
    box.write(old)
    box.write(new)
    memory[at] ^= flip
    assert box.read() in (None, old, new)


@given(st.binary(min_size=SIZE, max_size=SIZE), PAYLOAD)
def test_random_memory_is_no_payload_and_can_be_written_over(noise: bytes, payload: bytes):
    memory, box = box_of()
    memory[:] = noise
    assert box.read() is None
    box.write(payload)
    assert box.read() == payload


@given(PAYLOAD, PAYLOAD, st.integers(16, SIZE))
def test_a_writer_that_dies_while_writing_leaves_the_last_payload(old: bytes, new: bytes, at: int):
    """The head is written last: cut off at any byte after it, the write has not happened."""
    memory, box = box_of()
    box.write(old)
    before = bytes(memory)
    box.write(new)
    memory[:16], memory[at:] = before[:16], before[at:]
    assert box.read() == old


def test_the_last_sequence_number_is_followed_by_a_readable_payload():
    memory, box = box_of()
    box.write(b"first")
    memory[8:16] = b"\xff" * 8
    box.write(b"lost or read")
    box.write(b"second")
    assert box.read() == b"second"


def test_sections_do_not_touch_each_other():
    arena = Arena.create({"a": 100, "b": 5000, "c": 1})
    for name in "abc":
        section = arena.section(name)
        section[:] = name.encode() * len(section)
    assert [(len(arena.section(n)), bytes(arena.section(n)[-1:])) for n in "abc"] == [
        (100, b"a"),
        (5000, b"b"),
        (1, b"c"),
    ]


def test_two_maps_of_one_arena_share_their_bytes():
    sections = {"a": 100, "b": 100}
    first = Arena.create(sections)
    second = Arena(first.fd, sections)
    first.section("b")[:3] = b"sea"
    assert bytes(second.section("b")[:3]) == b"sea"


def test_a_reader_in_another_process_never_sees_a_mixed_payload():
    arena = Arena.create({"box": 8192})
    box, seen = Mailbox(arena.section("box")), set[bytes]()
    command = [sys.executable, "-c", SCRIBE, str(arena.fd)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[arena.fd]) as scribe:
        for reads in count():
            assert scribe.poll() is None
            seen.add(box.read() or b"")
            if len(seen) > 100 and reads > 10_000:
                break
        scribe.stdin.close()  # pyright: ignore[reportOptionalMemberAccess]
    for payload in seen - {b""}:
        assert payload == payload[:1] * (1 + 16 * payload[0])


def test_a_sequence_seen_by_a_reader_only_grows():
    _, box = box_of()
    seen = [box.write(b"") for _ in range(5)]
    assert all(later == earlier + 1 for earlier, later in pairwise(seen))
