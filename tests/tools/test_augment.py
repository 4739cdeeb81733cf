"""Changes that keep pictures pictures: exact where they may be, and gradients pass."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from tools.training.adversarial import augment as changes
from tools.training.adversarial.adaptive import Adaptive
from tools.training.adversarial.augment import augment


def source(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def smooth(count: int = 8, side: int = 32) -> torch.Tensor:
    coarse = torch.randn(count, 3, 4, 4, generator=source(1)) / 3
    return F.interpolate(coarse, (side, side), mode="bicubic").clamp(-1, 1)


@given(st.integers(0, 10**6), st.floats(0, 1))
@settings(deadline=None, max_examples=40)
def test_whatever_is_drawn_gives_pictures_of_the_same_shape(seed: int, p: float) -> None:
    after = augment(smooth(4), p, source(seed))
    assert after.shape == (4, 3, 32, 32)
    assert torch.isfinite(after).all()


def test_without_probability_nothing_is_touched() -> None:
    pictures = smooth()
    assert augment(pictures, 0.0, source()) is pictures


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_each_change_meets_as_many_pictures_as_it_is_told(p: float) -> None:
    pictures = smooth(1).expand(4000, -1, -1, -1)[:, :, :8, :8]
    dice = changes._Dice(4000, p, source())
    warped = (changes._warp(pictures, dice) - pictures).abs().amax((1, 2, 3)) > 1e-6
    # Two scalings, one turn, two shifts, each with p.
    assert warped.float().mean() == pytest.approx(1 - (1 - p) ** 5, abs=0.03)


def test_blitting_moves_pixels_and_changes_none() -> None:
    pictures = torch.rand(64, 3, 16, 16, generator=source())
    after = changes._blit(pictures, changes._Dice(64, 1.0, source()))
    assert not torch.equal(after, pictures)
    for one, other in zip(pictures, after, strict=True):
        assert set(other[0].flatten().tolist()) <= set(one[0].flatten().tolist())


def test_a_shift_brings_in_the_mirror_image() -> None:
    row = torch.arange(8.0).view(1, 1, 1, 8).expand(2, 1, 8, 8)
    moved = changes._shifted(row, torch.tensor([2, -1]), 3)
    assert moved[0, 0, 0].tolist() == [2, 1, 0, 1, 2, 3, 4, 5]
    assert moved[1, 0, 0].tolist() == [1, 2, 3, 4, 5, 6, 7, 6]


def test_a_quarter_turn_by_resampling_is_the_quarter_turn() -> None:
    pictures = smooth(1)
    matrix = torch.tensor([[[0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]])
    turned = changes._sampled(pictures, matrix)
    away = min((turned - pictures.rot90(k, (2, 3))).abs().mean() for k in (1, 3))
    assert away < 0.02 * pictures.std()


def test_colours_turn_about_grey_and_keep_their_places() -> None:
    grey = torch.full((200, 3, 4, 4), 0.3)
    after = changes._colour(grey, changes._Dice(200, 1.0, source()))
    assert (after - after.mean(1, keepdim=True)).abs().max() < 1e-5
    pictures = smooth(1).expand(200, -1, -1, -1)
    means = changes._colour(pictures, changes._Dice(200, 0.5, source())).mean((1, 2, 3))
    assert means.std() > 0.05


def test_gradients_reach_every_picture() -> None:
    pictures = smooth().requires_grad_(True)
    augment(pictures, 0.9, source()).square().sum().backward()
    assert pictures.grad is not None
    assert (pictures.grad.abs().sum((1, 2, 3)) > 0).all()


def test_p_rises_while_the_judge_is_too_sure_and_falls_when_it_guesses() -> None:
    adaptive = Adaptive(target=0.6, images=1000)
    adaptive.hear(0.9, 64)
    assert adaptive.p == 0.064
    adaptive.hear(0.2, 32)
    assert adaptive.p == 0.032
    for _ in range(3):
        adaptive.hear(0.0, 100)
    assert adaptive.p == 0.0
    for _ in range(30):
        adaptive.hear(1.0, 100)
    assert adaptive.p == 1.0
    fixed = Adaptive(p=0.3, fixed=True)
    fixed.hear(1.0, 10**6)
    assert fixed.p == 0.3
