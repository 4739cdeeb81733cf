"""OpenVINO: the default on a CPU. Needs no torch; a 128 px model plays 0.5 s after the call."""

from collections.abc import Sequence

import openvino as ov

from installation.decks.backends.compiled import Compiled
from installation.decks.hardware import native_bf16
from installation.folders import cache_home
from installation.frames.ring import SLOTS
from installation.generators.architecture3 import AnyArchitecture, Architecture3
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph import synthesis_graph
from installation.generators.protocol import Picture
from installation.generators.taps import WHOLE, Variant
from installation.generators.weights import Tensors


class OpenVino(Compiled):
    """A model compiled for this CPU. See generators.protocol.Network."""

    gathers = True

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
        self.precision = "f32" if exact else fastest(self._arch)
        self.backend = f"openvino {self.precision}"
        graph = synthesis_graph(tensors, self._arch, self._form)
        self._request = compiled(graph, self.precision).create_infer_request()
        for name, array in self._inputs.items():
            self._request.set_tensor(name, ov.Tensor(array, shared_memory=True))
        self._request.set_output_tensor(1, ov.Tensor(self._probe, shared_memory=True))
        self._slots: dict[int, tuple[Picture, ov.Tensor]] = {}

    def run(self) -> None:
        """See Network.run."""
        self._request.infer()

    def close(self) -> None:
        """See Generator.close."""
        vars(self).pop("_request", None)
        self._slots = {}

    def _aim(self, out: Picture) -> None:
        """A ring's slots come round again: their tensors are kept, and so is what they point to."""
        start = out.__array_interface__["data"][0]
        if start not in self._slots:
            kept = self._slots if len(self._slots) < SLOTS else {}
            self._slots = {**kept, start: (out, ov.Tensor(out[None], shared_memory=True))}
        self._request.set_output_tensor(0, self._slots[start][1])


def compiled(
    graph: bytes, precision: str, threads: int = 0, once: bool = False
) -> ov.CompiledModel:
    """A graph ready to run on this CPU, on as many threads as it likes (0) or on so many.

    What is used only `once` is not kept for the next start."""
    core = ov.Core()
    if not once:  # kernels that were compiled before: 0.1 s instead of 0.4 s at the next start
        core.set_property({"CACHE_DIR": str(cache_home() / "openvino")})
    hints = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"}
    if threads:
        hints["INFERENCE_NUM_THREADS"] = str(threads)
    return core.compile_model(core.read_model(graph), "CPU", hints)


def fastest(arch: AnyArchitecture) -> str:
    """The precision, f32 or bf16, that this processor is faster in. bf16 halves a StyleGAN2's time
    where the processor computes in it (2.6 against 4.6 ms at 128 px, the mean error under one grey
    level) and takes three times as long where it does not; a StyleGAN3's small filters have no
    kernels in it, and take three to six times as long everywhere."""
    return "bf16" if native_bf16() and not isinstance(arch, Architecture3) else "f32"
