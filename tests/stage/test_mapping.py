"""The geometry and the light of several projectors on one wall, by properties."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from installation.show.outputs import SQUARE, Blend, Window, convex
from installation.stage.mapping import (
    Warp,
    bend,
    first_canvas,
    homography,
    lifted,
    overlaps,
    project,
    share,
    sides,
    straight,
    turned,
    vertices,
)

UNIT = np.array(SQUARE, float)
near = st.floats(-0.3, 0.3)
quads = st.tuples(*(st.tuples(near, near) for _ in range(4))).map(
    lambda moves: tuple((x + a, y + b) for (x, y), (a, b) in zip(SQUARE, moves, strict=True))
)
places = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=8).map(
    lambda points: np.array(points, float)
)
BLEND = Blend(black=0.001)
sizes = st.tuples(st.integers(2, 16), st.integers(2, 16))


def flat(points: np.ndarray) -> np.ndarray:
    return points[:, :2] / points[:, 2:]


@given(quads)
def test_a_homography_takes_the_corners_where_they_belong(corners: Any):
    assume(convex(corners))
    thrown = project(homography(corners), UNIT)
    assert (thrown[:, 2] > 0).all()
    assert flat(thrown) == pytest.approx(np.array(corners), abs=1e-9)


@given(places)
def test_the_unit_square_moves_nothing(points: np.ndarray):
    assert flat(project(homography(SQUARE), points)) == pytest.approx(points)


@given(quads, places)
def test_straight_lines_stay_straight_and_a_lens_can_be_undone(corners: Any, points: np.ndarray):
    assume(convex(corners))
    matrix = homography(corners)
    inverse: Any = np.linalg.inv(matrix)
    back = project(inverse, flat(project(matrix, points)))
    assert flat(back) == pytest.approx(points, abs=1e-5)
    line = np.column_stack([np.linspace(0, 1, 5), 0.3 + 0.4 * np.linspace(0, 1, 5)])
    steps = np.diff(flat(project(matrix, line)), axis=0)
    cross = steps[:-1, 0] * steps[1:, 1] - steps[:-1, 1] * steps[1:, 0]
    assert abs(cross).max() < 1e-9


def test_what_is_farther_away_is_smaller():
    matrix = homography(((0, 0), (1, 0.25), (1, 0.75), (0, 1)))
    middle = flat(project(matrix, np.array([[0.5, 0.5]])))
    assert middle[0, 0] > 0.6  # a lens; a bilinear stretch would leave it at a half
    assert middle[0, 1] == pytest.approx(0.5)


@given(sizes, places)
def test_a_straight_mesh_bends_nothing(size: tuple[int, int], points: np.ndarray):
    assert bend(np.array(straight(*size)), points) == pytest.approx(points, abs=1e-9)


@given(sizes, st.integers(0, 2**32 - 1))
def test_a_mesh_goes_through_its_points(size: tuple[int, int], seed: int):
    mesh = np.array(straight(*size))
    moved = mesh + np.random.default_rng(seed).normal(0, 0.03, mesh.shape)
    assert bend(moved, mesh.reshape(-1, 2)) == pytest.approx(moved.reshape(-1, 2), abs=1e-9)


@given(
    st.sampled_from([0, 90, 180, 270]), st.sampled_from(["none", "horizontal", "vertical", "both"])
)
def test_rotations_and_flips_are_their_own_way_back(rotate: Any, flip: Any):
    window = Window(rotate=rotate, flip=flip)
    around = UNIT
    for _ in range(4):
        around = turned(around, Window(rotate=rotate))
    assert around == pytest.approx(UNIT)
    assert sorted(map(tuple, turned(UNIT, window))) == sorted(map(tuple, UNIT))


def test_a_quarter_turn_is_clockwise():
    top_right = np.array([[1.0, 0.0]])
    assert turned(top_right, Window(rotate=90)).tolist() == [[0.0, 0.0]]  # the picture's top left


@given(st.floats(0.05, 0.9), st.integers(0, 50))
def test_two_projectors_that_overlap_add_up_to_one(overlap: float, at: int):
    width = 1 / (2 - overlap)
    left, right = (0.0, 0.0, width, 1.0), (1 - width, 0.0, width, 1.0)
    windows = [Window(crop=crop, blend=BLEND) for crop in (left, right)]
    canvas = at / 50
    light = black = 0.0
    for index, window in enumerate(windows):
        place = np.array([[(canvas - window.crop[0]) / width, 0.5]])
        if -1e-9 <= place[0, 0] <= 1 + 1e-9:
            widths = sides(index, windows)
            light += float(share(place, widths)[0])
            black += 0.001 + float(lifted(place, widths, BLEND)[0])
    assert light == pytest.approx(1.0, abs=1e-6)
    if abs(canvas - width) > 1e-6 and abs(canvas - (1 - width)) > 1e-6:  # the very edge is no area
        assert black == pytest.approx(0.002, rel=1e-6)


def test_four_projectors_in_a_square_add_up_to_one():
    crops = [(x, y, 0.6, 0.6) for y in (0.0, 0.4) for x in (0.0, 0.4)]
    windows = [Window(crop=crop, blend=BLEND) for crop in crops]
    assert overlaps(0, crops) == pytest.approx((0, 1 / 3, 0, 1 / 3))
    for canvas in np.random.default_rng(1).random((50, 2)):
        light = black = 0.0
        for index, window in enumerate(windows):
            place = ((canvas - window.crop[:2]) / window.crop[2:])[None]
            if (place >= 0).all() and (place <= 1).all():
                light += share(place, sides(index, windows))[0]
                black += 0.001 + lifted(place, sides(index, windows), BLEND)[0]
        assert light == pytest.approx(1.0, abs=1e-6)
        assert black == pytest.approx(0.004, rel=1e-6)


def test_only_neighbours_side_by_side_are_blended():
    assert overlaps(0, [(0, 0, 0.5, 1), (0.5, 0, 0.5, 1)]) == (0, 0, 0, 0)
    assert overlaps(1, [(0, 0, 0.6, 0.4), (0.4, 0.5, 0.6, 0.5)]) == (0, 0, 0, 0)
    assert sides(0, [Window(blend=Blend(left=0.1))]) == (0.1, 0, 0, 0)
    assert sides(0, [Window(crop=(0, 0, 0.6, 1)), Window(crop=(0.4, 0, 0.6, 1))]) == (0, 0, 0, 0)


def test_the_canvas_follows_the_first_window():
    assert first_canvas((1280, 720), Window()) == (1280, 720)
    assert first_canvas((1280, 720), Window(crop=(0, 0, 0.5, 1))) == (2560, 720)
    assert first_canvas((1280, 720), Window(rotate=90)) == (720, 1280)


@given(sizes)
def test_triangles_cover_the_window_once(size: tuple[int, int]):
    table, order = vertices(Window(), Warp(points=straight(*size)))
    corners = table[order.reshape(-1, 3)][..., :2].astype(float)
    a, b = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
    assert (areas > 0).all()
    assert areas.sum() == pytest.approx(1.0, abs=1e-5)
