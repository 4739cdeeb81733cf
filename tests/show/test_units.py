import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from installation.show.units import MAX_SIDE, Duration, Size

duration, picture_size = TypeAdapter(Duration), TypeAdapter(Size)
SECONDS = {"ms": 0.001, "s": 1, "min": 60, "h": 3600}


@given(st.decimals(0, 100, places=2), st.sampled_from(list(SECONDS)), st.sampled_from(["", " "]))
def test_a_duration_is_read_in_seconds(number, unit, gap):
    got = duration.validate_python(f"{number}{gap}{unit}")
    assert got == pytest.approx(float(number) * SECONDS[unit])


@pytest.mark.parametrize(
    "text", ["", "s", "3", "3 sec", "-3s", "1e3s", "3s 2ms", "inf", "nan", "3S", "1000h", "٣s"]
)
def test_what_is_no_duration_is_refused(text: str):
    with pytest.raises(ValidationError):
        duration.validate_python(text)


@pytest.mark.parametrize("number", [-1, -0.001, float("inf"), float("nan"), 1e9, None, [3]])
def test_a_number_that_is_no_duration_is_refused(number: object):
    with pytest.raises(ValidationError):
        duration.validate_python(number)


sides = st.integers(-5, 20000)


@given(sides, sides)
def test_a_size_has_sides_a_graphics_card_can_hold_however_it_is_written(width: int, height: int):
    possible = all(16 <= side <= MAX_SIDE for side in (width, height))
    for written in (f"{width}x{height}", [width, height]):
        try:
            assert picture_size.validate_python(written) == (width, height)
            assert possible
        except ValidationError:
            assert not possible


@pytest.mark.parametrize("text", ["", "640", "640x", "x480", "640X480", "640 x 480", "6e2x480"])
def test_what_is_no_size_is_refused(text: str):
    with pytest.raises(ValidationError, match="1280x720"):
        picture_size.validate_python(text)
