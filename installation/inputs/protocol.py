"""What every input of the show has in common, and a fake one for rehearsal and tests."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol


class Update(NamedTuple):
    """What a hand outside asks of one control. `at` is when it was received, monotonic seconds.

    `press` tells a trigger's press, whose value is 1, from a value. `source` is the address of the
    machine that sent it, where there is one. `text` is what an address for words was sent."""

    address: str
    value: float
    at: float
    press: bool = False
    source: str = ""
    text: str = ""


class Input(Protocol):
    """A device that steers the show. None of these methods raises, or waits for the device."""

    def start(self) -> None:
        """Begin to listen; a device that is not there is tried again for ever."""

    def drain(self) -> list[Update]:
        """What was asked since the last call, oldest first: the newest value of each control."""
        ...

    def status(self) -> Mapping[str, Any]:
        """Counters and the present fault (`error`, None when all is well) for the health record."""
        ...

    def close(self) -> None:
        """Let the device go."""


class FakeInput:
    """An input whose device is the test."""

    def __init__(self) -> None:
        self.waiting: list[Update] = []
        self.error: str | None = None
        self.open = False

    def start(self) -> None:
        self.open = True

    def drain(self) -> list[Update]:
        drained, self.waiting = self.waiting, []
        return drained

    def status(self) -> Mapping[str, Any]:
        return {"error": self.error}

    def close(self) -> None:
        self.open = False
