"""Walks among chosen places: they close to the frame, pass what they promise, and jump nowhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.latent.kinds import make
from installation.latent.places import Place
from installation.latent.space import Space, unit
from installation.latent.walks import START, Plan, State, Steering, Walk

SPACE = Space(z_dim=64)
PERIOD, FRAMES = 8.0, 8 * 25
PLAIN = Steering()


def seeded(seed: int) -> np.ndarray:
    return Place(name="s", seed=seed).position(SPACE.z_dim)


def walked(walk: Walk, frames: int, steering: Steering = PLAIN) -> list[np.ndarray]:
    state: State = START
    places = []
    for _ in range(frames):
        state, z = walk.step(state, steering, PERIOD / FRAMES)
        places.append(z)
    return places


def grid(seed: int = 5, across: int = 3, down: int = 2) -> Walk:
    return make(Plan("grid", PERIOD, seed=seed, grid=(across, down)), SPACE)


def orbit(radius: float = 0.5, space: Space = SPACE) -> Walk:
    around = Place(name="s", seed=7).position(space.z_dim)
    return make(Plan("orbit", PERIOD, around=around, radius=radius), space)


@pytest.mark.parametrize("walk", [grid(), orbit()], ids=["grid", "orbit"])
def test_they_close_to_the_frame_and_do_not_jump(walk: Walk):
    places = walked(walk, 2 * FRAMES)
    np.testing.assert_allclose(places[:FRAMES], places[FRAMES:], atol=1e-9)
    steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
    assert steps.max() < 6 * steps.mean()
    assert np.sqrt(np.mean(np.square(places), axis=1)) == pytest.approx(1.0)


@given(st.integers(0, 3), st.integers(0, 3))
def test_steering_leads_to_every_seed_of_the_grid(column: int, row: int):
    walk = make(Plan("grid", PERIOD, seed=9, grid=(4, 4)), SPACE)
    x, y = (4.0 * place / 4 for place in (column, row))  # a whole round is 4, from -2 to 2
    x, y = (push - 4 if push > 2 else push for push in (x, y))
    _, z = walk.step(START, Steering(push=(x, y)), 0.0)
    np.testing.assert_allclose(z, seeded(9 + 4 * row + column), atol=1e-9)


@settings(max_examples=30)
@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(0, 1))
def test_a_small_push_is_a_small_step_everywhere_on_the_grid(x: float, y: float, turn: float):
    walk, state = grid(), (turn, *START[1:])
    _, here = walk.step(state, Steering(push=(x, y)), 0.0)
    _, there = walk.step(state, Steering(push=(x + 0.004, y - 0.004)), 0.0)
    assert np.sqrt(np.mean(np.square(here - there))) < 0.03


def test_the_grid_passes_near_seeds_by_itself():
    places = np.array(walked(grid(), FRAMES))
    gaps = [np.sqrt(np.mean((places - seeded(5 + n)) ** 2, axis=1)).min() for n in range(6)]
    assert sum(gap < 0.35 for gap in gaps) >= 3


@pytest.mark.parametrize("radius", [0.2, 0.6])
def test_an_orbit_keeps_its_distance_and_spread_widens_it(radius: float):
    centre = seeded(7)
    gaps = [np.sqrt(np.mean((z - centre) ** 2)) for z in walked(orbit(radius), FRAMES)]
    assert max(gaps) - min(gaps) < 1e-9
    assert gaps[0] == pytest.approx(radius, rel=0.15)
    wide = walked(orbit(radius), 1, Steering(spread=1.5))[0]
    still = walked(orbit(radius), 1, Steering(spread=0.0))[0]
    assert np.sqrt(np.mean((wide - centre) ** 2)) > gaps[0]
    np.testing.assert_allclose(still, unit(centre), atol=1e-9)


def test_an_orbit_moves_only_what_shapes_the_picture():
    space = Space(z_dim=64, used=8)
    places = np.array(walked(orbit(0.5, space), FRAMES))
    centre = Place(name="s", seed=7).position(64)[:8]
    gaps = np.sqrt(np.mean((places[:, :8] - centre) ** 2, axis=1))
    assert gaps.max() == pytest.approx(gaps.min(), rel=0.2)
    assert gaps.mean() == pytest.approx(0.5, rel=0.2)
