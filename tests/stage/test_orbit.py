import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.stage.orbit import PERIODS, REACH, orbit

times = st.floats(0, 1e6)


@given(times, st.floats(0, 1))
def test_the_zoom_hides_what_the_shift_would_bare(time: float, amount: float):
    zoom, x, y = orbit(time, amount)
    bare = 0.5 * (1.0 - 1.0 / (1.0 + zoom))  # parts of the canvas beyond each border
    assert max(abs(x), abs(y)) <= bare + 1e-9


@given(times)
def test_nobody_sees_it_move(time: float):
    a, b = orbit(time, 1.0), orbit(time + 1 / 60, 1.0)
    assert max(abs(v - u) for u, v in zip(a, b, strict=True)) * 1920 < 0.002  # pixels a frame


def test_it_wanders_everywhere_and_can_be_stilled():
    x = [orbit(second, 1.0)[1] for second in range(0, int(PERIODS[0]), 10)]
    assert max(x) == pytest.approx(REACH, rel=0.01)
    assert min(x) == pytest.approx(-REACH, rel=0.01)
    assert orbit(777.0, 0.0, (0.1, 0.2, 0.3)) == (0.1, 0.2, 0.3)
