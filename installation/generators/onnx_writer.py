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
    """Nodes and constants so far. Every method that adds a node returns its output's name."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}
        self._ends: dict[str, list[onnx.ValueInfoProto]] = {"inputs": [], "outputs": []}

    def op(self, kind: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """One node; its output is numbered unless it is named."""
        output = output or f"{kind}{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def const(self, name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.float32) -> str:
        """A constant array. The same name twice is the same constant."""
        if name not in self._constants:
            array = np.ascontiguousarray(value, dtype)
            self._constants[name] = numpy_helper.from_array(array, name)
        return name

    def ints(self, value: int | Shape) -> str:
        """An int64 constant: axes, indices, steps."""
        name = f"ints{value}"
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(np.array(value, np.int64), name)
        return name

    def cast(self, x: str, dtype: type) -> str:
        """`x` in another type."""
        return self.op("Cast", x, to=helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def takes(self, name: str, shape: Shape) -> str:
        """Declare a float32 input of the graph."""
        return self._end("inputs", name, TensorProto.FLOAT, shape)

    def gives(self, name: str, shape: Shape, dtype: int = TensorProto.FLOAT) -> str:
        """Declare an output of the graph."""
        return self._end("outputs", name, dtype, shape)

    def model(self, name: str) -> bytes:
        """The serialised model of all that was added."""
        constants = list(self._constants.values())
        graph = helper.make_graph(
            self._nodes, name, self._ends["inputs"], self._ends["outputs"], constants
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = _IR_VERSION
        return model.SerializeToString()

    def _end(self, kind: str, name: str, dtype: int, shape: Shape) -> str:
        self._ends[kind].append(helper.make_tensor_value_info(name, dtype, shape))
        return name
