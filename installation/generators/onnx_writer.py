"""An ONNX graph put together node by node, names and types under full control, without torch."""

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
_IR_VERSION = 9  # the oldest that holds this opset: readers lag behind writers

Shape = list[int]


class OnnxWriter:
    """Nodes and constants so far. Every method that adds a node returns its output's name.

    Constants go straight into the model: each further copy of a 1024 px network takes 130 MB."""

    def __init__(self) -> None:
        opset = helper.make_opsetid("", OPSET)
        self._model = helper.make_model(onnx.GraphProto(), opset_imports=[opset])
        self._model.ir_version = _IR_VERSION
        self._graph = self._model.graph
        self._known: set[str] = set()  # constants

    def op(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """One node; its output is numbered unless it is named."""
        output = output or f"{kind}{len(self._graph.node)}"
        self._graph.node.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def const(self, name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        """A constant array. The same name twice is the same constant."""
        return self._keep(name, np.ascontiguousarray(value, dtype))

    def ints(self, value: int | Shape) -> str:
        """An int64 constant: axes, indices, steps."""
        return self._keep(f"ints{value}", np.array(value, np.int64))

    def cast(self, x: str, dtype: type) -> str:
        """`x` in another type."""
        return self.op("Cast", x, to=helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def takes(self, name: str, shape: Shape, dtype: npt.DTypeLike = np.float32) -> str:
        """Declare an input of the graph."""
        kind = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
        self._graph.input.append(_end(name, kind, shape))
        return name

    def gives(self, name: str, shape: Shape, dtype: int = TensorProto.FLOAT) -> str:
        """Declare an output of the graph."""
        self._graph.output.append(_end(name, dtype, shape))
        return name

    def model(self, name: str) -> bytes:
        """The serialised model of all that was added."""
        self._graph.name = name
        return self._model.SerializeToString()

    def _keep(self, name: str, array: np.ndarray) -> str:
        if name not in self._known:
            self._known.add(name)
            self._graph.initializer.append(numpy_helper.from_array(array, name))
        return name


def _end(name: str, dtype: int, shape: Shape) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, dtype, shape)
