"""The shipped model of the sea, as a visitor and as the runtime would look at it."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from PIL import Image

from installation.generators.stylegan2 import Generator
from tools.figures import load_model, main
from tools.paint import PAINTERS
from tools.paint import sample as sample_of
from tools.paint.waves.parameters import COUNT, INDEX, SWELL_PAIRS, SWELLS, tide
from tools.training.evaluate import embed, walk_jump

FOLDER = Path(__file__).parents[2] / "models" / "waves"


def sample(count: int, seed: int) -> np.ndarray:
    return sample_of(PAINTERS["waves"], count, seed)


@pytest.fixture(scope="module")
def card() -> dict:
    return yaml.safe_load((FOLDER / "card.yaml").read_text())


@pytest.fixture(scope="module")
def waves() -> Generator:
    return load_model(FOLDER)


def rows(pictures: torch.Tensor, top: float, bottom: float) -> torch.Tensor:
    """A band of pictures (B, C, R, R); 0 is the upper edge, 1 the lower."""
    side = pictures.shape[-1]
    return pictures[:, :, round(top * side) : round(bottom * side)]


def draw(waves: Generator, z: np.ndarray) -> torch.Tensor:
    with torch.inference_mode():
        return waves(embed(torch.from_numpy(np.float32(z)), 512))


def test_the_file_is_the_one_on_the_card(card: dict) -> None:
    raw = (FOLDER / "model.safetensors").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == card["sha256"]
    assert len(raw) < 6_000_000


def test_the_card_says_what_it_must(card: dict) -> None:
    for name in ("name", "depicts", "provenance", "consent", "licence"):
        assert card[name]
    assert card["training"]["metrics"]["hold_l1"] < 0.2
    latent = card["latent"]
    assert latent["used"] == COUNT
    assert [(*t["pair"], t["wavelength"]) for t in latent["tide"]] == [
        (*pair, swell.wavelength) for pair, swell in zip(SWELL_PAIRS, SWELLS, strict=True)
    ]
    assert latent["axes"].items() <= INDEX.items()
    assert all(name.isalpha() and name.islower() for name in latent["axes"])


def test_pictures_differ_and_are_pictures(waves: Generator) -> None:
    pictures = draw(waves, sample(8, 77))
    assert pictures.shape == (8, 3, waves.arch.resolution, waves.arch.resolution)
    assert torch.isfinite(pictures).all()
    assert pictures.abs().max() < 2
    assert pictures.std(0).mean() > 0.2  # between seas
    assert pictures.std((2, 3)).min() > 0.05  # within each


def test_the_sky_is_lighter_than_the_sea(waves: Generator) -> None:
    pictures = draw(waves, sample(8, 78))
    sky, sea = rows(pictures, 0, 0.39), rows(pictures, 0.55, 1)
    assert (sky.mean((1, 2, 3)) > sea.mean((1, 2, 3)) + 0.2).all()


def test_steering_does_what_its_name_says(waves: Generator) -> None:
    jade, vermilion = np.zeros((2, COUNT))
    jade[INDEX["jade"]] = vermilion[INDEX["vermilion"]] = 2.0
    green, red = draw(waves, np.stack([jade, vermilion])).mean((2, 3))
    assert green[1] - green[0] > 0.1
    assert red[0] - red[1] > 0.2


def test_the_tide_moves_the_water_and_hardly_the_sky(waves: Generator) -> None:
    sea = sample(4, 79)
    sea[:, 7] = 1.5
    moved = (draw(waves, tide(sea, 0.6)) - draw(waves, sea)).abs()
    assert rows(moved, 0.55, 1).mean() > 3 * rows(moved, 0, 0.35).mean()


def test_a_walk_does_not_pop(waves: Generator) -> None:
    assert walk_jump(waves, COUNT, seed=3, steps=48) < 4


def test_only_the_leading_numbers_matter(waves: Generator) -> None:
    z = embed(torch.from_numpy(sample(2, 80)), 512)
    other = z.clone()
    other[:, COUNT:] *= -1
    with torch.inference_mode():
        assert torch.equal(waves(z), waves(other))


def test_figures_are_drawn_and_small_enough_for_the_docs(tmp_path: Path) -> None:
    line = {"resolution": 32, "cpu_seconds": 60, "hold_l1": 0.1, "sharpness": 0.5}
    (tmp_path / "metrics.jsonl").write_text(json.dumps(line) + "\n")
    main([str(tmp_path), str(FOLDER), str(tmp_path)])
    for name in ("curve.png", "samples.jpg", "walks.jpg"):
        file = tmp_path / f"waves-{name}"
        assert file.stat().st_size < 400_000
        with Image.open(file) as picture:
            assert np.asarray(picture).std() > 10
