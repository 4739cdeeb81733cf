"""OpenVINO: the default on a CPU. Needs no torch; a 128 px model plays 0.5 s after the call."""

from collections.abc import Sequence

import openvino as ov

from installation.decks.backends.compiled import Compiled
from installation.decks.hardware import native_bf16
from installation.folders import cache_home
from installation.generators.architecture3 import AnyArchitecture, Architecture3
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph import synthesis_graph
from installation.generators.protocol import Picture
from installation.generators.taps import WHOLE, Variant
from installation.generators.weights import Tensors


class OpenVino(Compiled):
    """A model compiled for this CPU. See generators.protocol.Network."""

    def __init__(
        self,
        card: Card,
        tensors: Tensors,
        exact: bool = False,
        directions: Sequence[Direction] = (),
        variant: Variant = WHOLE,
    ) -> None:
        """`exact` keeps to f32, so that the same seed gives the same bytes on this machine."""
        super().__init__(card, tensors, directions, variant)
        self.precision = "f32" if exact or not _halves(self._arch) else "bf16"
        self.backend = f"openvino {self.precision}"
        graph = synthesis_graph(tensors, self._arch, self._form)
        self._request = compiled(graph, self.precision).create_infer_request()
        for name, array in self._inputs.items():
            self._request.set_tensor(name, ov.Tensor(array, shared_memory=True))
        self._request.set_output_tensor(1, ov.Tensor(self._probe, shared_memory=True))

    def run(self) -> None:
        """See Network.run."""
        self._request.infer()

    def close(self) -> None:
        """See Generator.close."""
        vars(self).pop("_request", None)

    def _aim(self, out: Picture) -> None:
        self._request.set_output_tensor(0, ov.Tensor(out[None], shared_memory=True))


def compiled(graph: bytes, precision: str, threads: int = 0) -> ov.CompiledModel:
    """A graph ready to run on this CPU, on as many threads as it likes (0) or on so many."""
    core = ov.Core()
    # Kernels that were compiled before: 0.1 s instead of 0.4 s at the next start.
    core.set_property({"CACHE_DIR": str(cache_home() / "openvino")})
    hints = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    if threads:
        hints["INFERENCE_NUM_THREADS"] = str(threads)
    return core.compile_model(core.read_model(graph), "CPU", hints)


def _halves(arch: AnyArchitecture) -> bool:
    """Whether bf16 is the faster one. It halves a StyleGAN2's time where the processor computes in
    it (2.6 against 4.6 ms at 128 px, the mean error under one grey level) and takes three times as
    long where it does not; a StyleGAN3's small filters have no kernels in it, and take three to six
    times as long everywhere."""
    return native_bf16() and not isinstance(arch, Architecture3)
