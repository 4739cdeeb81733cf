"""What a deck does when memory or its graphics card gives out. The policy is pure.

Out of memory is no reason to end: what is held is given back and the picture tried once more, then
a smaller model takes over, if show.yaml names one. A lost card is: CUDA leaves every later call of
the process with the same error (CUDA C++ programming guide, 3.2.12, error checking), so only a new
process can play, and the supervisor may have to start it without the card.
"""

import gc
import sys
from enum import Enum, auto

from installation.child import CARD_LOST

FORGET = 60.0  # seconds without trouble after which memory counts as enough again
_NO_MEMORY = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "cannot allocate memory",
    "failed to allocate",
    "bad_alloc",
    "bad allocation",
)
_NO_CARD = ("cuda error", "cudnn_status", "device-side assert", "device lost", "gpu is lost")


class Trouble(Enum):
    """What a generator's exception tells of."""

    MEMORY = auto()
    CARD = auto()
    OTHER = auto()


class Answer(Enum):
    """What to do about it."""

    AGAIN = auto()  # give back what can be given and try once more
    SMALLER = auto()  # play a smaller model
    END = auto()


def trouble(error: BaseException) -> Trouble:
    """What an exception tells of. By its words: backends need not be loaded to be understood."""
    words = f"{type(error).__name__} {error}".lower()
    if isinstance(error, MemoryError) or any(each in words for each in _NO_MEMORY):
        return Trouble.MEMORY
    return Trouble.CARD if any(each in words for each in _NO_CARD) else Trouble.OTHER


class Relief:
    """Remembers what was tried. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._last = -FORGET

    def answer(self, error: BaseException, now: float) -> Answer:
        """What to do about `error`."""
        if trouble(error) is not Trouble.MEMORY:
            return Answer.END
        again = now - self._last >= FORGET
        self._last = now
        return Answer.AGAIN if again else Answer.SMALLER


def give_back() -> None:
    """Give unused memory back: this process's own, and what torch keeps of the card's."""
    gc.collect()
    torch = sys.modules.get("torch")
    if torch and torch.cuda.is_available():
        torch.cuda.empty_cache()


def exit_code(error: BaseException) -> int | None:
    """What tells the supervisor how this process ended; None if there is nothing to tell."""
    return CARD_LOST if trouble(error) is Trouble.CARD else None
