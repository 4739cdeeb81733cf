"""Faces are held, look about and pass; the figures of a family live on clocks of their own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.generators.card import load_card
from installation.latent.kinds import make
from installation.latent.people_walks import BREATH, COUNT, PASS
from installation.latent.space import Space
from installation.latent.walks import START, Plan, State, Steering, Walk
from installation.session import ROOT

STILL = Steering(push=(0.0, 0.0))
FACE = load_card(ROOT / "models/faces/mirre").space()
SEATS = ("first", "second", "third", "fourth")
MANNERS = ("yaw", "pitch", "roll", "lid", "gaze", "mouth", "smile")
NAMES = ["room", "cloth", *(f"{seat}_{manner}" for seat in SEATS for manner in MANNERS), "light"]
TABLE = Space(64, len(NAMES), (), {name: place for place, name in enumerate(NAMES)})
FPS = 30.0
seeds = st.integers(0, 2**32 - 1)
face_states = st.builds(
    lambda part, count, turns: (part, float(count), *turns, *[0.0] * 6),
    st.floats(0, 1, exclude_max=True),
    st.integers(0, COUNT - 1),
    st.tuples(*[st.floats(0, 1, exclude_max=True)] * len(BREATH)),
)


def faces(hold: float = 10.0, seed: int = 3, space: Space = FACE, spread: float = 0.8) -> Walk:
    return make(Plan("faces", spread=spread, seed=seed, hold=hold, axes=(0, -1)), space)


def film(walk: Walk, seconds: float, at: State = START) -> np.ndarray:
    places = []
    for _ in range(round(seconds * FPS)):
        at, z = walk.step(at, STILL, 1 / FPS)
        places.append(z)
    return np.stack(places)


@given(seeds, face_states, st.floats(0, 4), st.floats(0, 1))
def test_a_face_is_always_a_place_and_its_state_stays_in_bounds(seed, state, speed, dt):
    after, z = faces(seed=seed).step(state, Steering(speed=speed, push=(0.5, 0.0)), dt)
    assert np.sqrt(np.mean(z * z)) == pytest.approx(1.0, abs=1e-6)
    assert len(after) == len(START)
    assert 0 <= after[0] < 1
    assert after[1] in range(COUNT)
    assert after[10:] == state[10:]


@given(seeds, face_states, st.floats(1e-5, 1e-3))
def test_a_face_moves_without_a_leap_also_from_the_last_to_the_first(seed, state, dt):
    walk = faces(seed=seed)
    here, there = (walk.step(state, STILL, step)[1] for step in (0.0, dt))
    assert np.linalg.norm(there - here) <= 15 * dt


@pytest.mark.parametrize("walk", [faces(), make(Plan("families", 60.0, 1.0, 5), TABLE)])
def test_the_largest_step_is_under_four_times_the_median(walk: Walk):
    steps = np.linalg.norm(np.diff(film(walk, 64.0), axis=0), axis=1)
    assert steps.max() < 4 * np.median(steps)


def test_a_face_is_held_while_it_lives_then_passes_to_another():
    hold = 10.0
    walk = faces(hold)
    z = film(walk, 2 * hold * (1 + PASS))
    identity = [FACE.axes[name] for name in ("skull", "jaw", "nose", "brow")]
    gaze = FACE.axes["gaze"]
    held = z[: round(hold * FPS) - 1]
    second = z[round(hold * (1 + PASS) * FPS) + 1 : round(hold * (2 + PASS) * FPS) - 1]
    assert np.ptp(held[:, identity], axis=0).max() < 1e-6
    assert np.ptp(held[:, gaze]) > 0.5  # it looks about
    assert np.abs(second[0, identity] - held[0, identity]).max() > 0.3  # and is another


def test_who_comes_is_drawn_from_the_seed_and_found_again_after_a_restart():
    at: State = (0.4, 17.0, *START[2:])
    first, again = (faces(seed=8).step(at, STILL, 0.01)[1] for _ in range(2))
    assert (first == again).all()
    assert np.abs(faces(seed=9).step(at, STILL, 0.01)[1] - first).max() > 0.1


def test_faces_walk_through_a_model_whose_card_names_nothing():
    z = film(faces(space=Space(24)), 20.0)
    assert np.isfinite(z).all()
    assert np.ptp(z, axis=0).max() > 0.1


def test_each_figure_lives_on_a_clock_of_its_own():
    z = film(make(Plan("families", 120.0, 1.0, 5), TABLE), 120.0)
    speed = np.abs(np.diff(z, axis=0)).mean(0)
    rest = speed[[TABLE.axes[name] for name in ("room", "cloth", "light")]].mean()
    for seat in SEATS:
        dimensions = [TABLE.axes[f"{seat}_{manner}"] for manner in MANNERS]
        assert speed[dimensions].mean() > 2 * rest
    tracks = [z[:, TABLE.axes[f"{seat}_gaze"]] for seat in SEATS]
    spectra = [np.abs(np.fft.rfft(track - track.mean())).argmax() for track in tracks]
    assert len(set(spectra)) > 1


def test_a_family_walk_without_named_figures_is_a_slow_round():
    z = film(make(Plan("families", 60.0), Space(24)), 60.0)
    assert z[-1] == pytest.approx(z[0], abs=0.2)
