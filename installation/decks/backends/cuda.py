"""torch on an NVIDIA card: fp16, the whole picture captured once in a CUDA graph and replayed.

A StyleGAN2 is 300 to 400 small kernels; started one by one they cost the processor more time than
they cost the card. Replaying a graph is one start. The picture goes from the card straight into
the ring's slot, whose pages are locked for it.

Written by torch's documentation of CUDA graphs; see docs/backends.md for what was run where.
"""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from installation.decks.backends.compiled import Compiled
from installation.decks.backends.torch_graph import TorchGraph
from installation.generators.architecture import Architecture
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph import FOR_GPU, synthesis_graph
from installation.generators.protocol import Picture
from installation.generators.taps import WHOLE, Variant
from installation.generators.weights import Tensors

_WARM_UP = 3  # runs before the capture: cuDNN chooses its kernels in them
_PAGE = 4096  # a ring's slots start on one; other memory is not worth locking

log = logging.getLogger("deck")


def captured(
    card: Card, tensors: Tensors, directions: Sequence[Direction] = (), variant: Variant = WHOLE
) -> "TorchCuda | None":
    """The model as a CUDA graph, or None where there is no card or the capture fails."""
    arch = card.architecture.built()
    if not torch.cuda.is_available() or not isinstance(arch, Architecture):
        return None
    try:
        return TorchCuda(card, tensors, directions, variant)
    except RuntimeError as error:
        log.warning("no CUDA graph, torch plays step by step: %s", str(error).partition("\n")[0])
        return None


class TorchCuda(Compiled):
    """A StyleGAN2 model replayed on an NVIDIA card. See generators.protocol.Network."""

    def __init__(
        self,
        card: Card,
        tensors: Tensors,
        directions: Sequence[Direction] = (),
        variant: Variant = WHOLE,
    ) -> None:
        super().__init__(card, tensors, directions, variant)
        self.backend, self.precision = "torch cuda graph fp16", "fp16"
        form = replace(self._form, half=FOR_GPU.half, subpixel=FOR_GPU.subpixel)
        graph = synthesis_graph(tensors, self._arch, form)
        self._play = TorchGraph(graph, torch.device("cuda"))
        self._given = [torch.zeros(a.shape, device="cuda") for a in self._inputs.values()]
        self._locked: dict[int, bool] = {}
        self._out: torch.Tensor | None = None
        self._graph = self._capture()

    def run(self) -> None:
        """See Network.run."""
        for given, array in zip(self._given, self._inputs.values(), strict=True):
            given.copy_(torch.from_numpy(array), non_blocking=True)
        self._graph.replay()
        torch.from_numpy(self._probe).copy_(self._results[1], non_blocking=True)
        if self._out is not None:
            self._out.copy_(self._results[0][0], non_blocking=True)
        torch.cuda.current_stream().synchronize()

    def close(self) -> None:
        """See Generator.close."""
        for start in [start for start, locked in self._locked.items() if locked]:
            _runtime().cudaHostUnregister(start)
        self._locked.clear()
        for held in ("_graph", "_play", "_results", "_given"):
            vars(self).pop(held, None)

    def _capture(self) -> torch.cuda.CUDAGraph:
        with torch.backends.cudnn.flags(enabled=True, benchmark=True, allow_tf32=False):
            aside = torch.cuda.Stream()
            aside.wait_stream(torch.cuda.current_stream())
            with torch.cuda.stream(aside):
                for _ in range(_WARM_UP):
                    self._play(*self._given)
            torch.cuda.current_stream().wait_stream(aside)
            graph = torch.cuda.CUDAGraph()
            with torch.cuda.graph(graph):
                self._results = self._play(*self._given)
        return graph

    def _aim(self, out: Picture) -> None:
        self._lock(out)
        self._out = torch.from_numpy(out)

    def _lock(self, out: Picture) -> None:
        """Lock a slot's pages, once, so that the card writes to them without a copy between."""
        start = out.ctypes.data
        if start % _PAGE or start in self._locked:
            return
        result = _runtime().cudaHostRegister(start, out.nbytes, 0)
        self._locked[start] = int(result) == 0
        if not self._locked[start]:  # no right to lock: the copy is slower then, and as good
            with suppress(RuntimeError):
                torch.zeros(1, device="cuda")  # takes away the error that the refusal left behind

    @staticmethod
    def _array(shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        return torch.zeros(shape, pin_memory=True).numpy()


def _runtime() -> Any:
    """CUDA's own functions; there whenever a card is."""
    return torch.cuda.cudart()
