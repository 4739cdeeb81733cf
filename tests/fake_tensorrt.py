"""A stand-in for NVIDIA's TensorRT, as much of it as decks.backends.tensorrt_api asks for.

An engine is the ONNX graph behind a line of its own; it plays in ONNX Runtime, from and to the
addresses it is given, which lie in the processor's memory: `HostDevice` is the card.
"""

import contextlib
import ctypes
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import torch

MARK = b"engine of the fake 1.0\n"


class ILogger:
    """What the library says its errors to."""

    Severity = SimpleNamespace(INTERNAL_ERROR=0, ERROR=1, WARNING=2)

    def __init__(self) -> None:
        self.ready = True


class _Parser:
    def __init__(self, network: Any, logger: ILogger) -> None:
        assert logger.ready
        self._network, self.num_errors = network, 0

    def parse(self, graph: bytes) -> bool:
        try:
            onnx.checker.check_model(onnx.load_from_string(graph))
        except Exception:
            self.num_errors = 1
            return False
        self._network.graph = graph
        return True

    def get_error(self, number: int) -> Any:
        return SimpleNamespace(desc=lambda: "In node 0: no operator Frobnicate\n  was found")


class _Context:
    def __init__(self, graph: bytes) -> None:
        self._session = ort.InferenceSession(graph, providers=["CPUExecutionProvider"])
        self._ends = {end.name: end for end in self._session.get_inputs()}
        self._ends |= {end.name: end for end in self._session.get_outputs()}
        self._at: dict[str, int] = {}

    def set_tensor_address(self, name: str, address: int) -> bool:
        self._at[name] = address
        return name in self._ends

    def execute_async_v3(self, stream: int) -> bool:
        assert stream == HostDevice.stream
        styles = {"ws": self._memory("ws").copy()}
        picture, probe = self._session.run(None, styles)
        self._memory("picture")[...], self._memory("probe")[...] = picture, probe
        return True

    def _memory(self, name: str) -> np.ndarray:
        shape = self._ends[name].shape
        kind = ctypes.c_uint8 if "uint8" in self._ends[name].type else ctypes.c_float
        flat = (kind * int(np.prod(shape))).from_address(self._at[name])
        return np.ctypeslib.as_array(flat).reshape(shape)


class _Runtime:
    def __init__(self, logger: ILogger) -> None:
        self._logger = logger

    def deserialize_cuda_engine(self, engine: bytes) -> Any:
        if not engine.startswith(MARK):
            self._logger.log(1, "Serialization assertion failed.\nVersion tag does not match.")  # pyright: ignore
            return None
        graph = engine.removeprefix(MARK)
        return SimpleNamespace(create_execution_context=lambda: _Context(graph))


def library(fails: str = "", typed: bool = True, **more: Any) -> Any:
    """The module. `fails`: what building ends with; not `typed`: a version that knows nothing else
    than strong typing; `more`: other names in it."""

    class Builder:
        def __init__(self, logger: ILogger) -> None:
            self._logger = logger

        def create_network(self, flags: int) -> Any:
            assert flags == (1 << 1 if typed else 0)
            return SimpleNamespace(graph=b"")

        def create_builder_config(self) -> Any:
            limits: dict[int, int] = {}
            return SimpleNamespace(
                limits=limits,
                set_memory_pool_limit=limits.__setitem__,
                capabilities={},
                set_compute_capability=lambda kind, place: made.aimed.append(kind),
            )

        def build_serialized_network(self, network: Any, config: Any) -> bytes | None:
            assert config.limits == {0: 1 << 30}
            if fails:
                self._logger.log(1, fails)  # pyright: ignore
                return None
            return MARK + network.graph

    flags = {"STRONGLY_TYPED": 1} if typed else {}
    made = SimpleNamespace(
        __name__="tensorrt",
        __version__="11.4",
        ILogger=ILogger,
        Builder=Builder,
        OnnxParser=_Parser,
        Runtime=_Runtime,
        MemoryPoolType=SimpleNamespace(WORKSPACE=0),
        NetworkDefinitionCreationFlag=SimpleNamespace(**flags),
        aimed=[],
        **more,
    )
    return made


class HostDevice:
    """A card that is the processor. See decks.backends.on_card.Device."""

    torch = torch.device("cpu")
    stream = 7

    def __init__(self, locks: bool = True) -> None:
        self._locks = locks
        self.locked: set[int] = set()

    def working(self) -> contextlib.AbstractContextManager[Any]:
        return contextlib.nullcontext()

    def wait(self) -> None:
        pass

    def shared(self, shape: tuple[int, ...]) -> np.ndarray:
        return np.zeros(shape, np.float32)

    def lock(self, array: np.ndarray) -> bool:
        self.locked |= {array.ctypes.data} if self._locks else set()
        return self._locks

    def unlock(self, start: int) -> None:
        self.locked.remove(start)
