"""Every shipped pass, as a visitor would see it."""

import tracemalloc
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.frames.ring import Picture
from installation.session import SHADERS
from installation.show.looks import pass_rows
from installation.stage.renderer import Renderer
from installation.stage.shot import Shot
from tests.pictures import agree
from tests.stage.conftest import Make, flat

PASSES = sorted(file.stem for file in SHADERS.glob("*.frag"))
ROWS = {name: pass_rows(name, (SHADERS / f"{name}.frag").read_text()) for name in PASSES}
TABLE = Table([*house_rows(["a"]), *(row for rows in ROWS.values() for row in rows)])
DEFAULTS = np.array([row.default for row in TABLE])
FRAMES = 8
DITHER = 2  # of 255
every = pytest.mark.parametrize("name", PASSES)


def sea(phase: float, side: int = 64) -> Picture:
    """Something with crests, a sky and a sun, that rolls."""
    y, x = np.mgrid[:side, :side] / side
    tone = 0.5 + 0.3 * np.sin(9 * x + phase + 4 * np.sin(7 * y)) * (y > 0.5) + 0.2 * (0.5 - y)
    tone = tone + np.exp(-200 * ((x - 0.6) ** 2 + (y - 0.3) ** 2))
    picture = flat(0, side, side)
    picture[..., :3] = np.clip(tone[..., None] * (230, 205, 190), 0, 255)
    return picture


def film(renderer: Renderer, values: np.ndarray, look: int = 1, frames: int = FRAMES) -> np.ndarray:
    """Some frames of a rolling sea, int (frames, height, width, 3)."""
    seen = []
    for frame in range(frames):
        renderer.decks[0].show(sea(frame * 0.1), frame / 30)
        renderer.draw(Shot(4.0 + frame / 30, values, look=look))
        seen.append(renderer.read()[..., :3].astype(int))
    return np.stack(seen)


@every
def test_a_look_is_lively_never_dark_and_the_same_again(make: Make, name: str):
    films = [film(make((160, 90), looks=[[], [name]], table=TABLE), DEFAULTS) for _ in range(2)]
    plain = film(make((160, 90), looks=[[], [name]], table=TABLE), DEFAULTS, look=0, frames=1)
    assert (films[0] == films[1]).all()
    assert films[0].mean() > 0.3 * plain.mean()
    assert films[0].std() > 20
    assert (films[0][0] != plain[0]).any()
    steps = [abs(b - a).mean() for a, b in pairwise(films[0])]
    assert max(steps) < 12  # of 255, while the sea rolls


@every
def test_a_look_is_as_it_was(make: Make, name: str, request: pytest.FixtureRequest):
    renderer = make((160, 90), looks=[[], [name]], table=TABLE)
    agree(film(renderer, DEFAULTS)[-1], f"look_{name}", request)


@every
def test_every_control_of_a_look_changes_the_picture(make: Make, name: str):
    renderer = make((160, 90), looks=[[name]], table=TABLE)
    for row in ROWS[name]:
        other = DEFAULTS.copy()
        other[TABLE.index(row.address)] = row.high if row.default < row.high else row.low
        ends = []
        for values in (DEFAULTS, other):
            renderer.resize(renderer.size)  # with an empty memory
            ends.append(film(renderer, values, look=0)[-1])
        assert row.address == "/look/grade/table" or (ends[0] != ends[1]).any(), row.address


@cache
def chart() -> Image.Image:
    """Slanted edges, 508 pixels a side."""
    image = Image.new("RGB", (2032, 2032), (214, 205, 190))
    draw, random = ImageDraw.Draw(image), np.random.default_rng(1)
    for _ in range(26):
        x, y, r = (int(v) for v in random.integers((0, 0, 40), (2032, 2032, 260)))
        draw.ellipse([x - r, y - r, x + r, y + r * 0.7], fill=tuple(random.integers(10, 250, 3)))
    return image.resize((508, 508), Image.Resampling.BOX)


def noise_ratio(a: np.ndarray, b: np.ndarray) -> float:
    """Peak signal to noise, dB."""
    return float(10 * np.log10(255**2 / np.mean((a.astype(float) - b) ** 2)))


def test_upscale_is_sharper_than_bicubic_and_does_not_ring(make: Make):
    small = chart().resize((127, 127), Image.Resampling.BOX)
    truth, picture = np.asarray(chart()), flat(0, 129, 129)
    picture[..., :3] = np.pad(np.asarray(small), ((1, 1), (1, 1), (0, 0)), "edge")  # the rim
    renderer = make((508, 508), looks=[["upscale"]], table=TABLE)
    renderer.decks[0].show(picture)
    renderer.draw(Shot(0.0, DEFAULTS))
    drawn = renderer.read()[..., :3]
    bicubic = np.asarray(small.resize((508, 508), Image.Resampling.BICUBIC))
    assert noise_ratio(drawn, truth) > noise_ratio(bicubic, truth) + 1.0
    assert overshoot(drawn, truth) < 0.25 * overshoot(bicubic, truth)


def overshoot(drawn: np.ndarray, truth: np.ndarray) -> float:
    """How far pixels leave the range of the truth around them, mean of 255."""
    image = Image.fromarray(truth)
    around = [np.asarray(_rank(image, top)).astype(int) for top in (False, True)]
    over = np.maximum(drawn - around[1] - DITHER, 0) + np.maximum(around[0] - drawn - DITHER, 0)
    return float(over.mean())


def _rank(image: Image.Image, top: bool) -> Image.Image:
    return image.filter(ImageFilter.MaxFilter(17) if top else ImageFilter.MinFilter(17))


def test_no_frame_leaves_anything_behind(make: Make):
    renderer = make((64, 36), looks=[PASSES, ["paint", "pigment", "flow"]], table=TABLE)
    for deck in renderer.decks:
        deck.show(sea(0.0))
    shots = [Shot(i / 30, DEFAULTS, look=0, look_b=1, crossfade=0.5) for i in range(60)]
    for shot in shots[:20]:
        renderer.draw(shot)
    tracemalloc.start()
    try:
        renderer.draw(shots[20])
        before = tracemalloc.get_traced_memory()[0]
        for shot in shots[21:]:
            renderer.draw(shot)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 4096  # bytes, over 39 frames of every pass in two chains
