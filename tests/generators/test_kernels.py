"""Kernels in other forms, against the operations they stand for, written out by hand."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from installation.generators.kernels import (
    LOW_PASS,
    TAPS,
    bounded,
    paired,
    paired_alone,
    paired_doubling,
    paired_map,
    paired_up,
    subpixel,
)
from tests.generators.reference_stylegan2 import low_pass, slide, spread

kernels = st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1)).map(
    lambda v: np.random.default_rng(v[2]).standard_normal((v[0], v[1], 3, 3)).astype(np.float32)
)


def rearranged(x: np.ndarray) -> np.ndarray:
    """(4 C, H, W) -> (C, 2 H, 2 W): the four channels of each are its pixels' phases."""
    out = np.zeros((len(x) // 4, 2 * x.shape[1], 2 * x.shape[2]))
    for phase in range(4):
        out[:, phase // 2 :: 2, phase % 2 :: 2] = x[phase::4]
    return out


@given(kernels)
def test_the_subpixel_kernel_doubles_as_the_transposed_convolution_and_low_pass(weight):
    x = np.random.default_rng(1).standard_normal((weight.shape[1], 5, 5))
    expected = low_pass(spread(x, weight), (1, 1))
    found = rearranged(slide(x, subpixel(weight), (1, 1)))
    np.testing.assert_allclose(found, expected, atol=1e-4)


@given(kernels, st.floats(1e-3, 1e5))
def test_a_bounded_kernel_is_the_kernel_and_sums_to_little(weight, scale):
    kernel, bound = bounded(weight * np.float32(scale))
    np.testing.assert_allclose(kernel * bound, weight * scale, rtol=1e-4, atol=1e-6 * scale)
    fan_in = weight[0].size
    assert np.abs(kernel).max() <= 1 / np.sqrt(fan_in) + 1e-6
    assert np.abs(kernel).sum((1, 2, 3)).max() <= np.sqrt(fan_in) + 1e-4


def test_a_kernel_of_zeros_stays_one():
    kernel, bound = bounded(np.zeros((2, 3, 3, 3), np.float32))
    assert (kernel == 0).all()
    assert (bound > 0).all()


def in_pairs(x: np.ndarray) -> torch.Tensor:
    """(C, H, W) -> (1, 2 C, H, W / 2), the left pixel of each pair first."""
    pairs = np.stack([paired_map(channel, False) for channel in x], 1)
    return torch.from_numpy(pairs.reshape(1, -1, *pairs.shape[2:]))


def parted(pairs: torch.Tensor) -> np.ndarray:
    """(1, 2 C, H, W / 2) -> (C, H, W)."""
    _, channels, height, width = pairs.shape
    apart = pairs.reshape(2, channels // 2, height, width).permute(1, 2, 3, 0)
    return apart.reshape(channels // 2, height, 2 * width).numpy()


def doubles(kernel: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(kernel.astype(np.float64))


@given(kernels)
def test_a_paired_kernel_is_the_kernel_on_pairs_one_pixel_further_left(weight):
    x = np.random.default_rng(1).standard_normal((weight.shape[1], 5, 6))
    found = parted(F.conv2d(in_pairs(x), doubles(paired(weight)), padding=1))
    np.testing.assert_allclose(found[..., 1:-1], slide(x, weight, (1, 1)), atol=1e-5)


@given(kernels)
def test_a_paired_doubling_is_the_transposed_convolution_and_low_pass(weight):
    x = np.random.default_rng(1).standard_normal((weight.shape[1], 5, 5))
    pairs = F.conv_transpose2d(
        torch.from_numpy(x[None]), doubles(paired_up(weight)), stride=(2, 1), padding=(0, 1)
    )
    down = np.tile(LOW_PASS.reshape(1, 1, 4, 1), (pairs.shape[1], 1, 1, 1))
    found = parted(F.conv2d(pairs, doubles(down), padding=(1, 0), groups=pairs.shape[1]))
    np.testing.assert_allclose(found, low_pass(spread(x, weight), (1, 1)), atol=1e-4)


@given(kernels)
def test_a_pixels_own_kernel_on_pairs_is_that_kernel_on_each(weight):
    alone = weight[..., :1, :1]
    x = np.random.default_rng(1).standard_normal((weight.shape[1], 3, 4))
    found = parted(F.conv2d(in_pairs(x), doubles(paired_alone(alone))))
    np.testing.assert_allclose(found, slide(x, alone, (0, 0)), atol=1e-5)


def test_a_picture_doubles_to_pairs_as_it_does_to_pixels():
    x = torch.from_numpy(np.random.default_rng(1).standard_normal((1, 4, 5, 6)))
    taps = doubles(np.tile(TAPS, (4, 1, 1, 1)))
    expected = F.conv_transpose2d(x, taps, stride=2, padding=1, groups=4)[0].numpy()
    kernel = doubles(paired_doubling(4))
    pairs = F.conv_transpose2d(x, kernel, stride=(2, 1))[..., 1:-1, :]
    np.testing.assert_allclose(parted(pairs)[..., 1:-1], expected, atol=1e-6)


def test_a_map_in_pairs_one_pixel_further_left_has_zeros_at_its_ends():
    values = np.arange(1, 9, dtype=np.float32).reshape(2, 4)
    left, right = paired_map(values, True)
    np.testing.assert_array_equal(left, [[0, 2, 4], [0, 6, 8]])
    np.testing.assert_array_equal(right, [[1, 3, 0], [5, 7, 0]])
