"""What the players on an NVIDIA card share: styles go over, the picture comes straight back into
the ring's slot, whose pages are locked for it, and nothing is allocated on the way."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch

from installation.decks.backends.compiled import Compiled
from installation.decks.backends.page_locks import PageLocks
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.protocol import Picture
from installation.generators.taps import WHOLE, Variant
from installation.generators.weights import Tensors

_LOCKS = PageLocks(torch.cuda.cudart)  # CUDA's own functions; there whenever a card is
_PAGE = 4096  # a ring's slots start on one; other memory is not worth locking


class Device(Protocol):
    """A card with one queue of work, as a player uses it."""

    torch: torch.device

    @property
    def stream(self) -> int:
        """CUDA's handle of the queue."""
        ...

    def working(self) -> AbstractContextManager[Any]:
        """Inside, torch's work goes into the queue."""
        ...

    def wait(self) -> None:
        """Until all work is done."""
        ...

    def shared(self, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        """Memory of the processor's that the card reaches by itself, zeros."""
        ...

    def lock(self, array: npt.NDArray[Any]) -> bool:
        """Let the card reach an array's memory by itself; False where it may not."""
        ...

    def unlock(self, start: int) -> None:
        """Take that back for the memory that starts there."""
        ...


class Cuda:
    """The first NVIDIA card, by torch. See Device."""

    def __init__(self) -> None:
        self.torch = torch.device("cuda")
        self._stream = torch.cuda.Stream()

    @property
    def stream(self) -> int:
        """See Device."""
        return self._stream.cuda_stream

    def working(self) -> AbstractContextManager[Any]:
        """See Device."""
        return torch.cuda.stream(self._stream)

    def wait(self) -> None:
        """See Device."""
        self._stream.synchronize()

    def shared(self, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        """See Device."""
        return torch.zeros(shape, pin_memory=True).numpy()

    def lock(self, array: npt.NDArray[Any]) -> bool:
        """See Device."""
        if _LOCKS.lock(array):
            return True
        with suppress(RuntimeError):
            torch.zeros(1, device="cuda")  # takes away the error that the refusal left behind
        return False

    def unlock(self, start: int) -> None:
        """See Device."""
        _LOCKS.unlock(start)


class OnCard(Compiled):
    """A model on a card. See generators.protocol.Network."""

    def __init__(
        self,
        card: Card,
        tensors: Tensors,
        directions: Sequence[Direction] = (),
        device: Device | None = None,
        variant: Variant = WHOLE,
    ) -> None:
        self._device = device or Cuda()
        super().__init__(card, tensors, directions, variant)
        where = self._device.torch
        self._given = {k: torch.zeros(a.shape, device=where) for k, a in self._inputs.items()}
        self._locked: dict[int, bool] = {}
        self._out: torch.Tensor | None = None

    def run(self) -> None:
        """See Network.run."""
        with self._device.working():
            for name, given in self._given.items():
                given.copy_(torch.from_numpy(self._inputs[name]), non_blocking=True)
            picture, probe = self._play()
            torch.from_numpy(self._probe).copy_(probe, non_blocking=True)
            if self._out is not None:
                self._out.copy_(picture[0], non_blocking=True)
        self._device.wait()

    def close(self) -> None:
        """See Generator.close."""
        for start in [start for start, locked in self._locked.items() if locked]:
            self._device.unlock(start)
        self._locked.clear()
        vars(self).pop("_given", None)

    @abstractmethod
    def _play(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Queue one picture; where it, (1, height, width, 4), and its probe will be."""

    def _aim(self, out: Picture) -> None:
        start = out.ctypes.data
        if start % _PAGE == 0 and start not in self._locked:
            # Without the right to lock the copy is slower, and as good.
            self._locked[start] = self._device.lock(out)
        self._out = torch.from_numpy(out)

    def _array(self, shape: tuple[int, ...]) -> npt.NDArray[np.float32]:
        return self._device.shared(shape)
