import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from tools.paint import PAINTERS
from tools.paint import sample as sample_of
from tools.paint.__main__ import main
from tools.paint.brush import shrink
from tools.paint.colour import ramp
from tools.paint.dataset import Description, count, grow, latents_file, pictures_file
from tools.paint.kuwahara import kuwahara
from tools.paint.noise import fractal
from tools.paint.waves.palettes import PALETTES, blend
from tools.paint.waves.parameters import COUNT, SWELL_PAIRS, tide
from tools.paint.waves.scene import compose
from tools.paint.waves.sea import paint
from tools.paint.waves.surface import height, meet

ROOT = Path(__file__).parents[2]

numbers = arrays(np.float64, COUNT, elements=st.floats(-3, 3))


def sample(count: int, seed: int) -> np.ndarray:
    return sample_of(PAINTERS["waves"], count, seed)


@pytest.mark.parametrize("name", ["waves", "faces/tovin", "faces/orsa", "families"])
def test_compiled_painter_is_the_python_painter(name: str) -> None:
    """Loop-parallel compilation of such code was once wrong by half a picture, silently."""
    code = (
        "import sys, numpy as np; from tools.paint import PAINTERS, sample;"
        f"painter = PAINTERS['{name}'];"
        "sys.stdout.buffer.write(painter.paint(sample(painter, 2, 9)[1], 16).tobytes())"
    )
    plain = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=plain, capture_output=True, timeout=100)
    python = np.frombuffer(done.stdout, np.uint8).reshape(16, 16, 3).astype(int)
    painter = PAINTERS[name]
    assert np.abs(painter.paint(sample_of(painter, 2, 9)[1], 16) - python).max() <= 1


@pytest.mark.parametrize("name", sorted(PAINTERS))
def test_painting_is_repeatable_and_says_what_it_takes(name: str) -> None:
    painter = PAINTERS[name]
    z = sample_of(painter, 1, 3)[0]
    picture = painter.paint(z, 40)
    assert picture.shape == (40, 40, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 10
    assert np.array_equal(picture, painter.paint(z, 40))
    with pytest.raises(ValueError, match=f"{len(z)} numbers"):
        painter.paint(z[:-1], 40)
    names = [p.name for p in painter.parameters]
    assert len(set(names)) == len(names)


@settings(max_examples=15, deadline=None)
@given(numbers, st.integers(0, 2**32 - 1))
def test_small_steps_change_little(sea: np.ndarray, seed: int) -> None:
    """A step of a thousandth in any direction never moves the picture by a grey level."""
    step = np.random.default_rng(seed).standard_normal(COUNT)
    for i, j in SWELL_PAIRS:  # the phase of a dead swell is undefined, and its height is zero
        sea[i] = sea[i] if abs(sea[i]) + abs(sea[j]) > 0.1 else 0.1
    before, after = paint(sea, 32).astype(float), paint(sea + 1e-3 * step, 32)
    assert np.abs(after - before).mean() < 1.0


@pytest.mark.parametrize(("name", "size"), [("waves", 32), ("faces/wenna", 32), ("families", 64)])
def test_every_number_matters(name: str, size: int) -> None:
    """Each moves some pixel by more than the eye overlooks, in one of three pictures."""
    painter = PAINTERS[name]
    bases = sample_of(painter, 3, 11)
    if name == "waves":
        bases[:, :6] *= 0.2  # far from a pure palette, where its softmax is flat
    before = [painter.paint(z, size).astype(float) for z in bases]

    def change(z: np.ndarray, picture: np.ndarray, index: int) -> float:
        other = z.copy()
        other[index] += 1.5 if z[index] < 0 else -1.5
        return np.abs(picture - painter.paint(other, size)).max()

    for index, parameter in enumerate(painter.parameters):
        changes = (change(z, p, index) for z, p in zip(bases, before, strict=True))
        assert any(c > 6 for c in changes), parameter.name


def test_sky_is_above_the_sea_and_the_sun_climbs() -> None:
    sea = np.zeros(COUNT)
    sea[7:12:2] = 1.0
    grey = paint(sea, 64).mean(-1)
    assert grey[4:24].mean() > 1.3 * grey[-24:].mean()
    early, late = sea.copy(), sea.copy()
    early[20], late[20] = -1.5, 1.5
    assert compose(late).sun[1] > compose(early).sun[1] + 0.1


@given(numbers, st.floats(0, 1000))
def test_tide_keeps_every_length(sea: np.ndarray, seconds: float) -> None:
    later = tide(sea, seconds)
    for i, j in SWELL_PAIRS:
        assert np.hypot(later[i], later[j]) == pytest.approx(np.hypot(sea[i], sea[j]), abs=1e-9)
    rest = sorted(set(range(COUNT)) - {i for pair in SWELL_PAIRS for i in pair})
    assert np.array_equal(later[rest], sea[rest])
    assert np.allclose(tide(later, -seconds), sea)


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 999))
def test_a_longer_sample_begins_with_the_shorter(short: int, more: int, seed: int) -> None:
    assert np.array_equal(sample(short + more, seed)[:short], sample(short, seed))


@given(st.integers(0, 5))
def test_a_pure_blend_is_its_palette(row: int) -> None:
    for got, wanted in zip(blend(np.eye(6)[row]), list(PALETTES.values())[row], strict=True):
        assert np.allclose(got, wanted)


@settings(deadline=None)  # the first call compiles
@given(st.floats(-1, 2))
def test_a_ramp_stays_between_its_colours(t: float) -> None:
    water = PALETTES["jade"].water
    colour = np.array(ramp(t, water))
    assert np.all((colour >= water.min(0) - 1e-9) & (colour <= water.max(0) + 1e-9))


@settings(deadline=None)  # the first call compiles
@given(st.floats(-500, 500), st.floats(-500, 500), st.integers(0, 99))
def test_noise_is_bounded_and_continuous(x: float, y: float, seed: int) -> None:
    here, there = fractal(x, y, seed, 4), fractal(x + 1e-6, y, seed, 4)
    assert 0.0 <= here <= 1.0
    assert abs(here - there) < 1e-4


@settings(max_examples=30, deadline=None)
@given(numbers, st.floats(-0.6, 0.6), st.floats(-0.7, -0.02))
def test_rays_meet_the_water_on_the_water(sea: np.ndarray, dx: float, dy: float) -> None:
    scene = compose(sea)
    x, y, z = np.array([dx, dy, 1.0]) / np.sqrt(dx * dx + dy * dy + 1)
    t = meet(x, y, z, scene)
    if t > 0:
        x, y, z = x * t, y * t, z * t
        # Five bisections of the last step, which is below a sixth of the distance.
        assert abs(scene.eye + y - height(x, z, scene.waves)) < 0.02 * t


def test_strokes_leave_flat_colour_and_clean_edges() -> None:
    flat = np.full((24, 24, 3), 0.3, np.float32)
    assert np.allclose(kuwahara(flat), flat, atol=1e-5)
    edge = flat.copy()
    edge[:, 12:] = 0.8
    noisy = np.clip(edge + np.random.default_rng(0).normal(0, 0.03, edge.shape), 0, 1)
    error_before, error_after = np.abs(noisy - edge).mean(), np.abs(kuwahara(noisy) - edge).mean()
    assert error_after < 0.5 * error_before


@given(st.integers(8, 40), st.integers(1, 8))
def test_shrinking_keeps_the_mean(side: int, less: int) -> None:
    picture = np.random.default_rng(side).random((side, side, 3)).astype(np.float32)
    small = shrink(picture, side - less if side > less + 1 else side)
    assert np.allclose(small.mean((0, 1)), picture.mean((0, 1)), atol=1e-5)


def test_a_data_set_grows_and_survives_a_torn_write(tmp_path: Path) -> None:
    about = Description(size=16, seed=4)
    whole, torn = tmp_path / "whole", tmp_path / "torn"
    assert list(grow(whole, 40, about, threads=2)) == [32, 40]
    assert list(grow(torn, 32, about, threads=1)) == [32]
    with pictures_file(torn).open("ab") as file:
        file.write(b"half a picture")
    assert count(torn, about) == 32
    assert list(grow(torn, 40, about, threads=2)) == [40]
    assert pictures_file(torn).read_bytes() == pictures_file(whole).read_bytes()
    assert latents_file(torn).read_bytes() == sample(40, 4).tobytes()
    assert list(grow(whole, 10, about, threads=1)) == []
    with pytest.raises(ValueError, match="choose another folder"):
        list(grow(torn, 50, Description(size=16, seed=5), threads=1))


def test_command_line_paints_a_sheet_and_a_set(tmp_path: Path) -> None:
    main(["grid", str(tmp_path / "g.png"), "--size", "16", "--rows", "2", "--columns", "3"])
    with Image.open(tmp_path / "g.png") as sheet:
        assert sheet.size == (48, 32)
    main(["data", str(tmp_path / "d"), "--size", "16", "--count", "3", "--threads", "1"])
    assert json.loads((tmp_path / "d" / "dataset.json").read_text())["size"] == 16
    assert pictures_file(tmp_path / "d").stat().st_size == 3 * 16 * 16 * 3
