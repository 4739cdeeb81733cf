"""How fast this machine can convolve at all: the figure that a network's speed is held against.

On a processor OpenVINO is asked, which reaches what oneDNN reaches; on a card torch is."""

import importlib.util
from collections.abc import Callable

import numpy as np

from installation.clock import Clock
from installation.generators.onnx_writer import OnnxWriter

_CHANNELS, _SIDE = 256, 64  # wide and small: bound by arithmetic, not by memory
_LAYERS = 8  # so that starting them costs nothing
_GFLOP = _LAYERS * 2 * 9 * _CHANNELS**2 * _SIDE**2 / 1e9
_WARM_UP = 3


def ceiling(device: str, precision: str, clock: Clock, seconds: float = 1.0) -> float:
    """GFLOP/s of plain 3x3 convolutions: the best run of those that fit `seconds`.

    `device` is cpu or cuda, `precision` f32, bf16 or fp16."""
    by_openvino = device == "cpu" and importlib.util.find_spec("openvino")
    run = _openvino(precision) if by_openvino else _torch(device, precision)
    for _ in range(_WARM_UP):
        run()
    best, begun = float("inf"), clock.now()
    while best == float("inf") or clock.now() - begun < seconds:
        before = clock.now()
        run()
        best = min(best, clock.now() - before)
    return _GFLOP / best


def _openvino(precision: str) -> Callable[[], object]:
    import openvino as ov

    writer, shape = OnnxWriter(), [1, _CHANNELS, _SIDE, _SIDE]
    x = writer.takes("x", shape)
    weight = np.random.default_rng(0).standard_normal((_CHANNELS, _CHANNELS, 3, 3)) / 48
    for layer in range(_LAYERS):
        kernel = writer.const(f"weight{layer}", weight)
        x = writer.op("Conv", x, kernel, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    writer.op("Relu", x, output=writer.gives("y", shape))
    core = ov.Core()
    hints = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    model = core.compile_model(core.read_model(writer.model("ceiling")), "CPU", hints)
    return model.create_infer_request().infer


def _torch(device: str, precision: str) -> Callable[[], object]:
    import torch
    from torch.nn import functional as F

    kind = {"f32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]
    last = torch.channels_last
    weight = torch.randn(_CHANNELS, _CHANNELS, 3, 3, device=device, dtype=kind) / 48
    weight = weight.contiguous(memory_format=last)
    picture = torch.randn(1, _CHANNELS, _SIDE, _SIDE, device=device, dtype=kind)
    picture = picture.contiguous(memory_format=last)

    @torch.inference_mode()
    def run() -> None:
        x = picture
        for _ in range(_LAYERS):
            x = F.conv2d(x, weight, padding=1)
        if x.is_cuda:
            torch.cuda.synchronize()

    return run
