"""Kernels in other forms, against the operations they stand for, written out by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from installation.generators.kernels import bounded, subpixel
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
