"""StyleGAN3 in naive numpy, straight from the paper (arXiv:2106.12423, section 3.2, appendix D):
weights modulated per picture, zeros inserted, kernels slid. Slow, float64, independent of torch
and of the project's own plan: rates, sizes, paddings and filters are worked out again here."""

from dataclasses import dataclass

import numpy as np
from reference_stylegan2 import Tensors, dense, leaky, slide

LAYERS, CRITICAL, MARGIN, TAPS = 14, 2, 10, 6


@dataclass
class Settings:
    """What a configuration of the paper chooses."""

    resolution: int
    channel_base: int
    channel_max: int
    kernel: int
    radial: bool
    clamp: float = 256.0


def growth(s: Settings, first: float, last: float) -> np.ndarray:
    """Geometric from `first` to `last`, reached CRITICAL layers before the end."""
    return first * (last / first) ** np.minimum(np.arange(LAYERS + 1) / (LAYERS - CRITICAL), 1)


def bands(s: Settings) -> dict[str, np.ndarray]:
    """Cutoff, half-width of the transition, sampling rate, size and channels after each layer."""
    cutoff = growth(s, 2.0, s.resolution / 2)
    stop = growth(s, 2.0**2.1, s.resolution / 2 * 2.0**0.3)
    rate = 2 ** np.ceil(np.log2(np.minimum(2 * stop, s.resolution))).astype(int)
    size = rate + 2 * MARGIN
    size[-2:] = s.resolution
    channels = np.rint(np.minimum(s.channel_base / 2 / cutoff, s.channel_max)).astype(int)
    channels[-1] = 3
    half = np.maximum(stop, rate / 2) - cutoff
    return {"cutoff": cutoff, "half": half, "rate": rate, "size": size, "channels": channels}


def bessel_j1(x: np.ndarray) -> np.ndarray:
    """Bessel's own integral, by the midpoint rule (exact here: the integrand is periodic)."""
    tau = (np.arange(2000) + 0.5) * np.pi / 2000
    return np.mean(np.cos(tau - x[..., None] * np.sin(tau)), -1)


def window(taps: int, half: float, rate: float) -> np.ndarray:
    attenuation = 2.285 * (taps - 1) * np.pi * (2 * half / (rate / 2)) + 7.95
    if attenuation > 50:
        return np.kaiser(taps, 0.1102 * (attenuation - 8.7))
    if attenuation > 21:
        return np.kaiser(taps, 0.5842 * (attenuation - 21) ** 0.4 + 0.07886 * (attenuation - 21))
    return np.kaiser(taps, 0.0)


def low_pass(taps: int, cutoff: float, half: float, rate: float, radial: bool) -> np.ndarray:
    """The filter as a picture (taps, taps), sum one."""
    at = (np.arange(taps) - (taps - 1) / 2) / rate
    shape = window(taps, half, rate)
    if radial:
        r = np.hypot(at[:, None], at[None])
        kernel = bessel_j1(2 * np.pi * cutoff * r) / (np.pi * r) * np.outer(shape, shape)
    else:
        line = np.sin(2 * np.pi * cutoff * at) / at * shape
        kernel = np.outer(line, line)
    return kernel / kernel.sum()


def each(x: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Every channel through one filter (symmetric, so correlation is convolution)."""
    views = np.lib.stride_tricks.sliding_window_view(x, kernel.shape, (1, 2))
    return np.einsum("chwij,ij->chw", views, kernel)


def padded(x: np.ndarray, low: int, high: int) -> np.ndarray:
    """Zeros around both axes; less than none crops."""
    x = np.pad(x, ((0, 0), (max(low, 0), max(high, 0)), (max(low, 0), max(high, 0))))
    inside = slice(max(-low, 0), x.shape[1] - max(-high, 0))
    return x[:, inside, inside]


def waves(t: Tensors, w: np.ndarray, b: dict[str, np.ndarray], move: np.ndarray) -> np.ndarray:
    """The Fourier features, place by place."""
    four = dense(t, "synthesis.input.affine", w)
    cos, sin, right, down = four / np.hypot(four[0], four[1])
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    shift = np.array([[1, 0, -right], [0, 1, -down], [0, 0, 1]])
    placed = turn @ shift @ move
    freqs, size, rate = t["synthesis.input.freqs"], b["size"][0], b["rate"][0]
    turned = freqs @ placed[:2, :2]
    over = (np.linalg.norm(turned, axis=1) - b["cutoff"][0]) / (rate / 2 - b["cutoff"][0])
    phases = t["synthesis.input.phases"] + freqs @ placed[:2, 2]
    out = np.zeros((len(freqs), size, size))
    for i in range(size):
        for j in range(size):
            place = np.array([j + 0.5 - size / 2, i + 0.5 - size / 2]) / rate
            out[:, i, j] = np.sin(2 * np.pi * (turned @ place + phases))
    out *= np.clip(1 - over, 0, 1)[:, None, None]
    mix = t["synthesis.input.weight"] / np.sqrt(len(freqs))
    return np.tensordot(mix, out, 1)


def modulated(t: Tensors, name: str, x: np.ndarray, w: np.ndarray, torgb: bool) -> np.ndarray:
    style, weight = dense(t, f"{name}.affine", w), t[f"{name}.weight"]
    if torgb:
        style = style / np.sqrt(weight.shape[1])
    else:  # the paper's order: both at unit power before they meet
        weight = weight / np.sqrt((weight**2).mean((1, 2, 3), keepdims=True))
        style = style / np.sqrt((style**2).mean())
    kernel = weight * style[None, :, None, None]
    if not torgb:
        kernel = kernel / np.sqrt((kernel**2).sum((1, 2, 3), keepdims=True) + 1e-8)
    kernel = kernel / np.sqrt(t[f"{name}.magnitude_ema"])
    pad = weight.shape[2] - 1
    return slide(x, kernel, (pad, pad)) + t[f"{name}.bias"][:, None, None]


def layer(
    t: Tensors, s: Settings, b: dict[str, np.ndarray], i: int, x: np.ndarray, w: np.ndarray
) -> np.ndarray:
    name = f"synthesis.L{i}_{b['size'][i]}_{b['channels'][i]}"
    before, torgb = max(i - 1, 0), i == LAYERS
    work = max(b["rate"][before], b["rate"][i]) * (1 if torgb else 2)
    up, down = work // b["rate"][before], work // b["rate"][i]
    old = x.shape[1]
    x = modulated(t, name, x, w, torgb)
    if torgb:
        edge = (b["size"][i] - old) // 2
        return np.clip(padded(x, edge, edge), -s.clamp, s.clamp)
    spaced = np.zeros((len(x), x.shape[1] * up, x.shape[2] * up))
    spaced[:, ::up, ::up] = x
    needed = (b["size"][i] - 1) * down + 1 + TAPS * (up + down) - 2 - spaced.shape[1]
    low = (needed + up) // 2  # a sample's own zeros follow it: the middle sits early by up - 1
    rise = low_pass(TAPS * up, b["cutoff"][before], b["half"][before], work, False)
    fall_round = s.radial and i < LAYERS - CRITICAL
    fall = low_pass(TAPS * down, b["cutoff"][i], b["half"][i], work, fall_round)
    x = each(padded(spaced, low, needed - low), rise * up**2)
    return each(np.clip(leaky(x), -s.clamp, s.clamp), fall)[:, ::down, ::down]


def synthesis(
    t: Tensors, s: Settings, ws: np.ndarray, move: np.ndarray | None = None
) -> np.ndarray:
    """One picture (3, R, R) from one style per layer (num_ws, W)."""
    b = bands(s)
    x = waves(t, ws[0], b, np.eye(3) if move is None else move)
    for i in range(LAYERS + 1):
        x = layer(t, s, b, i, x, ws[i + 1])
    return x / 4
