"""OpenVINO: the default on a CPU. Needs no torch; a 128 px model plays 0.5 s after the call."""

import os
from pathlib import Path

import numpy as np
import openvino as ov

from installation.generators.card import Card
from installation.generators.graph import synthesis_graph
from installation.generators.mapping import Mapping
from installation.generators.protocol import Picture
from installation.generators.weights import Tensors
from installation.latent.space import Vector

# bf16 halves the time where the processor computes in it (2.6 against 4.6 ms at 128 px, the mean
# error under one grey level) and is three times slower than f32 where it does not.
_BF16_FLAGS = {"avx512_bf16", "amx_bf16"}


class OpenVino:
    """A StyleGAN2 model compiled for this CPU. See generators.protocol.Generator."""

    def __init__(self, card: Card, tensors: Tensors, exact: bool = False) -> None:
        """`exact` keeps to f32, so that the same seed gives the same bytes on this machine."""
        arch = card.architecture.built()
        precision = "bf16" if not exact and _native_bf16() else "f32"
        self.name, self.space = card.name, card.space()
        self.width = self.height = arch.resolution
        self.backend = f"openvino {precision}"
        self._mapping = Mapping(tensors, arch)
        self._ws = np.zeros((1, arch.num_ws, arch.w_dim), np.float32)
        self._request = _compile(synthesis_graph(tensors, arch), precision).create_infer_request()
        self._request.set_input_tensor(ov.Tensor(self._ws, shared_memory=True))

    def draw(self, z: Vector, psi: float, out: Picture) -> bool:
        """See Generator.draw."""
        self._ws[:] = self._mapping(z, psi)
        self._request.infer()
        if not np.isfinite(self._request.get_output_tensor(1).data).all():
            return False
        out[:] = self._request.get_output_tensor(0).data[0]
        return True

    def close(self) -> None:
        """See Generator.close."""
        vars(self).pop("_request", None)


def _compile(graph: bytes, precision: str) -> ov.CompiledModel:
    core = ov.Core()
    core.set_property({"CACHE_DIR": str(_cache())})
    hints = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    return core.compile_model(core.read_model(graph), "CPU", hints)


def _cache() -> Path:
    """Compiled kernels, kept per user: 0.1 s instead of 0.4 s at the next start."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "installation" / "openvino"


def _native_bf16() -> bool:
    try:
        words = Path("/proc/cpuinfo").read_text().split()
    except OSError:
        return False
    return not _BF16_FLAGS.isdisjoint(words)
