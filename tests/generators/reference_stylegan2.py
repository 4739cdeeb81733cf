"""StyleGAN2 in naive numpy loops, straight from the paper (arXiv:1912.04958): weights modulated
and demodulated per picture, zeros inserted, kernels slid. Slow, float64, independent of torch."""

from collections.abc import Callable, Mapping

import numpy as np

from installation.generators.bends import noise_map
from installation.generators.styles import Edit

Tensors = dict[str, np.ndarray]

TAPS = np.array([1.0, 3.0, 3.0, 1.0])
LOW_PASS = np.outer(TAPS, TAPS) / TAPS.sum() ** 2


def leaky(x: np.ndarray) -> np.ndarray:
    return np.where(x < 0, 0.2 * x, x) * np.sqrt(2)


def dense(t: Tensors, name: str, x: np.ndarray, rate: float = 1.0) -> np.ndarray:
    weight, bias = t[f"{name}.weight"], t[f"{name}.bias"]
    return weight @ x * rate / np.sqrt(weight.shape[1]) + bias * rate


def mapping(t: Tensors, z: np.ndarray, layers: int, rate: float, psi: float) -> np.ndarray:
    x = z / np.sqrt(np.mean(z**2) + 1e-8)
    for i in range(layers):
        x = leaky(dense(t, f"mapping.fc{i}", x, rate))
    return t["mapping.w_avg"] + psi * (x - t["mapping.w_avg"])


def slide(x: np.ndarray, kernel: np.ndarray, pad: tuple[int, int]) -> np.ndarray:
    """Correlation of x (I, H, W) with kernel (O, I, k, k) after zero padding."""
    x = np.pad(x, ((0, 0), pad, pad))
    side = kernel.shape[2]
    tall, wide = x.shape[1] - side + 1, x.shape[2] - side + 1
    out = np.zeros((len(kernel), tall, wide))
    for i in range(tall):
        for j in range(wide):
            out[:, i, j] = np.tensordot(kernel, x[:, i : i + side, j : j + side], 3)
    return out


def low_pass(x: np.ndarray, pad: tuple[int, int]) -> np.ndarray:
    """Each channel through the 4 x 4 filter with gain 4, which makes up for inserted zeros."""
    return np.concatenate([slide(channel[None], 4 * LOW_PASS[None, None], pad) for channel in x])


def zeros_between(x: np.ndarray) -> np.ndarray:
    out = np.zeros((len(x), 2 * x.shape[1], 2 * x.shape[2]))
    out[:, ::2, ::2] = x
    return out


def spread(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Transposed convolution of stride 2: every input pixel stamps the kernel."""
    side = x.shape[1]
    out = np.zeros((len(kernel), 2 * side + 1, 2 * side + 1))
    for i in range(side):
        for j in range(side):
            stamp = np.tensordot(kernel, x[:, i, j], ([1], [0]))
            out[:, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += stamp
    return out


def layer(
    t: Tensors, name: str, x: np.ndarray, w: np.ndarray, up: bool, clamp: float
) -> np.ndarray:
    style = dense(t, f"{name}.affine", w)
    kernel = t[f"{name}.weight"] * style[None, :, None, None]
    kernel = kernel / np.sqrt((kernel**2).sum((1, 2, 3), keepdims=True) + 1e-8)
    x = low_pass(spread(x, kernel), (1, 1)) if up else slide(x, kernel, (1, 1))
    x = x + t[f"{name}.noise_const"] * t[f"{name}.noise_strength"]
    return np.clip(leaky(x + t[f"{name}.bias"][:, None, None]), -clamp, clamp)


def to_rgb(t: Tensors, name: str, x: np.ndarray, w: np.ndarray, clamp: float) -> np.ndarray:
    style = dense(t, f"{name}.affine", w) / np.sqrt(len(x))
    picture = slide(x, t[f"{name}.weight"] * style[None, :, None, None], (0, 0))
    return np.clip(picture + t[f"{name}.bias"][:, None, None], -clamp, clamp)


def synthesis(
    t: Tensors,
    w: np.ndarray,
    sides: tuple[int, ...],
    clamp: float = np.inf,
    after: Callable[[np.ndarray, int], np.ndarray] = lambda x, side: x,
) -> np.ndarray:
    """One picture (3, R, R) from one style per layer (num_ws, W); `after` takes each block's
    features and gives what goes on."""
    x = layer(t, "synthesis.b4.conv1", t["synthesis.b4.const"], w[0], False, clamp)
    x = after(x, 4)
    picture = to_rgb(t, "synthesis.b4.torgb", x, w[1], clamp)
    for i, side in enumerate(sides[1:]):
        block = f"synthesis.b{side}"
        x = layer(t, f"{block}.conv0", x, w[2 * i + 1], True, clamp)
        x = after(layer(t, f"{block}.conv1", x, w[2 * i + 2], False, clamp), side)
        picture = low_pass(zeros_between(picture), (2, 1))
        picture = picture + to_rgb(t, f"{block}.torgb", x, w[2 * i + 3], clamp)
    return picture


def bent(x: np.ndarray, side: int, edit: Edit, clusters: Mapping[int, np.ndarray]) -> np.ndarray:
    """The bends of one layer on x (C, H, H), map by map, pixel by pixel (arXiv:2005.12420)."""
    x = x.copy()
    for bend in edit.bends:
        for c in range(len(x)) if bend.side == side else []:
            inside = bend.low <= (c + 0.5) / len(x) <= bend.high
            if inside and bend.cluster in (0, clusters[side][c] + 1):
                x[c] = one_map(bend.kind, bend.amount, x[c])
    return x


def one_map(kind: str, amount: float, x: np.ndarray) -> np.ndarray:
    size = abs(amount)
    if kind == "ablate":
        return x * (1 - size)
    if kind == "multiply":
        return x * 4**amount
    if kind == "invert":
        return (1 - size) * x + size * (1 - x)
    if kind == "threshold":
        return (1 - size) * x + size * np.clip(8 * x, 0, 1)
    if kind == "noise":
        return x + 0.5 * amount * noise_map(*x.shape)
    return np.array([[taken(kind, amount, x, i, j) for j in range(len(x))] for i in range(len(x))])


def taken(kind: str, amount: float, x: np.ndarray, i: int, j: int) -> float:
    """The value that a pixel takes from elsewhere: bilinear, mirrored at the edges."""
    middle = (len(x) - 1) / 2
    down, right = i - middle, j - middle
    if kind == "scale":
        down, right = down / 4**amount, right / 4**amount
    elif kind == "rotate":
        turn = np.pi * amount
        down, right = (
            np.sin(turn) * right + np.cos(turn) * down,
            np.cos(turn) * right - np.sin(turn) * down,
        )
    elif kind == "translate_x":
        right -= amount * len(x)
    else:
        down += amount * len(x)
    y, z = mirrored(down + middle, len(x)), mirrored(right + middle, len(x))
    top, left = int(np.floor(y)), int(np.floor(z))
    total = 0.0
    for a, share in ((top, top + 1 - y), (top + 1, y - top)):
        for b, part in ((left, left + 1 - z), (left + 1, z - left)):
            total += share * part * x[min(max(a, 0), len(x) - 1), min(max(b, 0), len(x) - 1)]
    return total


def mirrored(at: float, length: int) -> float:
    at = np.abs(at + 0.5) % (2 * length)
    return float(np.clip(min(at, 2 * length - at) - 0.5, 0, length - 1))
