"""The map of a model's space: fair, without creases, and true to what a recipe says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installation.generators.architecture import Architecture
from installation.studio.atlas import Atlas, zones
from installation.studio.painter import GraphPainter, load, shrunk
from installation.studio.recipe import Point, Sheet, Start
from installation.studio.upload import picture_in
from tests.small_models import write_model

ARCH = Architecture(
    z_dim=12, w_dim=10, resolution=256, channel_base=256, channel_max=8, mapping_layers=2
)
coordinates = st.floats(-1000, 1000)


@pytest.fixture(scope="module")
def painter(tmp_path_factory: pytest.TempPathFactory) -> GraphPainter:
    folder = tmp_path_factory.mktemp("models")
    write_model(folder / "small", ARCH, latent={"axes": {"foam": 3}})
    painter = load("small", folder)
    assert isinstance(painter, GraphPainter)
    return painter


@pytest.fixture(scope="module")
def atlas(painter: GraphPainter) -> Atlas:
    return Atlas(painter)


def point(**parts: object) -> Point:
    return Point.model_validate({"start": {"seed": 3}, **parts})


@settings(max_examples=40, deadline=None)
@given(coordinates, coordinates)
def test_the_sheet_has_no_jump_and_no_crease(atlas: Atlas, x: float, y: float):
    step = 1e-4
    a, b, c = (atlas.sheet(Sheet(x=x + shift, y=y)) for shift in (-step, 0.0, step))
    assert np.abs(b - a).max() < 100 * step
    assert np.abs((c - b) - (b - a)).max() < 100 * step**2 * 12 + 1e-9


def test_every_point_of_the_sheet_is_a_fair_draw(atlas: Atlas):
    between = [atlas.sheet(Sheet(seed=seed, x=0.37, y=-4.6)) for seed in range(600)]
    assert np.mean(between) == pytest.approx(0, abs=0.05)
    assert np.std(between) == pytest.approx(1, abs=0.05)


def test_an_axis_pushes_z_exactly_and_a_place_in_w_about_as_far(atlas: Atlas):
    plain = atlas.find(point()).z
    pushed = atlas.find(point(push={"foam": 1.5}))
    assert plain is not None
    assert pushed.z is not None
    np.testing.assert_allclose(pushed.z - plain, 1.5 * np.eye(12)[3], atol=1e-12)
    ws = atlas.find(point()).ws
    by_w = atlas.find(Point(start=Start(w=ws.tolist()), push={"foam": 1.5}))
    assert by_w.z is None
    assert np.abs(by_w.ws - ws).max() > 0.01


def test_the_model_s_directions_are_ways(atlas: Atlas, painter: GraphPainter):
    one = painter.directions[0]
    assert one.space == "w"
    moved = atlas.find(point(push={one.name: 2.0})).ws - atlas.find(point()).ws
    first, last = one.layers or (0, painter.layers - 1)
    np.testing.assert_allclose(moved[first], 2 * one.vector, atol=1e-5)
    assert not moved[:first].any()
    assert not moved[last + 1 :].any()


def test_principal_ways_are_standard_deviations_along_the_widest_spread(
    atlas: Atlas, painter: GraphPainter
):
    samples = np.stack([painter.map(atlas.seed(seed)) for seed in range(3000)])
    first, second = (atlas.ways[f"pca {place}"].w[0] for place in (1, 2))  # type: ignore[index]
    along = samples @ (first / np.linalg.norm(first))
    assert along.std() == pytest.approx(np.linalg.norm(first), rel=0.1)
    assert np.linalg.norm(first) > np.linalg.norm(second)
    assert first @ second == pytest.approx(0, abs=1e-4)


def test_mixing_takes_whole_zones_and_psi_draws_to_the_average(atlas: Atlas, painter: GraphPainter):
    a, b = atlas.find(point()).ws, atlas.find(Point(start=Start(seed=4))).ws
    mixed = atlas.find(point(mix={"other": {"start": {"seed": 4}}, "coarse": 1, "fine": 0.5})).ws
    np.testing.assert_allclose(mixed[:4], b[:4], atol=1e-6)
    np.testing.assert_allclose(mixed[4:8], a[4:8], atol=1e-6)
    np.testing.assert_allclose(mixed[8:], (a + b)[8:] / 2, atol=1e-6)
    middle = atlas.find(point(psi=0.0))
    np.testing.assert_allclose(middle.ws, np.tile(painter.average, (painter.layers, 1)), atol=1e-6)
    assert middle.z is None  # it would not be the same place on another truncation
    assert zones(3, 1, 2, 3).tolist() == [1, 2, 3]


def test_a_thumbnail_is_the_same_picture_made_by_the_lower_blocks(
    atlas: Atlas, painter: GraphPainter
):
    ws = atlas.find(point()).ws
    thumb, whole = painter.paint(ws, 128), painter.paint(ws, 256)
    assert (thumb.shape, whole.shape) == ((128, 128, 3), (256, 256, 3))
    small = [shrunk(picture, 64).astype(float).ravel() for picture in (thumb, whole)]
    assert np.corrcoef(small)[0, 1] > 0.8


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"])
def test_what_is_no_jpeg_is_refused_in_one_line(data: bytes):
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        picture_in(data)
