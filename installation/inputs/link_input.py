"""The desk's end of Ableton Link: the beat of a session that others are in."""

import logging
import sys
from typing import Any

from installation.clock import Clock
from installation.inputs.helper import Helper
from installation.inputs.tempo import Beat
from installation.session import Session

CAPTURE = (sys.executable, "-m", "installation.inputs.link_capture")
LOST = 0.5  # seconds without a word after which the session counts as gone

_log = logging.getLogger("link")


class LinkInput:
    """Follows the session on this network; alone in it, there is no beat."""

    def __init__(self, session: Session, clock: Clock, capture: tuple[str, ...] = CAPTURE) -> None:
        self._clock = clock
        self._last = (0.0, 0.0, 0.0, 0)  # at, tempo, beat, peers
        self._heard, self._error = 0.0, ""
        self._helper = Helper("Ableton Link", capture, session, clock, _log, self._take)

    def start(self) -> None:
        """Join the session."""
        self._helper.start()

    def beat(self, now: float) -> Beat | None:
        """The session's beat at `now`; None alone. Looks after the process as well."""
        self._helper.tend(self._heard, lambda: self._error)
        at, tempo, beat, peers = self._last
        if not peers or now - at > LOST:
            return None
        return Beat(tempo, (beat + (now - at) * tempo / 60.0) % 1.0, 1.0)

    def status(self) -> dict[str, Any]:
        """The session's `tempo`, how many `peers` are in it, and the `error` text or None."""
        _, tempo, _, peers = self._last
        return {"tempo": round(tempo, 2), "peers": peers, "error": self._helper.error}

    def close(self) -> None:
        """Leave the session."""
        self._helper.close()

    def _take(self, said: Any) -> None:
        if isinstance(said, dict):
            self._error = str(said["error"])
            return
        at, tempo, beat, peers = said
        self._last = float(at), float(tempo), float(beat), int(peers)
        self._heard = self._clock.now()
