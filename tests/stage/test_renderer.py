import gc
from itertools import pairwise

import moderngl
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installation.control.parameters import Table
from installation.control.state import Values
from installation.stage.renderer import Renderer
from installation.stage.shot import Shot
from installation.stage.warming import warm
from tests.stage.conftest import LOOKS, PAINTED, PLAIN, Make, decoded, encoded, flat

ROUNDING = 1  # of 255: half a step of dither and half a step of rounding
shares = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def shown(renderer: Renderer, shot: Shot) -> np.ndarray:
    """The frame's colours as numbers that can be subtracted."""
    renderer.draw(shot)
    return renderer.read()[..., :3].astype(int)


def test_every_shade_comes_through_unchanged(make: Make, values: Values):
    renderer = make((256, 144))
    ramp = np.full((144, 256, 4), 255, np.uint8)
    ramp[..., :3] = np.arange(256, dtype=np.uint8)[None, :, None]
    renderer.decks[0].show(ramp)
    places = (np.arange(256) + 0.5 - 128) * 142 / 144 + 127.5  # the rim is not shown
    assert abs(shown(renderer, Shot(0.0, values)) - places[None, :, None]).max() <= ROUNDING + 0.5


def test_the_top_row_stays_on_top(make: Make, values: Values):
    picture = flat(20)
    picture[:18, :, 0] = 200
    renderer = make()
    renderer.decks[0].show(picture)
    frame = shown(renderer, Shot(0.0, values))
    assert frame[:16, :, 0].min() > 150
    assert frame[20:, :, 0].max() < 60


@shares
@given(share=st.floats(0, 1), a=st.integers(0, 255), b=st.integers(0, 255))
def test_the_crossfade_adds_light(make: Make, values: Values, share: float, a: int, b: int):
    renderer = make()
    renderer.decks[0].show(flat(a))
    renderer.decks[1].show(flat(b))
    frame = shown(renderer, Shot(0.0, values, crossfade=share))
    light = decoded(a) * (1 - share) + decoded(b) * share
    assert abs(frame - encoded(light)).max() <= ROUNDING + 0.5


@shares
@given(weight=st.floats(0, 1), old=st.integers(0, 255), new=st.integers(0, 255))
def test_two_pictures_blend_in_light(make: Make, values: Values, weight: float, old: int, new: int):
    renderer = make()
    renderer.decks[0].show(flat(old))
    renderer.decks[0].show(flat(new))
    frame = shown(renderer, Shot(0.0, values, blend=(weight, 1.0)))
    light = decoded(old) * (1 - weight) + decoded(new) * weight
    assert abs(frame - encoded(light)).max() <= ROUNDING + 0.5


def test_pictures_of_two_sizes_are_cut_not_blended(make: Make, values: Values):
    renderer = make()
    renderer.decks[0].show(flat(10, 32, 32))
    renderer.decks[0].show(flat(200, 64, 64))
    frame = shown(renderer, Shot(0.0, values, blend=(0.3, 1.0)))
    assert abs(frame - 200).max() <= ROUNDING


def test_an_edge_is_enlarged_without_a_halo(make: Make, values: Values):
    picture = flat(60, 16, 9)
    picture[:, 8:, :3] = 200
    renderer = make((320, 180))
    renderer.decks[0].show(picture)
    row = shown(renderer, Shot(0.0, values))[90, :, 0]
    assert row.min() >= 60 - 12
    assert row.max() <= 200 + 5
    assert (np.diff(row[150:170]) >= -ROUNDING).all()
    assert np.count_nonzero((row > 70) & (row < 190)) < 24  # of 23 pixels a texel


def test_a_square_picture_covers_a_wide_canvas(make: Make, values: Values):
    picture = flat(100, 64, 64)
    picture[:13, :, 0] = picture[51:, :, 0] = 255  # outside the middle 9 of 16
    renderer = make((64, 36))
    renderer.decks[0].show(picture)
    frame = shown(renderer, Shot(0.0, values))
    assert abs(frame[2:-2] - 100).max() <= ROUNDING


@pytest.mark.parametrize("light", [0.0, 0.25, 1.0])
def test_light_scales_linear_light(make: Make, values: Values, light: float):
    renderer = make()
    renderer.decks[0].show(flat(180))
    frame = shown(renderer, Shot(0.0, values, light=light))
    assert abs(frame - encoded(decoded(180) * light)).max() <= ROUNDING


def test_a_frozen_frame_stays_and_a_ghost_melts(make: Make, values: Values):
    renderer = make()
    renderer.decks[0].show(flat(40))
    before = shown(renderer, Shot(0.0, values))
    renderer.remember()
    renderer.decks[0].show(flat(220))
    assert (shown(renderer, Shot(9.0, values, frozen=True)) == before).all()
    assert abs(shown(renderer, Shot(9.0, values, ghost=1.0)) - before).max() <= ROUNDING
    half = shown(renderer, Shot(9.0, values, ghost=0.5))
    assert abs(half - encoded((decoded(40) + decoded(220)) / 2)).max() <= ROUNDING
    assert abs(shown(renderer, Shot(9.0, values)) - 220).max() <= ROUNDING


def test_before_any_picture_the_canvas_is_the_house_colour(make: Make, values: Values):
    renderer = make()
    renderer.remember_colour((decoded(11), decoded(26), decoded(36)))
    frame = shown(renderer, Shot(0.0, values, frozen=True))
    assert abs(frame - np.array([11, 26, 36])).max() <= ROUNDING


def test_the_canvas_and_the_ghost_survive_another_size(make: Make, values: Values):
    renderer = make()
    renderer.decks[0].show(flat(90))
    shown(renderer, Shot(0.0, values))
    renderer.remember()
    renderer.resize((128, 72))
    frame = shown(renderer, Shot(0.0, values, frozen=True, ghost=0.5))
    assert frame.shape == (72, 128, 3)
    assert abs(frame - 90).max() <= ROUNDING


def test_the_same_shot_is_the_same_picture(make: Make, values: Values):
    picture = np.random.default_rng(3).integers(0, 255, (64, 64, 4), np.uint8)
    frames = []
    for _ in range(2):
        renderer = make((160, 90))
        renderer.decks[0].show(picture)
        frames.append(shown(renderer, Shot(12.5, values, look=PAINTED)))
    assert (frames[0] == frames[1]).all()


def sea(width: int = 64, height: int = 64) -> np.ndarray:
    """Something with crests and a sky."""
    y, x = np.mgrid[:height, :width] / height
    tone = 0.55 + 0.3 * np.sin(9 * x + 4 * np.sin(7 * y)) * (y > 0.5) + 0.2 * (0.5 - y)
    picture = flat(0, width, height)
    picture[..., :3] = np.clip(tone[..., None] * (190, 205, 220), 0, 255)
    return picture


def test_the_finish_paints_and_does_not_repaint(make: Make, values: Values):
    renderer = make((320, 180))
    renderer.decks[0].show(sea())
    plain = shown(renderer, Shot(1.0, values, look=PLAIN))
    painted = shown(renderer, Shot(1.0, values, look=PAINTED))
    assert 2.0 < abs(painted - plain).mean() < 30.0
    assert painted.std() > plain.std()  # relief and contrast, not blur


def test_every_control_of_the_finish_changes_the_picture(make: Make, values: Values, table: Table):
    renderer = make((320, 180))
    renderer.decks[0].show(sea())
    before = shown(renderer, Shot(1.0, values, look=PAINTED))
    rows = [row for row in table if row.address.startswith("/look/finish/")]
    assert len(rows) >= 8
    for row in rows:
        other = values.copy()
        other[table.index(row.address)] = row.high if row.default < row.high else row.low
        after = shown(renderer, Shot(1.0, other, look=PAINTED))
        assert (after != before).any(), row.address


def test_the_finish_does_not_blink(make: Make, values: Values):
    renderer = make((320, 180))
    renderer.decks[0].show(sea())
    frames = [shown(renderer, Shot(t / 60, values, look=PAINTED)) for t in range(30)]
    steps = [abs(b - a).mean() for a, b in pairwise(frames)]
    assert max(steps) < 3.0


@shares
@given(fade=st.floats(0, 1))
def test_two_looks_cross_over_in_light(make: Make, values: Values, fade: float):
    renderer = make((96, 54))
    for deck, tone in zip(renderer.decks, (40, 200), strict=True):
        deck.show(flat(tone))
    plain = shown(renderer, Shot(1.0, values, look=PLAIN))
    painted = shown(renderer, Shot(1.0, values, look=PAINTED, crossfade=1.0))
    frame = shown(renderer, Shot(1.0, values, look=PLAIN, look_b=PAINTED, crossfade=fade))
    light = np.vectorize(decoded)(plain) * (1 - fade) + np.vectorize(decoded)(painted) * fade
    assert abs(frame - np.vectorize(encoded)(light)).max() <= 2 * ROUNDING


def test_a_look_turns_into_another_without_a_step(make: Make, values: Values):
    renderer = make((96, 54))
    renderer.decks[0].show(sea())
    frames = [
        shown(renderer, Shot(1.0, values, look=PAINTED, look_from=PLAIN, turn=turn / 20))
        for turn in range(21)
    ]
    steps = [abs(b - a).mean() for a, b in pairwise(frames)]
    assert max(steps) < 4 * float(np.median(steps)) + 0.2
    assert (frames[0] == shown(renderer, Shot(1.0, values, look=PLAIN))).all()
    assert (frames[-1] == shown(renderer, Shot(1.0, values, look=PAINTED))).all()


def test_a_lower_quality_is_the_same_picture_softer(make: Make, values: Values):
    renderer = make((160, 90))
    renderer.decks[0].show(sea())
    whole = shown(renderer, Shot(1.0, values, look=PLAIN))
    for level in (1, 2, 3, 0):
        before = shown(renderer, Shot(1.0, values, look=PLAIN, frozen=True))
        renderer.afford(level)
        kept = shown(renderer, Shot(1.0, values, look=PLAIN, frozen=True))
        assert abs(kept - before).max() <= ROUNDING  # the canvas stands
        softer = shown(renderer, Shot(1.0, values, look=PLAIN))
        assert softer.shape == whole.shape
        assert abs(softer - whole).mean() < 2.5
    assert abs(softer - whole).max() <= ROUNDING


def test_nothing_stays_on_the_card(make: Make, values: Values):
    renderer = make()
    before = on_the_card()
    for size in ((96, 54), (64, 36)) * 4:
        renderer.decks[0].show(flat(9, *size))
        renderer.draw(Shot(0.0, values, look=PAINTED))
        renderer.resize(size)
        renderer.afford(size[0] % 3)
    renderer.afford(0)
    assert on_the_card() <= before


def on_the_card() -> int:
    """Textures, framebuffers and programs that live."""
    gc.collect()
    kinds = (moderngl.Texture, moderngl.TextureArray, moderngl.Framebuffer, moderngl.Program)
    found = [each for each in gc.get_objects() if type(each) in kinds]
    return sum(not isinstance(each.mglo, moderngl.InvalidObject) for each in found)


def test_no_target_that_comes_or_goes_leaves_an_error_in_the_driver(
    make: Make, values: Values, context: moderngl.Context
):
    renderer = make()
    warm(renderer.core, renderer.library, LOOKS, values)
    for size in ((64, 36), (32, 18), (64, 36)):
        renderer.resize(size)
        for side in (16, 32):
            renderer.decks[0].show(flat(90, side, side))
            renderer.draw(Shot(0.0, values, look=PAINTED))
    assert context.error == "GL_NO_ERROR"
