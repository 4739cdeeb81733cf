"""The exported graph as torch calls: what a CUDA graph is captured from. Runs on any device.

The same graph in the same precision that every compiled backend plays, so what is checked on one
device holds on the other; channels last, as tensor cores want it.
"""

from collections.abc import Callable, Mapping
from typing import Any

import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor
from torch.nn import functional as F

Attributes = Mapping[str, Any]
Value = Any  # a tensor, or the whole numbers of an axis, an index, a step

_TYPES = {1: torch.float32, 2: torch.uint8, 10: torch.float16}  # as onnx numbers them


def _conv(a: Attributes, x: Tensor, weight: Tensor) -> Tensor:
    around = {"stride": a.get("strides", 1), "padding": a.get("pads", [0, 0])[:2]}
    return F.conv2d(x, weight, groups=a.get("group", 1), **around)


def _transposed(a: Attributes, x: Tensor, weight: Tensor) -> Tensor:
    pads, around = a.get("pads", [0] * 4), {"stride": a["strides"], "groups": a.get("group", 1)}
    if len(set(pads)) == 1:
        return F.conv_transpose2d(x, weight, padding=pads[0], **around)
    x = F.conv_transpose2d(x, weight, **around)  # torch crops alike on all sides only
    top, left, bottom, right = pads
    return x[..., top : x.shape[2] - bottom, left : x.shape[3] - right]


def _unsqueezed(a: Attributes, x: Tensor, axes: list[int]) -> Tensor:
    for axis in axes:
        x = x.unsqueeze(axis)
    return x


def _sliced(a: Attributes, x: Tensor, begin: Value, end: Value, axes: Value, step: Value) -> Tensor:
    cuts = [slice(None)] * x.dim()
    for axis, cut in zip(axes, zip(begin, end, step, strict=True), strict=True):
        cuts[axis] = slice(*cut)
    return x[tuple(cuts)]


def _gathered(a: Attributes, x: Tensor, index: Tensor | int) -> Tensor:
    one = not isinstance(index, Tensor)
    return x.select(a["axis"], index) if one else x.index_select(a["axis"], index)


def _sampled(a: Attributes, x: Tensor, grid: Tensor) -> Tensor:
    options = {"mode": "bilinear", "padding_mode": "reflection", "align_corners": False}
    return F.grid_sample(x, grid, **options)


_OPERATIONS: dict[str, Callable[..., Tensor]] = {
    "Abs": lambda a, x: x.abs(),
    "Add": lambda a, x, y: x + y,
    "AveragePool": lambda a, x: F.avg_pool2d(x, a["kernel_shape"], a["strides"]),
    "Cast": lambda a, x: x.to(_TYPES[a["to"]]),
    "Clip": lambda a, x, low, high: x.clamp(low, high),
    "Concat": lambda a, *x: torch.cat(x, a["axis"]),
    "Conv": _conv,
    "ConvTranspose": _transposed,
    "DepthToSpace": lambda a, x: F.pixel_shuffle(x, a["blocksize"]),
    "Div": lambda a, x, y: x / y,
    "Gather": _gathered,
    "Gemm": lambda a, x, weight, bias: F.linear(x, weight, bias),
    "GridSample": _sampled,
    "LeakyRelu": lambda a, x: F.leaky_relu(x, a["alpha"]),
    "MatMul": lambda a, x, y: x @ y,
    "Max": lambda a, x, y: torch.maximum(x, y),
    "Mul": lambda a, x, y: x * y,
    "Neg": lambda a, x: -x,
    "ReduceL2": lambda a, x: x.norm(dim=a["axes"], keepdim=bool(a["keepdims"])),
    "ReduceMax": lambda a, x: x.amax(a["axes"], keepdim=bool(a["keepdims"])),
    "ReduceMean": lambda a, x: x.mean(a["axes"], keepdim=bool(a["keepdims"])),
    "Relu": lambda a, x: x.relu(),
    "Reshape": lambda a, x, shape: x.reshape(shape),
    "Sin": lambda a, x: x.sin(),
    "Slice": _sliced,
    "Sqrt": lambda a, x: x.sqrt(),
    "Sub": lambda a, x, y: x - y,
    "Tanh": lambda a, x: x.tanh(),
    "Transpose": lambda a, x: x.permute(a["perm"]),
    "Unsqueeze": _unsqueezed,
}


class TorchGraph:
    """A graph of generators.graph, called as a function of its inputs, in order."""

    def __init__(self, model: bytes, device: torch.device) -> None:
        graph = onnx.load_from_string(model).graph
        self._constants = {c.name: _constant(c, device) for c in graph.initializer}
        self._inputs = [given.name for given in graph.input]
        self._outputs = [output.name for output in graph.output]
        self._steps = []
        lasts = {name: i for i, node in enumerate(graph.node) for name in node.input}
        for i, node in enumerate(graph.node):
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            done = [name for name in set(node.input) if lasts[name] == i]
            step = _OPERATIONS[node.op_type], attributes, list(node.input), node.output[0], done
            self._steps.append(step)

    @torch.inference_mode()
    def __call__(self, *given: Tensor) -> tuple[Tensor, Tensor]:
        """The picture, uint8 (1, R, R, 4), and the probe, float32."""
        values: dict[str, Value] = dict(self._constants)
        values.update(zip(self._inputs, given, strict=True))
        for operation, attributes, inputs, output, done in self._steps:
            values[output] = operation(attributes, *[values[name] for name in inputs])
            for name in done:
                if name not in self._outputs:
                    del values[name]
        picture, probe = (values[name] for name in self._outputs)
        return picture, probe


def _constant(constant: onnx.TensorProto, device: torch.device) -> Value:
    array = numpy_helper.to_array(constant)
    if constant.data_type == onnx.TensorProto.INT64:
        return array.tolist()
    tensor = torch.from_numpy(array.copy()).to(device)
    return tensor.contiguous(memory_format=torch.channels_last) if tensor.dim() == 4 else tensor
