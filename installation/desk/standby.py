"""What the explorer has sent to GO: it goes to the wall before the list's next cue does.

One thing waits at a time, the latest wins. It lies in shared memory, so that a desk that is started
again still has it.
"""

import logging
from collections import deque
from collections.abc import Callable, Sequence

from pydantic import Field

from installation.latent.journeys import Journey
from installation.latent.places import Line, Part
from installation.memory import Mailbox

log = logging.getLogger("desk")

Play = Callable[[Sequence[Journey]], None]


class Waiting(Part):
    """`journeys` are gone in `scene`, "" for the one that is wanted then; `title` names them."""

    title: Line
    scene: str = ""
    journeys: list[Journey] = Field(min_length=1, max_length=64)


class Standby:
    """The place for one. `play` sends journeys to the scene that is wanted."""

    def __init__(self, view: memoryview, play: Play) -> None:
        self._box, self._play = Mailbox(view), play
        left = self._box.read()
        self.waiting = Waiting.model_validate_json(left) if left else None
        self._put: deque[Waiting | None] = deque(maxlen=1)

    def put(self, waiting: Waiting | None) -> None:
        """Let this wait from the next tick on, or nothing. May be called by any thread."""
        self._put.append(waiting)

    def step(self) -> None:
        """Take up what was put."""
        while self._put:
            self._keep(self._put.popleft())

    def send(self) -> None:
        """Let what waits go to the wall."""
        if self.waiting:
            self._play(self.waiting.journeys)
        self._keep(None)

    def clear(self) -> None:
        """Let nothing wait."""
        self._keep(None)

    def _keep(self, waiting: Waiting | None) -> None:
        body = waiting.model_dump_json(exclude_none=True).encode() if waiting else b""
        if len(body) > self._box.capacity:
            log.error("%s is too large to wait for GO", waiting.title if waiting else "")
            return
        if waiting or self.waiting:
            self._box.write(body)
        self.waiting = waiting
