from hypothesis import given
from hypothesis import strategies as st

from installation.control.keys import KEPT, KeyReader, KeyWriter

stroke = st.tuples(st.sampled_from(["a", "right", "escape", "f1"]), st.booleans())
bursts = st.lists(st.lists(stroke, max_size=KEPT), max_size=4)


def shared() -> memoryview:
    return memoryview(bytearray(16 * 1024))


@given(bursts)
def test_every_stroke_arrives_once_and_in_order(bursts: list[list[tuple[str, bool]]]):
    view = shared()
    writer, reader = KeyWriter(view), KeyReader(view)
    for burst in bursts:
        for place, (key, pressed) in enumerate(burst):
            writer.stroke(key, pressed, place)
        assert [(s.key, s.pressed) for s in reader.strokes()] == burst
    assert reader.strokes() == []
    assert reader.dropped == 0


@given(st.integers(0, 3 * KEPT))
def test_strokes_nobody_took_in_time_are_counted(more: int):
    view = shared()
    writer, reader = KeyWriter(view), KeyReader(view)
    for number in range(KEPT + more):
        writer.stroke(f"k{number}", True, number)
    strokes = reader.strokes()
    assert [s.key for s in strokes] == [f"k{n}" for n in range(more, KEPT + more)]
    assert reader.dropped == more


def test_a_new_desk_does_not_press_old_keys_again():
    view = shared()
    writer = KeyWriter(view)
    writer.stroke("b", True, 1.0)
    reader = KeyReader(view)
    assert reader.strokes() == []
    writer.stroke("b", False, 2.0)
    assert [s.pressed for s in reader.strokes()] == [False]


def test_a_new_stage_goes_on_counting():
    view = shared()
    KeyWriter(view).stroke("a", True, 1.0)
    reader = KeyReader(view)
    KeyWriter(view).stroke("c", True, 2.0)
    assert [s.key for s in reader.strokes()] == ["c"]
    assert reader.dropped == 0


def test_the_longest_names_fit():
    view = shared()
    writer, reader = KeyWriter(view), KeyReader(view)
    for number in range(KEPT):
        writer.stroke("motion_end_of_file", True, 1e9 + number + 1 / 3)
    assert len(reader.strokes()) == KEPT
