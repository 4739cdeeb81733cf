"""Convolution kernels in other, equal forms. Pure numpy."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

# The low-pass of a doubling along one axis, and both ways, where it sums to 4, one a new pixel.
LOW_PASS = np.array([1.0, 3.0, 3.0, 1.0]) / 4.0
TAPS = np.outer(LOW_PASS, LOW_PASS)


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


# Pairs: two neighbouring pixels of C channels as one of 2 C, the left pixel's first. A layer of few
# channels fills a processor's registers so.


def paired_up(weight: Array) -> Array:
    """The kernel of a doubling layer (out, in, 3, 3) as that of a transposed convolution (in,
    2 out, 3, 3) with strides 2 down and 1 across, to pairs. Across it holds the low-pass, down it
    does not: that follows."""
    out, into = weight.shape[:2]
    whole = np.zeros((out, into, 3, 6))
    for column, tap in enumerate(LOW_PASS):
        whole[..., column : column + 3] += tap * weight
    pairs = np.stack([whole[..., 0::2], whole[..., 1::2]])
    return pairs.reshape(2 * out, into, 3, 3).swapaxes(0, 1).astype(np.float32)


def paired(weight: Array) -> Array:
    """A kernel (out, in, 3, 3) from pairs to pairs that begin one pixel further left: (2 out,
    2 in, 3, 2). So each pair reaches into two others, not into three."""
    out, into = weight.shape[:2]
    pairs = np.zeros((2, out, 2, into, 3, 2), np.float32)
    for to, of, step in np.ndindex(2, 2, 2):
        tap = 2 * step + of - to
        if 0 <= tap < 3:
            pairs[to, :, of, ..., step] = weight[..., tap]
    return pairs.reshape(2 * out, 2 * into, 3, 2)


def paired_alone(weight: Array) -> Array:
    """A kernel (out, in, 1, 1) from pairs to pairs: (2 out, 2 in, 1, 1)."""
    return np.kron(np.eye(2, dtype=np.float32), weight[..., 0, 0])[..., None, None]


def paired_doubling(channels: int) -> Array:
    """The doubling of a picture, to pairs that begin one pixel further left: the kernel (channels,
    2 channels, 4, 2) of a transposed convolution with strides 2 down and 1 across."""
    same, across = np.eye(channels), LOW_PASS.reshape(2, 2)  # by step and pixel of the pair
    kernel = np.einsum("cd,y,xp->cpdyx", same, LOW_PASS, across)
    return kernel.reshape(channels, 2 * channels, 4, 2).astype(np.float32)


def paired_map(values: Array, further: bool) -> Array:
    """A map (H, W) as pairs (2, H, W / 2); `further` if they begin one pixel further left, zeros
    beyond the edges: (2, H, W / 2 + 1)."""
    if further:
        values = np.pad(values, ((0, 0), (1, 1)))
    return values.reshape(len(values), -1, 2).transpose(2, 0, 1)
