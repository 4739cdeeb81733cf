"""Memory that a card writes into by itself: its pages are locked for it (cudaHostRegister).

CUDA keeps one list of locked memory a process, and refuses what is on it already. Several networks
of a deck paint into the same slots, an edited one beside the plain one; so holders are counted, and
the pages are let go with the last.
"""

import logging
from collections.abc import Callable
from typing import Any

import numpy.typing as npt

_SUCCESS = 0

log = logging.getLogger("deck")


class PageLocks:
    """The locked memory of a process. `runtime` gives CUDA's functions, as torch.cuda.cudart()."""

    def __init__(self, runtime: Callable[[], Any]) -> None:
        self._runtime = runtime
        self._holders: dict[int, int] = {}
        self._bytes: dict[int, int] = {}
        self._told = False

    def lock(self, array: npt.NDArray[Any]) -> bool:
        """Lock an array's pages, or hold them once more; False where CUDA refuses: the copy to them
        is slower then, and as good. The first refusal is told."""
        start = array.ctypes.data
        if self._bytes.get(start, 0) < array.nbytes and not self._register(start, array.nbytes):
            return False
        self._holders[start] = self._holders.get(start, 0) + 1
        return True

    def unlock(self, start: int) -> None:
        """Give back one `lock` of the memory that starts there."""
        self._holders[start] -= 1
        if not self._holders[start]:
            del self._holders[start], self._bytes[start]
            self._runtime().cudaHostUnregister(start)

    def _register(self, start: int, size: int) -> bool:
        error = int(self._runtime().cudaHostRegister(start, size, 0))
        if error == _SUCCESS:
            self._bytes[start] = size
        elif not self._told:
            self._told = True
            log.warning(
                "pages cannot be locked for the card (CUDA error %d): pictures are copied", error
            )
        return error == _SUCCESS
