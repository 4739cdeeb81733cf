"""The portraits and the family, as a painter would check them."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tools.paint import PAINTERS, sample
from tools.paint.families.parameters import CAST, SEATS, order
from tools.paint.families.parameters import compose as lay
from tools.paint.people.head import EYE, SKIN, figure
from tools.paint.people.parameters import COUNT, INDEX, compose
from tools.paint.people.person import as_people
from tools.paint.people.sitters import SITTERS


def sit(sitter: str, size: int = 48, **numbers: float) -> np.ndarray:
    z = np.zeros(COUNT)
    for name, value in numbers.items():
        z[INDEX[name]] = value
    return PAINTERS[f"faces/{sitter}"].paint(z, size).astype(float)


@settings(max_examples=10, deadline=None)
@given(
    arrays(np.float64, COUNT, elements=st.floats(-3, 3)),
    st.sampled_from(sorted(SITTERS)),
    st.integers(0, 2**32 - 1),
)
def test_small_steps_change_little(z: np.ndarray, sitter: str, seed: int) -> None:
    painter = PAINTERS[f"faces/{sitter}"]
    step = np.random.default_rng(seed).standard_normal(COUNT)
    before, after = painter.paint(z, 32).astype(float), painter.paint(z + 1e-3 * step, 32)
    assert np.abs(after - before).mean() < 1.0


def test_sitters_are_no_two_alike() -> None:
    faces = [sit(name) for name in SITTERS]
    for i, face in enumerate(faces):
        for other in faces[:i]:
            assert np.abs(face - other).mean() > 10


def test_the_key_light_comes_from_where_it_is_asked() -> None:
    """On the face; the wall is lit the other way round, so that the head stands out."""
    left, right = (face[12:30, 16:32] for face in (sit("ysol"), sit("ysol", swing=4.0)))
    assert left[:, :8].mean() > left[:, 8:].mean() + 10
    assert right[:, 8:].mean() > right[:, :8].mean() + 10


def test_numbers_however_large_break_no_face() -> None:
    wild = compose(SITTERS["mirre"], np.full(COUNT, 40.0)).people[0]
    assert figure(0.0, 0.3, 0.0, wild)[0] < 0 < figure(0.0, 0.3, 3.0, wild)[0]
    assert PAINTERS["faces/mirre"].paint(np.full(COUNT, 40.0), 48).std() > 10


def test_an_eye_is_where_an_eye_belongs() -> None:
    person = as_people(SITTERS["wenna"][None].copy())[0]
    assert figure(0.29, 0.03, 0.80, person)[1] == EYE
    assert figure(0.0, 0.55, 0.80, person)[1] == SKIN


@example(np.array([0.0, 3.0, 3.0, 3.0]))  # three who wish for one seat, and one far from it
@given(arrays(np.float64, 4, elements=st.floats(-3, 3)))
def test_everyone_has_one_seat_and_every_seat_one(wishes: np.ndarray) -> None:
    share = order(wishes)
    assert np.allclose(share.sum(1), 1.0)
    assert np.allclose(share.sum(0), 1.0, atol=0.02)


def test_who_wishes_for_the_right_sits_on_the_right() -> None:
    share = order(np.array([2.0, -2.0, 0.7, -0.7]))
    assert [CAST[i] for i in share.argmax(1)] == ["mirre", "ilo", "wenna", "tovin"]
    assert share.max(1).min() > 0.98


def test_between_two_wishes_sits_a_mixture() -> None:
    z = np.zeros(len(PAINTERS["families"].parameters))
    z[:4] = 0.5, -1.5, 0.5, 2.0
    people = lay(z).people
    assert 0.3 < people[1].beard < 0.6
    assert people[1].beard == pytest.approx(people[2].beard, abs=1e-3)


def share_within(change: np.ndarray, circle: np.ndarray) -> float:
    """How much of a change (R, R, 3) lies in a circle (u, v, radius)."""
    line = (np.arange(len(change)) + 0.5) * 2 / len(change) - 1
    u, v, radius = circle
    inside = (line - u) ** 2 + (-line[:, None] - v) ** 2 < radius**2
    return change[inside].sum() / change.sum()


@pytest.mark.parametrize(("yaw", "roll", "pan"), [(0, 0, 0), (2, 0, 2), (-2, 2, -1)])
def test_a_mouth_opens_where_a_face_is_said_to_be(yaw: float, roll: float, pan: float) -> None:
    pose = {"yaw": yaw, "roll": roll, "pan": pan, "tilt": pan}
    z = np.zeros(COUNT)
    for name, value in pose.items():
        z[INDEX[name]] = value
    change = np.abs(sit("tovin", 48, mouth=3.0, **pose) - sit("tovin", 48, mouth=-3.0, **pose))
    (circle,) = PAINTERS["faces/tovin"].faces(z)
    *_, mouth = PAINTERS["faces/tovin"].features(z)
    assert share_within(change, circle) > 0.9
    assert share_within(change, mouth) > 0.6


@pytest.mark.parametrize("yaw", [-1.5, 0, 1.5])
def test_eyes_look_where_eyes_are_said_to_be(yaw: float) -> None:
    z = np.zeros(COUNT)
    z[INDEX["yaw"]] = yaw
    change = np.abs(sit("wenna", 64, gaze=2.0, yaw=yaw) - sit("wenna", 64, gaze=-2.0, yaw=yaw))
    left, right, _ = PAINTERS["faces/wenna"].features(z)
    assert share_within(change, left) + share_within(change, right) > 0.8


@pytest.mark.parametrize("seat", range(4))
def test_each_of_the_family_talks_where_a_face_is_said_to_be(seat: int) -> None:
    painter = PAINTERS["families"]
    index = [p.name for p in painter.parameters].index(f"{SEATS[seat]}_mouth")
    quiet = sample(painter, 1, 21)[0]
    quiet[index] = -3.0
    talking = quiet.copy()
    talking[index] = 3.0
    change = np.abs(painter.paint(talking, 96).astype(float) - painter.paint(quiet, 96))
    assert share_within(change, painter.faces(quiet)[seat]) > 0.9
