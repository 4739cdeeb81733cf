"""What is asked of TensorRT 10 or 11 and of TensorRT for RTX, whose Python interfaces agree in it.

Networks are strongly typed: the precision is the graph's. TensorRT 11 and RTX know nothing else,
10 is told so. Written by NVIDIA's documentation; see docs/backends.md for what was run where.
"""

import importlib
from collections.abc import Mapping
from typing import Any

from installation.decks.choosing import TENSORRT
from installation.errors import ModelError

WORKSPACE = 1 << 30  # bytes of the card that trying kernels may take beside a playing show

Library = Any  # the module tensorrt or tensorrt_rtx


def library() -> Library:
    """The first TensorRT that can be imported. Raises ModelError."""
    for name in TENSORRT:
        try:
            return importlib.import_module(name)
        except (ImportError, OSError):  # not there, or without the libraries it is made for
            continue
    raise ModelError("tensorrt cannot be imported; docs/backends.md says how it is installed")


def version(trt: Library) -> str:
    """Its name and version: an engine plays in no other."""
    return f"{trt.__name__} {trt.__version__}"


def build(trt: Library, graph: bytes, capability: str = "") -> bytes:
    """An engine of an ONNX graph, for cards of this compute `capability`, as 8.9; for those that
    the library chooses if it is empty. Minutes for a large network. Raises ModelError."""
    words = _words(trt)
    builder = trt.Builder(words)
    network = builder.create_network(_flags(trt))
    parser = trt.OnnxParser(network, words)
    if not parser.parse(graph):
        told = [parser.get_error(i).desc() for i in range(parser.num_errors)]
        raise ModelError(f"{version(trt)} cannot read the graph: {_line(told)}")
    config = builder.create_builder_config()
    config.set_memory_pool_limit(trt.MemoryPoolType.WORKSPACE, WORKSPACE)
    if capability and hasattr(trt, "ComputeCapability"):
        _aim(trt, config, capability)
    engine = builder.build_serialized_network(network, config)
    if engine is None:
        raise ModelError(f"{version(trt)} cannot build the engine: {_line(words.errors)}")
    return bytes(engine)


class Playing:
    """An engine on the card, its ends tied to memory there."""

    def __init__(self, trt: Library, engine: bytes, ends: Mapping[str, int]) -> None:
        """`ends` are addresses on the card, by the names of inputs and outputs.

        Raises ModelError for an engine of another card or version."""
        self._words = _words(trt)  # held: the library keeps no reference of its own
        self._runtime = trt.Runtime(self._words)
        self._engine = self._runtime.deserialize_cuda_engine(engine)
        self._context: Any = self._engine.create_execution_context() if self._engine else None
        if self._context is None:
            why = _line(self._words.errors)
            raise ModelError(f"{version(trt)} does not take the engine: {why}")
        for name, address in ends.items():
            if not self._context.set_tensor_address(name, address):
                raise ModelError(f"the engine has no input or output {name}")

    def queue(self, stream: int) -> None:
        """One picture into a CUDA stream's queue. Raises RuntimeError when the card refuses."""
        if not self._context.execute_async_v3(stream):
            raise RuntimeError(f"the card refuses the engine: {_line(self._words.errors)}")


def _flags(trt: Library) -> int:
    typed = getattr(trt.NetworkDefinitionCreationFlag, "STRONGLY_TYPED", None)
    return 0 if typed is None else 1 << int(typed)


def _aim(trt: Library, config: Any, capability: str) -> None:
    """TensorRT for RTX builds for several cards at once, and not for every card."""
    kind = getattr(trt.ComputeCapability, f"SM{capability.replace('.', '')}", None)
    if kind is None:
        raise ModelError(
            f"{version(trt)} plays on no card of compute capability {capability}; "
            "install tensorrt in its place"
        )
    config.num_compute_capabilities = 1
    config.set_compute_capability(kind, 0)


def _words(trt: Library) -> Any:
    """A logger that keeps the errors and prints nothing."""

    class Words(trt.ILogger):
        def __init__(self) -> None:
            trt.ILogger.__init__(self)
            self.errors: list[str] = []

        def log(self, severity: Any, message: str) -> None:
            if severity in (trt.ILogger.Severity.ERROR, trt.ILogger.Severity.INTERNAL_ERROR):
                self.errors = [*self.errors[-9:], message]

    return Words()


def _line(told: list[str]) -> str:
    """The first error in one line."""
    return " ".join(told[0].split())[:300] if told else "it does not say why"
