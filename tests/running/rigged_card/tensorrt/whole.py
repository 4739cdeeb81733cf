"""The library of tests/fake_tensorrt.py. A file says how its next build ends, so that a test can
break the builders of a running show."""

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper

from tests import fake_tensorrt


def _spoilt(graph: bytes) -> bytes:
    """A graph that paints something else: the biases of its styles count twice."""
    model = onnx.load_from_string(graph)
    for constant in model.graph.initializer:
        if constant.name.endswith("affine.bias"):
            twice = np.asarray(2 * numpy_helper.to_array(constant))
            constant.CopyFrom(numpy_helper.from_array(twice, constant.name))
    return model.SerializeToString()


def _told() -> str:
    return (Path(os.environ["RIGGED_CARD"]) / "builds").read_text()


def _built(graph: bytes) -> bytes:
    """What building comes to."""
    while _told() == "hang":
        time.sleep(0.05)
    if _told() == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    return _spoilt(graph) if _told() == "spoil" else graph


_PLAIN = fake_tensorrt.library()


class _Builder(_PLAIN.Builder):
    def build_serialized_network(self, network: Any, config: Any) -> bytes | None:
        network.graph = _built(network.graph)
        return super().build_serialized_network(network, config)


LIBRARY = SimpleNamespace(**{**vars(_PLAIN), "Builder": _Builder})
