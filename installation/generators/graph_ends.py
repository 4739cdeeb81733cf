"""The two ends that every family's graph has: styles come in, a picture and a probe go out."""

import numpy as np
from onnx import TensorProto

from installation.generators.onnx_writer import OnnxWriter
from installation.generators.weights import Tensors

PROBE_STEP = 16


def affine(graph: OnnxWriter, tensors: Tensors, at: str, number: int) -> str:
    """The affine layer `at`: style `number` of `ws` to one scale a channel, (N, channels)."""
    kernel = tensors[f"{at}.affine.weight"]
    weight = graph.const(f"{at}.affine.weight", kernel / np.sqrt(np.float32(kernel.shape[1])))
    bias = graph.const(f"{at}.affine.bias", tensors[f"{at}.affine.bias"])
    w = graph.op("Gather", "ws", graph.ints(number), axis=1)
    return graph.op("Gemm", w, weight, bias, transB=1)


def pictures(
    graph: OnnxWriter, rgb: str, side: int, wide: int = 1, batch: int = 1, planar: bool = False
) -> None:
    """Declare and write the outputs of an RGB sum (batch, 3, side, side * wide) about [-1, 1].

    `planar`: OpenVINO has the sum channel by channel, as the x-ray leaves it, and not pixel by
    pixel, as a convolution does. Each wants another order of the same steps: in the other's, the
    opaque channel alone takes 0.7 instead of 0.05 ms at 256 px."""
    shape = [batch, side, side * wide, 4]
    sparse = [-(-length // PROBE_STEP) for length in shape[1:3]]
    _rgba(graph, rgb, shape, planar, graph.gives("picture", shape, TensorProto.UINT8))
    _probe(graph, rgb, graph.gives("probe", [batch, 3, *sparse]))


def _rgba(graph: OnnxWriter, rgb: str, shape: list[int], planar: bool, output: str) -> None:
    """[-1, 1] to 0 … 255, rounded, channels last, opaque."""
    x = graph.op("Mul", rgb, graph.const("half", np.float32(127.5)))
    x = graph.op("Add", x, graph.const("middle", np.float32(128.0)))
    x = graph.op("Clip", x, graph.const("low", 0.0), graph.const("high", 255.0))
    if planar:
        x = _opaque(graph, x, [shape[0], 1, *shape[1:3]], axis=1)
    x = graph.op("Transpose", x, perm=[0, 2, 3, 1])
    if not planar:
        x = _opaque(graph, x, [*shape[:3], 1], axis=3)
    graph.op("Cast", x, output=output, to=TensorProto.UINT8)


def _opaque(graph: OnnxWriter, rgb: str, shape: list[int], axis: int) -> str:
    return graph.op("Concat", rgb, graph.const("opaque", np.full(shape, 255.0)), axis=axis)


def _probe(graph: OnnxWriter, rgb: str, output: str) -> None:
    begin, end = graph.ints([0, 0]), graph.ints([2**31 - 1, 2**31 - 1])
    steps = graph.ints([PROBE_STEP, PROBE_STEP])
    graph.op("Slice", rgb, begin, end, graph.ints([2, 3]), steps, output=output)
