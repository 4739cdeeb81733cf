"""torch on an NVIDIA card: the whole picture captured once in a CUDA graph and replayed.

A StyleGAN2 is 300 to 400 small kernels; started one by one they cost the processor more time than
they cost the card. Replaying a graph is one start.

Written by torch's documentation of CUDA graphs; see docs/backends.md for what was run where.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace

import torch

from installation.decks.backends.on_card import OnCard
from installation.decks.backends.torch_graph import TorchGraph
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph import FOR_GPU, suited, synthesis_graph
from installation.generators.taps import WHOLE, Variant
from installation.generators.weights import Tensors

_WARM_UP = 3  # runs before the capture: cuDNN chooses its kernels in them

log = logging.getLogger("deck")


def captured(
    card: Card, tensors: Tensors, directions: Sequence[Direction] = (), variant: Variant = WHOLE
) -> "TorchCuda | None":
    """The model as a CUDA graph, or None where there is no card or the capture fails."""
    if not torch.cuda.is_available():
        return None
    try:
        return TorchCuda(card, tensors, directions, variant)
    except RuntimeError as error:
        log.warning("no CUDA graph, torch plays step by step: %s", str(error).partition("\n")[0])
        return None


class TorchCuda(OnCard):
    """A model replayed on an NVIDIA card. See generators.protocol.Network."""

    def __init__(
        self,
        card: Card,
        tensors: Tensors,
        directions: Sequence[Direction] = (),
        variant: Variant = WHOLE,
    ) -> None:
        super().__init__(card, tensors, directions, variant=variant)
        form = replace(self._form, half=FOR_GPU.half, subpixel=FOR_GPU.subpixel)
        form = suited(form, self._arch)
        self.precision = "fp16" if form.half else "f32"
        self.backend = f"torch cuda graph {self.precision}"
        network = TorchGraph(synthesis_graph(tensors, self._arch, form), self._device.torch)
        self._network = network
        self._graph, self._results = self._capture()

    def close(self) -> None:
        """See Generator.close."""
        super().close()
        for held in ("_graph", "_network", "_results"):
            vars(self).pop(held, None)

    def _play(self) -> tuple[torch.Tensor, torch.Tensor]:
        self._graph.replay()
        return self._results

    def _capture(self) -> tuple[torch.cuda.CUDAGraph, tuple[torch.Tensor, torch.Tensor]]:
        with torch.backends.cudnn.flags(enabled=True, benchmark=True, allow_tf32=False):
            with self._device.working():
                for _ in range(_WARM_UP):
                    self._network(*self._given.values())
            self._device.wait()
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                results = self._network(*self._given.values())
        return graph, results
