"""The shipped portraits and the family, as a visitor and as the runtime would look at them."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from installation.generators.card import load_card
from installation.generators.stylegan2 import Generator
from tools.figures import load_model, painter_of
from tools.paint import sample
from tools.training.evaluate import embed, walk_jump

MODELS = Path(__file__).parents[2] / "models"
FOLDERS = [*sorted((MODELS / "faces").iterdir()), MODELS / "families"]
NAMES = [str(folder.relative_to(MODELS)) for folder in FOLDERS]
every_model = pytest.mark.parametrize("name", NAMES)


def draw(generator: Generator, z: np.ndarray) -> torch.Tensor:
    with torch.inference_mode():
        return generator(embed(torch.from_numpy(np.float32(z)), 512))


def steered(name: str, axis: str) -> torch.Tensor:
    """Four pictures with `axis` low, and the same with it high: (2, 4, 3, R, R)."""
    generator, card = load_model(MODELS / name), load_card(MODELS / name)
    low = 0.5 * sample(painter_of(MODELS / name), 4, 6)
    high = low.copy()
    low[:, card.latent.axes[axis]], high[:, card.latent.axes[axis]] = -1.5, 1.5
    return torch.stack([draw(generator, low), draw(generator, high)])


def test_everything_that_is_shipped_fits_on_a_small_disk() -> None:
    files = list(MODELS.rglob("*.safetensors"))
    assert max(file.stat().st_size for file in files) < 16_000_000
    assert sum(file.stat().st_size for file in MODELS.rglob("*.*")) < 120_000_000


@every_model
def test_the_card_is_true_of_the_file_and_of_the_painter(name: str) -> None:
    card, painter = load_card(MODELS / name), painter_of(MODELS / name)
    raw = (MODELS / name / "model.safetensors").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == card.sha256
    assert painter.name == name
    assert list(card.latent.axes) == [parameter.name for parameter in painter.parameters]
    for words in (card.depicts, card.provenance, card.consent, card.training["command"]):
        assert words
    assert "exist" in card.depicts  # whom it shows, and that nobody is


@every_model
def test_pictures_are_pictures_and_a_walk_does_not_pop(name: str) -> None:
    generator, painter = load_model(MODELS / name), painter_of(MODELS / name)
    pictures = draw(generator, sample(painter, 6, 77))
    assert torch.isfinite(pictures).all()
    assert pictures.abs().max() < 2
    assert pictures.std(0).mean() > 0.05  # between pictures
    assert pictures.std((2, 3)).min() > 0.05  # within each
    assert walk_jump(generator, len(painter.parameters), seed=3, steps=24) < 4


@pytest.mark.parametrize("name", NAMES[:-1])
def test_steering_a_portrait_does_what_the_name_says(name: str) -> None:
    dim, bright = steered(name, "light")
    assert bright.mean() > dim.mean() + 0.01
    cold, warm = steered(name, "warmth").mean((1, 3, 4))
    assert warm[0] - warm[2] > cold[0] - cold[2] + 0.05


def test_who_wants_to_sit_on_the_right_does() -> None:
    """Wenna's hair is the reddest thing above the table."""
    pictures = steered("families", "wenna")
    side = pictures.shape[-1]
    left, right = pictures[..., round(0.19 * side) : side // 2, :].mean(1)
    red = (right[0] - right[2]) - (left[0] - left[2])
    middle = red.shape[-1] // 2
    assert red[:, middle:].mean() > red[:, :middle].mean() + 0.02


def test_training_time_goes_from_noise_to_the_finished_family() -> None:
    files = sorted((MODELS / "families" / "snapshots").glob("*.safetensors"))
    assert len(files) >= 7
    finished = load_file(MODELS / "families" / "model.safetensors")
    for file in files:
        tensors = load_file(file)
        assert {n: t.shape for n, t in tensors.items()} == {n: t.shape for n, t in finished.items()}
    assert (MODELS / "families" / "snapshots" / "strip.jpg").exists()
