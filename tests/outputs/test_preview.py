import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.outputs.preview import RATE, WIDEST, preview_size

side = st.integers(1, 8192)


@given(side, side)
def test_a_preview_is_small_and_has_the_walls_shape(width: int, height: int):
    small = preview_size((width, height))
    assert 1 <= small[0] <= WIDEST
    assert small[1] >= 1
    assert small[1] / small[0] == pytest.approx(height / width, rel=0.5 / small[1] + 0.01) or (
        small[1] == 1
    )


def test_a_panel_gets_a_dozen_pictures_a_second():
    assert RATE == 12.0
    assert preview_size((1920, 1080)) == (480, 270)
