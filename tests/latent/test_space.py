import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.latent.space import Loop, slerp, unit

seeds = st.integers(0, 2**32 - 1)
part = st.floats(0, 1)


def normal(seed: int, size: int = 20) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(size)


@given(seeds, st.floats(1e-3, 1e3))
def test_unit_keeps_the_direction(seed: int, scale: float):
    z = normal(seed) * scale
    assert np.sqrt(np.mean(unit(z) ** 2)) == pytest.approx(1.0, abs=1e-5)
    assert unit(z) @ z == pytest.approx(np.linalg.norm(unit(z)) * np.linalg.norm(z))


def test_nothing_has_no_direction_and_stays_nothing():
    assert (unit(np.zeros(4)) == 0).all()


@given(seeds, seeds, part)
def test_slerp_goes_from_one_to_the_other_at_an_even_angle(first: int, second: int, t: float):
    a, b = normal(first), normal(second)
    assert slerp(a, b, 0.0) == pytest.approx(a)
    assert slerp(a, b, 1.0) == pytest.approx(b)
    whole = angle(a, b)
    assert angle(a, slerp(a, b, t)) == pytest.approx(t * whole, abs=1e-5)


def angle(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.arccos(np.clip(a @ b / np.linalg.norm(a) / np.linalg.norm(b), -1, 1)))


@given(seeds, part)
def test_slerp_between_parallel_or_opposite_places_is_finite(seed: int, t: float):
    a = normal(seed)
    for b in (a, 2 * a, -a):
        assert np.isfinite(slerp(a, b, t)).all()


@given(seeds, part)
def test_a_loop_is_closed(seed: int, turn: float):
    loop = Loop(8, np.random.default_rng(seed), (1.0, 0.6, 0.35))
    assert loop.at(turn + 1.0) == pytest.approx(loop.at(turn), abs=1e-9)


def test_every_place_of_a_loop_is_a_fair_draw():
    places = Loop(40_000, np.random.default_rng(0), (1.0, 0.6)).at(0.37)
    assert places.mean() == pytest.approx(0.0, abs=0.03)
    assert places.std() == pytest.approx(1.0, abs=0.03)
