"""Strobes of every kind through the real renderer, judged by a counter of its own."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from installation.control.state import Values
from installation.frames.ring import Picture
from installation.stage.renderer import Renderer
from installation.stage.shot import Shot
from tests.stage.conftest import Make, flat

Cells = npt.NDArray[np.float64]
RATE = 60
MAKE_PICTURE = Callable[[int], Picture]


def linear(frame: npt.NDArray[np.uint8]) -> Cells:
    """Mean linear light of 8x8 blocks, (rows, columns, 3)."""
    x = frame[..., :3] / 255.0
    light = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    rows, columns = light.shape[0] // 8, light.shape[1] // 8
    return light[: rows * 8, : columns * 8].reshape(rows, 8, columns, 8, 3).mean(axis=(1, 3))


def transitions(series: npt.NDArray[np.float64], step: float, ceiling: float) -> list[int]:
    """The frames in which a value has gone back by `step` since its last extreme."""
    found, extreme, way = [], series[0], 1.0
    for frame, value in enumerate(series):
        if (value - extreme) * way >= 0:
            extreme = value
        elif abs(value - extreme) >= step and min(value, extreme) < ceiling:
            found.append(frame)
            extreme, way = value, -way
    return found


def worst_second(cells: list[Cells]) -> tuple[float, float]:
    """The most general and the most red flashes of any block in any second (WCAG 2.2)."""
    film = np.stack(cells)
    luminance = film @ [0.2126, 0.7152, 0.0722]
    red = np.maximum(film[..., 0] - film[..., 1] - film[..., 2], 0.0)
    worst = [0.0, 0.0]
    for kind, (values, step, ceiling) in enumerate([(luminance, 0.1, 0.8), (red, 0.0625, 2.0)]):
        for block in values.reshape(len(film), -1).T:
            at = np.array(transitions(block, step, ceiling))
            most = max((np.sum((at >= t) & (at < t + RATE)) for t in at), default=0)
            worst[kind] = max(worst[kind], most / 2)
    return worst[0], worst[1]


def play(renderer: Renderer, values: Values, picture: MAKE_PICTURE, seconds: float) -> list[Cells]:
    seen = []
    for frame in range(round(seconds * RATE)):
        renderer.decks[0].show(picture(frame), frame / RATE)
        renderer.draw(Shot(frame / RATE, values))
        seen.append(linear(renderer.read()))
    return seen


def strobe(hertz: float, a: tuple, b: tuple, part: float = 1.0) -> MAKE_PICTURE:
    """Two colours in turn over a part of the picture's width; grey beside it."""

    def picture(frame: int) -> Picture:
        made = flat(90)
        made[:, : round(64 * part), :3] = b if (frame * hertz / RATE) % 1.0 >= 0.5 else a
        return made

    return picture


BLACK, WHITE, RED, GREY = (0, 0, 0), (255, 255, 255), (255, 0, 0), (120, 120, 120)
STROBES = {
    "white at 30 a second": strobe(30, BLACK, WHITE),
    "white at 10 a second": strobe(10, WHITE, BLACK),
    "white at 4 a second": strobe(4, BLACK, WHITE),
    "grey at 8 a second": strobe(8, (70, 70, 70), (140, 140, 140)),
    "red at 15 a second": strobe(15, RED, BLACK),
    "red at 5 a second": strobe(5, BLACK, RED),
    "red without a change of luminance": strobe(7, RED, (127, 127, 127)),
    "red and blue": strobe(6, RED, (0, 0, 255)),
    "a third of the wall": strobe(12, BLACK, WHITE, 0.34),
}


@pytest.mark.parametrize("name", STROBES)
def test_no_strobe_reaches_the_wall(make: Make, values: Values, name: str):
    source = [linear(STROBES[name](frame)) for frame in range(3 * RATE)]
    seen = play(make(), values, STROBES[name], 3.0)
    assert max(worst_second(source)) > 3.0  # it is one, by the same counter
    assert max(worst_second(seen)) <= 3.0
    last = np.stack(seen[-RATE:])
    before = np.stack(source[-RATE:])
    assert last.std(axis=0).max() < 0.25 * before.std(axis=0).max()


def test_a_strobe_is_eased_to_its_mean_not_to_black(make: Make, values: Values):
    seen = play(make(), values, STROBES["white at 10 a second"], 5.0)
    assert 0.3 < np.stack(seen[-RATE:]).min() < np.stack(seen[-RATE:]).max() < 0.7


def test_bursts_with_pauses_stay_within_three_a_second(make: Make, values: Values):
    fast = strobe(12, BLACK, WHITE)

    def bursts(frame: int) -> Picture:
        return fast(frame) if (frame // 20) % 3 == 0 else flat(0)

    assert max(worst_second(play(make(), values, bursts, 6.0))) <= 3.0


@pytest.mark.parametrize("hertz", [0.5, 1.0, 1.9])
def test_a_slow_pulse_is_left_alone(make: Make, values: Values, hertz: float):
    def pulse(frame: int) -> Picture:
        return flat(round(128 + 100 * np.sin(2 * np.pi * hertz * frame / RATE)))

    seen = play(make(), values, pulse, 3.0)
    for frame in range(0, 3 * RATE, 7):
        assert abs(seen[frame] - linear(pulse(frame))).max() < 0.01


@pytest.mark.parametrize("rate", [1, 2, 3])
def test_what_is_presented_seldom_is_no_flash(make: Make, values: Values, rate: int):
    renderer = make()
    for frame in range(12):
        picture = flat(200 if frame % 2 else 40)
        renderer.decks[0].show(picture, frame / rate)
        renderer.draw(Shot(frame / rate, values))
        assert abs(linear(renderer.read()) - linear(picture)).max() < 0.01


def test_what_flashed_comes_back_when_it_is_over(make: Make, values: Values):
    white = strobe(10, BLACK, WHITE)
    renderer = make()
    play(renderer, values, white, 2.0)
    for frame in range(2 * RATE, 6 * RATE):
        renderer.decks[0].show(flat(200), frame / RATE)
        renderer.draw(Shot(frame / RATE, values))
    assert abs(renderer.read()[..., :3].astype(int) - 200).max() <= 1


def test_no_look_comes_after_the_guard(make: Make, values: Values):
    """A strobing master light, the last hand on the picture, is eased as well."""
    renderer, seen = make(), []
    renderer.decks[0].show(flat(255))
    for frame in range(3 * RATE):
        renderer.draw(Shot(frame / RATE, values, light=float(frame // 3 % 2)))
        seen.append(linear(renderer.read()))
    assert max(worst_second(seen)) <= 3.0


@pytest.mark.parametrize("ceiling", [0.05, 0.3, 0.8])
def test_nothing_is_brighter_than_the_ceiling(make: Make, values: Values, ceiling: float):
    renderer = make()
    for shade in (255, 128, 30):
        renderer.decks[0].show(flat((shade, shade // 2, shade // 4)), shade)
        renderer.draw(Shot(0.0, values, ceiling=ceiling))
        light = linear(renderer.read())
        wanted = linear(flat((shade, shade // 2, shade // 4)))
        assert light.max() <= ceiling
        if wanted.max() < 0.65 * ceiling:
            assert abs(light - wanted).max() < 0.01
