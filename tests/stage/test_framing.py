"""Where pictures lie on canvases of other shapes, and what is beside them."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from installation.control.state import Values
from installation.show.framing import Frame
from installation.stage.framing import RIM, placed
from installation.stage.shot import Shot
from tests.stage.conftest import Make

sides = st.integers(16, 2000)
sizes = st.tuples(sides, sides)
parts = st.floats(0, 1)
anchors = st.tuples(parts, parts)
drifts = st.tuples(parts, st.floats(-0.4, 0.4), st.floats(-0.4, 0.4)).map(
    lambda d: (d[0] * 0.1, d[1] * d[0] * 0.1, d[2] * d[0] * 0.1)
)
SLIP = 1e-6  # texels


@given(sizes, sizes, anchors, drifts)
def test_a_picture_that_covers_never_shows_its_rim(canvas, picture, anchor, drift):
    place = placed(canvas, picture, Frame(anchor=anchor), drift)
    assert place.bars == ()
    assert place.box == (0, 0, *canvas)
    for (step, offset), pixels, texels in zip(
        (place.across, place.down), canvas, picture, strict=True
    ):
        slip = SLIP + step * 1e-3
        assert offset >= RIM - slip
        assert offset + pixels * step <= texels - RIM + slip


@given(sizes, sizes, anchors, parts)
def test_the_anchor_stays_in_sight(canvas, picture, anchor, fit):
    place = placed(canvas, picture, Frame(anchor=anchor, fit=fit))
    for i, (step, offset) in enumerate((place.across, place.down)):
        texel = RIM + anchor[i] * (picture[i] - 2 * RIM)
        assert -SLIP * canvas[i] <= (texel - offset) / step <= canvas[i] * (1 + SLIP)


@example((16, 17), (227, 16), (0.0, 0.0), 1.0, (0.0, 0.0, 0.0))  # thinner than a pixel
@given(sizes, sizes, anchors, parts, drifts)
def test_picture_and_bars_fill_the_canvas_once(canvas, picture, anchor, fit, drift):
    place = placed(canvas, picture, Frame(anchor=anchor, fit=fit), drift)
    counted = np.zeros((canvas[1] // 8 + 2, canvas[0] // 8 + 2), int)
    assert sum(w * h for _, _, w, h in (place.box, *place.bars)) == canvas[0] * canvas[1]
    for x, y, w, h in (place.box, *place.bars):
        assert x >= 0
        assert y >= 0
        assert x + w <= canvas[0]
        assert y + h <= canvas[1]
        counted[-(-y // 8) : -(-(y + h) // 8), -(-x // 8) : -(-(x + w) // 8)] += 1
    assert counted.max() == 1, "no two of them lie over each other"


@given(sizes, sizes, anchors, parts, drifts)
def test_the_strip_holds_every_row_that_the_box_is_drawn_from(canvas, picture, anchor, fit, drift):
    place = placed(canvas, picture, Frame(anchor=anchor, fit=fit), drift)
    left, first, width, rows = place.strip(picture[1])
    _, top, _, height = place.box
    assert (left, width) == (place.box[0], place.box[2])
    assert 0 <= first <= first + rows <= picture[1]
    for pixel in (top, top + height - 1) if height else ():
        texel = (pixel + 0.5) * place.down[0] + place.down[1] - 0.5
        for row in (np.floor(texel - SLIP) - 1, np.floor(texel + SLIP) + 2):
            assert first <= min(max(row, 0), picture[1] - 1) < first + rows


@given(sizes, sizes)
def test_what_is_contained_is_whole(canvas, picture):
    place = placed(canvas, picture, Frame(fit=1))
    for (step, offset), pixels, texels in zip(
        (place.across, place.down), canvas, picture, strict=True
    ):
        assert offset <= RIM + SLIP * texels
        assert offset + pixels * step >= texels - RIM - SLIP * texels


def test_words_are_numbers():
    assert Frame.model_validate({"fit": "cover"}).fit == 0
    assert Frame.model_validate({"fit": "contain"}).fit == 1
    with pytest.raises(ValueError, match="cover, contain, or a number"):
        Frame.model_validate({"fit": "stretch"})


def ramp(side: int = 64) -> np.ndarray:
    """Brighter to the right and downwards."""
    picture = np.full((side, side, 4), 255, np.uint8)
    picture[..., :3] = (80 + 0.8 * (np.add.outer(range(side), range(side))))[..., None]
    return picture


def drawn(make: Make, values: Values, frame: Frame, crossfade: float = 0.0) -> np.ndarray:
    renderer = make((128, 64))
    for deck in renderer.decks:
        deck.frame = frame
        deck.show(ramp())
    renderer.draw(Shot(0.0, values, crossfade=crossfade))
    return renderer.read()[..., 0].astype(float)


def test_the_picture_goes_on_beside_itself_softer_and_darker(make: Make, values: Values):
    seen = drawn(make, values, Frame(fit=1))
    plain = ramp()[1:-1, 1:-1, 0]
    assert seen[:, 32:96].mean() == pytest.approx(plain.mean(), abs=1.5)
    seams = [np.abs(seen[:, x] - seen[:, x - 1]).max() for x in (32, 96)]
    assert max(seams) < 6, "no border is seen"
    left = seen[:, :32].mean(axis=0)
    assert (np.diff(left) > -0.5).all(), "darker and darker outwards"
    assert left[0] < 0.75 * left[-1]
    assert left[0] > 5, "and never black"


def test_a_border_that_a_network_left_dark_draws_no_line(make: Make, values: Values):
    renderer = make((256, 128))
    picture = np.full((256, 256, 4), 255, np.uint8)
    picture[..., :3] = 160
    for dark in (np.s_[:3], np.s_[-3:], np.s_[:, :3], np.s_[:, -3:]):
        picture[dark][..., :3] = 10
    renderer.decks[0].frame = Frame(fit=1)
    renderer.decks[0].show(picture)
    renderer.draw(Shot(0.0, values))
    left = renderer.read()[32:96, :128, 0].astype(float).mean(axis=0)
    assert left[-32:].min() > 158, "the picture is untouched"
    dip = np.maximum.accumulate(left) - left  # on the way in it only becomes lighter
    assert dip.max() < 8
    assert np.diff(left).max() < 12


def test_a_tall_wall_is_filled_above_and_below(make: Make, values: Values):
    renderer = make((64, 128))
    renderer.decks[0].frame = Frame(fit=1)
    renderer.decks[0].show(ramp())
    renderer.draw(Shot(0.0, values))
    seen = renderer.read()[..., 0].astype(float)
    assert seen[32:96].mean() == pytest.approx(ramp()[1:-1, 1:-1, 0].mean(), abs=1.5)
    assert 5 < seen[0].mean() < 0.75 * seen[31].mean()


def test_two_decks_of_one_picture_crossfade_to_that_picture(make: Make, values: Values):
    alone, mixed = (drawn(make, values, Frame(fit=0.7), fade) for fade in (0.0, 0.4))
    assert np.abs(alone - mixed).max() <= 2


def test_the_anchor_chooses_what_is_cut(make: Make, values: Values):
    top, bottom = (drawn(make, values, Frame(anchor=(0.5, y))) for y in (0.0, 1.0))
    assert top.mean() < bottom.mean() - 20
