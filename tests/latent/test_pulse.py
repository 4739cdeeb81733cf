"""A push on every beat."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.latent.kinds import make
from installation.latent.pulse import Beating, Pulsed, envelope
from installation.latent.space import Space
from installation.latent.walks import START, Heard, Plan, Steering

SPACE = Space(z_dim=64, used=8, axes={"storm": 2})
PERIOD, FRAMES = 8.0, 8 * 25
times = st.floats(0.01, 2.0)


@given(st.floats(0.2, 2.0), times, times)
def test_the_envelope_rises_falls_and_goes_on_where_it_was(beat: float, up: float, down: float):
    phases = np.linspace(0, 1, 2000, endpoint=False)
    levels = np.array([envelope(phase, beat, up, down) for phase in phases])
    assert (levels >= 0).all()
    assert (levels <= 1).all()
    assert levels.max() > 0.9
    assert envelope(0.0, beat, up, down) == pytest.approx(
        envelope(1 - 1e-9, beat, up, down), abs=1e-3
    )
    rising = phases * beat < min(up, beat / 2) - 1e-9
    assert (np.diff(levels[rising]) >= -1e-12).all()
    assert (np.diff(levels[~rising]) <= 1e-12).all()


def pulsed(beats: int = 0) -> Pulsed:
    walk = make(Plan("loop", PERIOD, spread=0.3, seed=1), SPACE)
    return Pulsed(walk, Beating(2, push=1.5, attack=0.05, release=0.2, beats=beats), PERIOD)


def pushes(walk: Pulsed, steering: Steering, frames: int) -> np.ndarray:
    """What the pulse adds to its axis, frame by frame."""
    state, plain, found = START, make(Plan("loop", PERIOD, spread=0.3, seed=1), SPACE), []
    for _ in range(frames):
        _, without = plain.step(state, steering, PERIOD / FRAMES)
        state, z = walk.step(state, steering, PERIOD / FRAMES)
        found.append(z[2] - without[2])
    return np.array(found)


def test_it_follows_a_heard_beat_as_far_as_that_is_sure():
    def push(phase: float, confidence: float) -> float:
        beat = Heard(120.0, phase, confidence)
        return float(pushes(pulsed(), Steering(beat=beat), 1)[0])

    assert push(0.1, 1.0) > 1.2
    assert push(0.9, 1.0) < 0.3
    assert 0 < push(0.1, 0.5) < push(0.1, 1.0)
    assert push(0.1, 0.2) == 0
    assert pushes(pulsed(), Steering(), 1)[0] == 0


def test_without_a_beat_it_beats_by_itself_and_the_loop_still_closes_to_the_frame():
    found = pushes(pulsed(beats=16), Steering(), 2 * FRAMES)
    np.testing.assert_allclose(found[:FRAMES], found[FRAMES:], atol=1e-9)
    strong = found[:FRAMES] > 0.9
    assert (np.diff(strong.astype(int)) == 1).sum() == pytest.approx(16, abs=1)


@given(st.floats(60, 180), st.floats(0, 1), st.floats(0, 1))
def test_the_place_stays_on_its_sphere(tempo: float, phase: float, confidence: float):
    steering = Steering(beat=Heard(tempo, phase, confidence))
    _, z = pulsed(beats=3).step(START, steering, 0.02)
    assert np.sqrt(np.mean(z * z)) == pytest.approx(1.0)
