"""Convolution kernels in other, equal forms. Pure numpy."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

# [1, 3, 3, 1] both ways; sums to 4: the low-pass of a doubling, one a new pixel.
TAPS = np.outer([1.0, 3.0, 3.0, 1.0], [1.0, 3.0, 3.0, 1.0]) / 16.0


def subpixel(weight: Array) -> Array:
    """The kernel of a doubling layer (out, in, 3, 3) -> (4 out, in, 3, 3), low-pass included.

    The transposed convolution and the filter after it are one kernel of 6x6. The output pixel at
    offset a within its pair meets every second tap of it, in reverse: a plain 3x3 kernel. The
    four phases of an output channel stand side by side, as DepthToSpace (CRD) wants them."""
    out, into = weight.shape[:2]
    whole = np.zeros((out, into, 6, 6))
    for row in range(4):
        for column in range(4):
            whole[..., row : row + 3, column : column + 3] += TAPS[row, column] * weight
    phases = [whole[..., a::2, b::2][..., ::-1, ::-1] for a in (0, 1) for b in (0, 1)]
    return np.stack(phases, 1).reshape(4 * out, into, 3, 3).astype(np.float32)


def bounded(weight: Array) -> tuple[Array, Array]:
    """A kernel (out, in, k, k) brought within ±1/sqrt(fan in), and by how much each output channel
    was divided, (out, 1, 1, 1). With it no sum over a kernel leaves fp16 (Karras et al. 2020)."""
    fan_in = np.sqrt(np.prod(weight.shape[1:]))
    bound = np.maximum(np.abs(weight).max((1, 2, 3), keepdims=True), 1e-8) * fan_in
    return (weight / bound).astype(np.float32), bound.astype(np.float32)
