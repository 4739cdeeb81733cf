import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.frames.header import HEADER_BYTES, WALK_STATE, Header
from installation.latent import walks
from installation.latent.kinds import make
from installation.latent.space import Space, Swell
from installation.latent.walks import MAX_STEP, START, Plan, State, Steering

TIDE = (Swell((2, 3), 8.4), Swell((4, 5), 3.5))
SPACES = {
    "all dimensions": Space(z_dim=40),
    "few dimensions": Space(z_dim=40, used=12, tide=TIDE, axes={"foam": 0, "sun": 7}),
    "every dimension used": Space(z_dim=12, used=12, tide=TIDE, axes={"foam": 0}),
    "narrow": Space(z_dim=1),
}
PERIOD = 60.0
kinds = st.sampled_from(["waves", "loop", "drift", "families"])
spaces = st.sampled_from(list(SPACES.values()))
states = st.tuples(*[st.floats(0, 1, exclude_max=True)] * WALK_STATE)
seeds = st.integers(0, 2**32 - 1)
spreads = st.floats(0, 3)
steerings = st.builds(
    Steering,
    speed=st.floats(0, 4),
    spread=st.floats(0, 1.5),
    tide=st.floats(0, 4),
    push=st.tuples(*[st.floats(-2, 2)] * 2),
)


def walk_of(kind: str, space: Space, spread: float = 1.0, seed: int = 7) -> walks.Walk:
    return make(Plan(kind, PERIOD, spread, seed, axes=(0, -1)), space)


def rms(z: np.ndarray) -> float:
    return float(np.sqrt(np.mean(z * z)))


@given(kinds, spaces, spreads, seeds, states, steerings, st.floats(0, 1))
def test_every_place_is_finite_and_of_unit_rms(kind, space, spread, seed, state, steering, dt):
    after, z = walk_of(kind, space, spread, seed).step(state, steering, dt)
    assert z.shape == (space.z_dim,)
    assert rms(z) == pytest.approx(1.0, abs=1e-6)
    assert len(after) == WALK_STATE
    assert all(isinstance(number, float) and 0.0 <= number < 1.0 for number in after)


@given(kinds, spaces, seeds, states, steerings, st.floats(0, 1))
def test_a_walk_is_a_function_of_what_it_is_given(kind, space, seed, state, steering, dt):
    first, second = (walk_of(kind, space, seed=seed) for _ in range(2))
    first.step(START, Steering(push=(0.0, 0.0)), 0.05)  # leaves no trace
    (state_a, z_a), (state_b, z_b) = (w.step(state, steering, dt) for w in (first, second))
    assert state_a == state_b
    assert (z_a == z_b).all()


def test_another_seed_is_another_walk():
    places = [
        walk_of("loop", SPACES["all dimensions"], seed=s).step(START, STILL, 0)[1] for s in (1, 2)
    ]
    assert np.abs(places[0] - places[1]).max() > 0.1


STILL = Steering(push=(0.0, 0.0))
LARGE = [space for space in SPACES.values() if space.z_dim > 1]


@given(kinds, st.sampled_from(LARGE), seeds, states, st.floats(1e-5, 1e-3))
def test_a_walk_is_continuous(kind, space, seed, state, dt):
    """Its fastest part, the shorter swell, turns at about four radians a second."""
    walk = walk_of(kind, space, seed=seed)
    here = walk.step(state, STILL, 0.0)[1]
    there = walk.step(state, STILL, dt)[1]
    assert np.linalg.norm(there - here) <= 20 * dt * np.sqrt(space.z_dim)


@given(kinds, st.sampled_from(LARGE), seeds, states)
def test_half_the_time_is_half_the_way(kind, space, seed, state):
    walk = walk_of(kind, space, seed=seed)
    here, near, far = (walk.step(state, STILL, dt)[1] for dt in (0.0, 1e-4, 2e-4))
    assert np.linalg.norm(far - here) == pytest.approx(
        2 * np.linalg.norm(near - here), rel=1e-2, abs=1e-9
    )


@given(kinds, spaces, states, steerings, st.integers(1, 10))
def test_many_small_steps_lead_where_a_large_one_does(kind, space, state, steering, count):
    walk = walk_of(kind, space)
    at, z = walk.step(state, steering, 0.0)
    for _ in range(count):
        at, z = walk.step(at, steering, MAX_STEP / count)
    _, straight = walk.step(state, steering, MAX_STEP)
    assert z == pytest.approx(straight, abs=1e-6)


@given(kinds, spaces, states, steerings, st.floats(MAX_STEP, 1e6))
def test_after_a_stall_it_goes_on_and_does_not_leap(kind, space, state, steering, stall):
    walk = walk_of(kind, space)
    assert walk.step(state, steering, stall)[0] == walk.step(state, steering, MAX_STEP)[0]


@given(kinds, spaces, states)
def test_without_speed_and_tide_it_stands(kind, space, state):
    still = Steering(speed=0.0, tide=0.0, push=(0.0, 0.0))
    assert walk_of(kind, space).step(state, still, 0.1)[0] == state


@given(st.sampled_from(list(SPACES.values())), seeds)
def test_a_loop_closes_after_one_period(space: Space, seed: int):
    walk = walk_of("loop", space, seed=seed)
    begin = walk.step(START, STILL, 0.0)[1]
    at, z = START, np.zeros(0)
    for _ in range(round(PERIOD / MAX_STEP)):
        at, z = walk.step(at, STILL, MAX_STEP)
    assert np.abs(z - begin).max() < 1e-6


def test_a_drift_does_not_close():
    walk = walk_of("drift", SPACES["all dimensions"])
    begin = walk.step(START, STILL, 0.0)[1]
    at = START
    distances = []
    for tick in range(round(5 * PERIOD / MAX_STEP)):
        at, z = walk.step(at, STILL, MAX_STEP)
        if tick * MAX_STEP > PERIOD / 2:
            distances.append(rms(z - begin))
    assert min(distances) > 0.05


@given(kinds, spaces, states, steerings)
def test_a_restarted_deck_goes_on_from_the_picture_on_the_wall(kind, space, state, steering):
    memory = memoryview(bytearray(HEADER_BYTES))
    state, _ = walk_of(kind, space).step(state, steering, 0.01)
    Header(1, 1, walk=state).pack_into(memory)
    left = Header.unpack_from(memory).walk
    assert left == state
    went_on, anew = (walk_of(kind, space).step(s, steering, 0.01)[1] for s in (state, left))
    assert (went_on == anew).all()


@given(spaces, spreads, seeds, st.floats(-2, 2))
def test_steering_pushes_its_own_dimension(space: Space, spread: float, seed: int, push: float):
    walk = walk_of("loop", space, spread, seed)
    level = walk.step(START, STILL, 0.0)[1]
    pushed = walk.step(START, Steering(push=(push, 2.0)), 0.0)[1]
    if space.z_dim > 1:
        assert (pushed[0] - level[0]) * push >= -1e-9


@pytest.mark.parametrize("space", LARGE)
def test_spread_tells_how_far_it_strays(space: Space):
    strayed = []
    for spread in (0.1, 0.5, 1.0):
        walk = walk_of("loop", space, spread)
        places = [walk.step((turn, *START[1:]), STILL, 0.0)[1] for turn in np.arange(0, 1, 0.05)]
        strayed.append(np.std(places, axis=0)[: space.used or None].mean())
    assert strayed == sorted(strayed)
    if space.used < space.z_dim:
        assert strayed[0] < 0.2


def test_swells_roll_by_the_dispersion_of_deep_water():
    """sqrt(2 pi g / L): a wave of 8.4 m turns once in 2.32 s."""
    walk = walk_of("waves", SPACES["few dimensions"])
    (_, first, second, *rest), _ = walk.step(START, STILL, 0.1)
    assert (first, second) == pytest.approx((0.1 / 2.3195, 0.1 / 1.4972), rel=1e-3)
    assert set(rest) == {0.0}


@given(states, steerings)
def test_the_tide_moves_the_swells_and_keeps_their_height(state: State, steering: Steering):
    walk = walk_of("waves", SPACES["few dimensions"])
    still = Steering(speed=0.0, tide=steering.tide, push=(0.0, 0.0))
    before, after = (walk.step(state, still, dt)[1] for dt in (0.0, 0.1))
    changed = np.flatnonzero(np.abs(after - before) > 1e-12)
    assert set(changed) <= {2, 3, 4, 5}
    for a, b in ((2, 3), (4, 5)):
        assert np.hypot(*after[[a, b]]) == pytest.approx(np.hypot(*before[[a, b]]))


def test_a_model_without_swells_walks_a_loop_where_waves_are_asked():
    space = SPACES["all dimensions"]
    waves, loop = (walk_of(kind, space).step(START, STILL, 0.05) for kind in ("waves", "loop"))
    assert (waves[1] == loop[1]).all()


@given(kinds, st.floats(0.5, 2))
def test_a_lean_is_a_steady_push_along_a_named_axis(kind: str, push: float):
    space = SPACES["few dimensions"]
    leaning = make(Plan(kind, PERIOD, lean={"sun": push}), space)
    upright = make(Plan(kind, PERIOD), space)
    turns = [(turn, *START[1:]) for turn in np.arange(0, 1, 0.1)]
    means = [
        np.mean([w.step(at, STILL, 0.0)[1] for at in turns], axis=0) for w in (leaning, upright)
    ]
    assert means[0][7] - means[1][7] > 0.3 * push


def test_a_lean_along_an_unknown_axis_is_an_error():
    with pytest.raises(KeyError, match="moon"):
        make(Plan(lean={"moon": 1.0}), SPACES["few dimensions"])


def test_a_header_carries_as_many_numbers_as_a_walk_keeps():
    assert walks.STATE == WALK_STATE
