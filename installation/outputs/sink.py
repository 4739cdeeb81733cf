"""The plug point of everything the picture is sent to beside the windows."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]


class Sink(Protocol):
    """Takes pictures, on a thread of its own: it may wait, and it may raise.

    Whatever it raises closes it; it is made anew after a pause. A sink's constructor opens it."""

    def send(self, picture: Picture, at: float) -> None:
        """Take a picture: uint8 (height, width, 4), sRGB, top row first, presented at `at` in
        monotonic seconds. Its size may differ from the last one's. It is the sink's to keep."""
        ...

    def close(self) -> None:
        """Let everything go; harmless the second time."""
        ...


class Kept:
    """A sink that keeps the pictures it got: for tests and rehearsals."""

    def __init__(self) -> None:
        self.pictures: list[tuple[Picture, float]] = []
        self.closed = False

    def send(self, picture: Picture, at: float) -> None:
        """Keep it."""
        self.pictures.append((picture, at))

    def close(self) -> None:
        """Take no more."""
        self.closed = True
