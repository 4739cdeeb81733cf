"""What a window shows of the canvas, by pixels."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import moderngl
import numpy as np
import pytest
from PIL import Image

from installation.session import SHADERS
from installation.show.outputs import Blend, Window
from installation.stage.gl import Target
from installation.stage.mapping import Warp, lifted, share, straight
from installation.stage.masks import read
from installation.stage.projection import Projection

SIZE = (64, 36)
Show = Callable[..., np.ndarray]


def canvas() -> np.ndarray:
    """Every pixel its own colour."""
    picture = np.full((*SIZE[::-1], 4), 255, np.uint8)
    picture[..., 0] = np.arange(SIZE[0]) * 3 + 30
    picture[..., 1] = (np.arange(SIZE[1]) * 5 + 40)[:, None]
    return picture


@pytest.fixture
def show(context: moderngl.Context) -> Iterator[Show]:
    """Draws a picture through a window's mapping; uint8 (height, width, 3), top row first."""
    texture = context.texture(SIZE, 4, canvas().tobytes())
    texture.repeat_x = texture.repeat_y = False
    made: list[Projection] = []

    def draw(
        window: Window,
        size: tuple[int, int] = SIZE,
        picture: np.ndarray | None = None,
        warp: Warp | None = None,
        upward: bool = True,
        **more: Any,
    ) -> np.ndarray:
        made.append(Projection(context, SHADERS, window, **more))
        if warp:
            made[-1].warp(warp)
        if picture is not None:
            texture.write(np.ascontiguousarray(picture))
        target = Target(context, size, "f1")
        made[-1].draw(texture, target.framebuffer, size, upward)
        pixels = np.frombuffer(target.framebuffer.read(components=3, alignment=1), np.uint8)
        target.release()
        return pixels.reshape(size[1], size[0], 3).astype(int)

    yield draw
    texture.release()
    for each in made:
        each.release()


def test_an_untouched_window_shows_the_canvas_pixel_by_pixel(show: Show):
    assert (show(Window()) == canvas()[..., :3]).all()
    assert (show(Window(), upward=False)[::-1] == canvas()[..., :3]).all()
    assert (show(Window(), warp=Warp(points=straight(5, 4))) == canvas()[..., :3]).all()


def test_a_crop_shows_its_part_and_no_more(show: Show):
    seen = show(Window(crop=(0.5, 0.5, 0.5, 0.5)), (32, 18))
    assert (seen == canvas()[18:, 32:, :3]).all()


@pytest.mark.parametrize(("rotate", "turns"), [(90, 3), (180, 2), (270, 1)])
def test_turns_are_clockwise_and_exact(show: Show, rotate: Any, turns: int):
    size = SIZE[::-1] if turns % 2 else SIZE
    assert (show(Window(rotate=rotate), size) == np.rot90(canvas()[..., :3], turns)).all()


def test_flips_mirror(show: Show):
    assert (show(Window(flip="horizontal")) == canvas()[:, ::-1, :3]).all()
    assert (show(Window(flip="vertical")) == canvas()[::-1, :, :3]).all()


def test_four_corners_leave_the_rest_of_the_window_black(show: Show):
    corners = ((0.25, 0.0), (0.75, 0.0), (1.0, 1.0), (0.0, 1.0))
    seen = show(Window(corners=corners), picture=np.full((36, 64, 4), 200, np.uint8))
    assert (seen[2, :10] == 0).all()
    assert (seen[2, -10:] == 0).all()
    assert (seen[2, 22:42] == 200).all()
    assert (seen[34, 4:60] == 200).all()


def test_two_overlapping_projectors_throw_one_even_picture(show: Show):
    """Their light added on the wall: within a step of 8-bit dither, 1.5 %."""
    grey = np.full((36, 64, 4), 180, np.uint8)
    light = np.zeros((36, 64))
    for crop, width, ramps in (
        ((0, 0, 0.625, 1), 40, (0, 0.4, 0, 0)),
        ((0.375, 0, 0.625, 1), 40, (0.4, 0, 0, 0)),
    ):
        window = Window(crop=crop, blend=Blend(gamma=2.2))
        seen = show(window, (width, 36), grey, ramps=ramps)[..., 0] / 255
        start = round(crop[0] * 64)
        light[:, start : start + width] += seen**2.2
    assert light == pytest.approx((180 / 255) ** 2.2, rel=0.015)


def test_the_shader_computes_what_the_mapping_promises(show: Show):
    blend, ramps = Blend(gamma=2.0, black=0.02), (0.3, 0.0, 0.0, 0.25)
    grey = np.full((36, 64, 4), 200, np.uint8)
    seen = show(Window(blend=blend), picture=grey, ramps=ramps)[..., 1]
    y, x = (np.mgrid[:36, :64] + 0.5) / np.array([36, 64])[:, None, None]
    places = np.column_stack([x.ravel(), y.ravel()])
    add = lifted(places, ramps, blend)
    light = add + (1 - add) * share(places, ramps) * (200 / 255) ** 2.0
    assert seen == pytest.approx(255 * np.sqrt(light).reshape(36, 64), abs=1.01)


def test_a_mask_covers_the_window_and_not_the_picture(show: Show, tmp_path: Path):
    alpha = np.zeros((18, 32), np.uint8)
    alpha[:, 16:] = 255
    picture = np.dstack([np.full((18, 32, 3), 9, np.uint8), alpha])
    Image.fromarray(picture).save(tmp_path / "alpha.png")
    Image.fromarray(alpha).save(tmp_path / "light.png")
    for name in ("alpha.png", "light.png"):
        mask = read(tmp_path / name, logging.getLogger("stage"))
        assert mask is not None
        assert (mask == alpha).all()
        seen = show(Window(rotate=180), mask=mask)
        assert (seen[:, :30] == 0).all()
        assert abs(seen[:, 34:] - canvas()[::-1, ::-1, :3][:, 34:]).max() <= 1


def test_a_mask_that_is_none_is_a_line_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "text.png").write_text("no picture")
    for name in ("text.png", "missing.png"):
        assert read(tmp_path / name, logging.getLogger("stage")) is None
    assert [record.getMessage().count("\n") for record in caplog.records] == [0, 0]
    assert "text.png" in caplog.text


def test_the_mark_is_where_the_point_is(context: moderngl.Context):
    target = Target(context, (200, 100), "f1")
    projection = Projection(context, SHADERS, Window())
    projection.mark((0.25, 0.5), target.framebuffer, (200, 100), upward=True)
    pixels = np.frombuffer(target.framebuffer.read(components=3), np.uint8).reshape(100, 200, 3)
    assert pixels[50, 50].min() > 150
    assert pixels[50, 150].max() == 0
    projection.release()
    target.release()
