"""StyleGAN2 in naive numpy loops, straight from the paper (arXiv:1912.04958): weights modulated
and demodulated per picture, zeros inserted, kernels slid. Slow, float64, independent of torch."""

import numpy as np

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
    t: Tensors, w: np.ndarray, sides: tuple[int, ...], clamp: float = np.inf
) -> np.ndarray:
    """One picture (3, R, R) from one style per layer (num_ws, W)."""
    x = layer(t, "synthesis.b4.conv1", t["synthesis.b4.const"], w[0], False, clamp)
    picture = to_rgb(t, "synthesis.b4.torgb", x, w[1], clamp)
    for i, side in enumerate(sides[1:]):
        block = f"synthesis.b{side}"
        x = layer(t, f"{block}.conv0", x, w[2 * i + 1], True, clamp)
        x = layer(t, f"{block}.conv1", x, w[2 * i + 2], False, clamp)
        picture = low_pass(zeros_between(picture), (2, 1))
        picture = picture + to_rgb(t, f"{block}.torgb", x, w[2 * i + 3], clamp)
    return picture
