"""How fast this machine can convolve at all: the figure that a network's speed is held against."""

import torch
from torch.nn import functional as F

from installation.clock import Clock

_CHANNELS, _SIDE = 256, 64  # wide and small: bound by arithmetic, not by memory
_GFLOP = 2 * 9 * _CHANNELS**2 * _SIDE**2 / 1e9
_LAYERS = 8  # so that starting them costs nothing
_TYPES = {"f32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


@torch.inference_mode()
def ceiling(device: str, precision: str, clock: Clock, seconds: float = 0.6) -> float:
    """GFLOP/s of plain 3x3 convolutions, channels last: the best of those that fit `seconds`."""
    place = {"device": device, "dtype": _TYPES[precision]}
    x = torch.randn(1, _CHANNELS, _SIDE, _SIDE, **place).to(memory_format=torch.channels_last)
    weight = torch.randn(_CHANNELS, _CHANNELS, 3, 3, **place) / 48.0  # keeps the variance
    weight = weight.to(memory_format=torch.channels_last)
    best, begun = float("inf"), clock.now()
    while best == float("inf") or clock.now() - begun < seconds:
        best = min(best, _once(x, weight, clock))
    return _LAYERS * _GFLOP / best


def _once(x: torch.Tensor, weight: torch.Tensor, clock: Clock) -> float:
    begun = clock.now()
    for _ in range(_LAYERS):
        x = F.conv2d(x, weight, padding=1)
    if x.is_cuda:
        torch.cuda.synchronize()
    return clock.now() - begun
