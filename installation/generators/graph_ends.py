"""What graphs have in common: styles come in, a picture and a probe go out."""

import numpy as np
from onnx import TensorProto

from installation.generators.kernels import Array
from installation.generators.onnx_writer import OnnxWriter
from installation.generators.weights import Tensors

PROBE_STEP = 16
SLOPE, GAIN = 0.2, np.sqrt(2.0)  # of the leaky ReLU, and what keeps its output at unit variance


def with_room(colours: Array) -> Array:
    """What three channels of colour are made with, (3, ...), and zeros for a fourth.

    Four values a pixel are the picture's own layout, so that nothing is turned round at the end:
    with three that, and adding the opacity, took 6 to 18 % of a picture's time from 512 px up."""
    return np.concatenate([colours, np.zeros_like(colours[:1])])


def affine(graph: OnnxWriter, tensors: Tensors, at: str, number: int) -> str:
    """The affine layer `at`: style `number` of `ws` to one scale a channel, (N, channels)."""
    kernel = tensors[f"{at}.affine.weight"]
    weight = graph.const(f"{at}.affine.weight", kernel / np.sqrt(np.float32(kernel.shape[1])))
    bias = graph.const(f"{at}.affine.bias", tensors[f"{at}.affine.bias"])
    w = graph.op("Gather", "ws", graph.ints(number), axis=1)
    return graph.op("Gemm", w, weight, bias, transB=1)


def demodulation(graph: OnnxWriter, scale: str, at: str, weight: Array) -> str:
    """GAIN over the standard deviation each output channel would have, (N, out)."""
    energy = np.square(weight).sum((2, 3)).T  # (in, out)
    power = graph.op("MatMul", graph.op("Mul", scale, scale), graph.const(f"{at}.sq", energy))
    power = graph.op("Add", power, graph.const("epsilon", np.float32(1e-8)))
    return graph.op("Div", graph.const("gain", np.float32(GAIN)), graph.op("Sqrt", power))


def clamped(graph: OnnxWriter, x: str, bound: float | None, dtype: type = np.float32) -> str:
    """`x` between -bound and bound, or as it is."""
    if bound is None:
        return x
    kind = np.dtype(dtype).name
    low = graph.const(f"clamp_low_{kind}", -bound, dtype)
    return graph.op("Clip", x, low, graph.const(f"clamp_{kind}", bound, dtype))


def pictures(
    graph: OnnxWriter, rgb: str, side: int, wide: int = 1, batch: int = 1, paired: bool = False
) -> None:
    """Declare and write the outputs of an RGB sum (batch, 4, side, side * wide) about [-1, 1],
    whose fourth channel is zero; or of one in pairs that begin one pixel further left, (batch, 8,
    side, side * wide / 2 + 1)."""
    shape = [batch, side, side * wide, 4]
    sparse = [-(-length // PROBE_STEP) for length in shape[1:3]]
    picture = graph.gives("picture", shape, TensorProto.UINT8)
    probe = graph.gives("probe", [batch, 3, *sparse])
    if paired:
        _parted(graph, _rgba(graph, rgb, 2), shape, picture)
        _cut(graph, rgb, [4, 0, 0], [7, side, side * wide // 2], 2, probe)
    else:
        _rgba(graph, rgb, 1, picture)
        _cut(graph, rgb, [0, 0, 0], [3, side, side * wide], 1, probe)


def _rgba(graph: OnnxWriter, rgb: str, pixels: int, output: str = "") -> str:
    """[-1, 1] to 0 … 255, rounded, channels last, opaque; so many `pixels` side by side in one."""
    middle = np.array([128.0, 128.0, 128.0, 255.0] * pixels).reshape(1, -1, 1, 1)
    x = graph.op("Mul", rgb, graph.const("half", np.float32(127.5)))
    x = graph.op("Add", x, graph.const("middle", middle))
    x = graph.op("Clip", x, graph.const("low", 0.0), graph.const("high", 255.0))
    x = graph.op("Transpose", x, perm=[0, 2, 3, 1])
    return graph.op("Cast", x, output=output, to=TensorProto.UINT8)


def _parted(graph: OnnxWriter, x: str, shape: list[int], output: str) -> None:
    """Pairs as pixels, without the one before the first and the one behind the last."""
    batch, side, width, _ = shape
    x = graph.op("Reshape", x, graph.ints([batch, side, width + 2, 4]))
    cut = graph.ints([1]), graph.ints([width + 1]), graph.ints([2]), graph.ints([1])
    graph.op("Slice", x, *cut, output=output)


def _cut(
    graph: OnnxWriter, rgb: str, begin: list[int], end: list[int], pixels: int, output: str
) -> None:
    """The probe: every 16th pixel, of which so many lie in one."""
    steps = graph.ints([1, PROBE_STEP, PROBE_STEP // pixels])
    axes = graph.ints([1, 2, 3])
    graph.op("Slice", rgb, graph.ints(begin), graph.ints(end), axes, steps, output=output)
