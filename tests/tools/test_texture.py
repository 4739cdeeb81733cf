import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F

from tools.training.texture import texture_distance

SIDE = 64
seeds = st.integers(0, 999)
few = settings(deadline=None, max_examples=10)


def noise(seed: int, side: int = SIDE) -> Tensor:
    """One picture of (1, 3, side, side) without any form, evenly rough."""
    return torch.randn(1, 3, side, side, generator=torch.Generator().manual_seed(seed))


def apart(a: Tensor, b: Tensor, seed: int = 0, where: Tensor | None = None) -> float:
    return texture_distance(a, b, torch.Generator().manual_seed(seed), where).item()


@few
@given(seeds, seeds, st.sampled_from([32, 64, 128]))
def test_a_texture_is_no_distance_from_itself_and_as_far_there_as_back(
    one: int, other: int, side: int
) -> None:
    a, b = noise(one, side), 0.5 * noise(other, side)
    assert apart(a, a, other) == 0
    assert apart(a, b) == apart(b, a) > 0


@few
@given(seeds)
def test_a_missing_octave_is_further_away_than_strands_in_another_place(seed: int) -> None:
    """L1 says the opposite: it would rather have nothing than the right thing beside its place."""
    real, moved = noise(seed), noise(seed + 1)
    blurred = F.interpolate(F.avg_pool2d(real, 2), scale_factor=2.0, mode="bilinear")
    assert apart(moved, real) < 0.6 * apart(blurred, real)
    assert (moved - real).abs().mean() > (blurred - real).abs().mean()


@few
@given(seeds)
def test_texture_belongs_where_it_was_painted(seed: int) -> None:
    """All of the roughness in the left half is not the same as all of it in the right."""
    left = noise(seed)
    left[..., SIDE // 2 :] = 0
    assert apart(left, left.flip(-1)) > 3 * apart(left, left.flip(-2))


def test_the_weights_of_the_places_are_those_of_the_cells() -> None:
    real, where = noise(1), torch.ones(1, 1, SIDE, SIDE)
    wrong = real.clone()
    wrong[..., : SIDE // 2, : SIDE // 2] = 0
    where[..., : SIDE // 2, : SIDE // 2] = 5.0
    assert apart(wrong, real, 0, where) > 4 * apart(wrong, real)
    assert apart(wrong.flip(-1), real.flip(-1), 0, where) < 2 * apart(wrong, real)


def test_going_downhill_brings_the_roughness_back() -> None:
    real, source = noise(1), torch.Generator().manual_seed(0)
    fake = (0.1 * noise(2)).requires_grad_()
    for _ in range(30):
        (slope,) = torch.autograd.grad(texture_distance(fake, real, source), fake)
        fake = (fake - 200 * slope).detach().requires_grad_()
    assert 0.4 < fake.std() / real.std() < 1.2
