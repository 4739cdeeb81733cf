"""The desk's end of MIDI: keeps the capture alive, hears what was moved, and the clock's beat.

The helper's thread reads what the capture writes; the desk's loop drains. Nothing here waits: what
a capture that stands still cannot take is left out, and told again later.
"""

import logging
import sys
import threading
from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Any

from installation.clock import Clock
from installation.inputs.helper import Helper
from installation.inputs.midi_clock import MidiClock
from installation.inputs.midi_wire import Decoder, Moved
from installation.inputs.tempo import Beat
from installation.session import Session

CAPTURE = (sys.executable, "-m", "installation.inputs.midi_capture")
MAX_MOVES = 1024  # waiting for the desk; a cable carries 1000 messages a second, the desk takes 120
REAL_TIME = 0xF8  # the first of the messages that are one byte long

_log = logging.getLogger("midi")


class MidiInput:
    """The ports whose names contain one of `devices`, or all. `wake` is set on arrivals."""

    def __init__(
        self,
        session: Session,
        devices: Iterable[str],
        wake: threading.Event,
        clock: Clock,
        capture: tuple[str, ...] = CAPTURE,
    ) -> None:
        self._wake = wake
        self._moves: deque[Moved] = deque()
        self._decoders: defaultdict[str, Decoder] = defaultdict(Decoder)
        self._clocks: defaultdict[str, MidiClock] = defaultdict(MidiClock)
        self._heard = 0.0
        self._clock = clock
        self._said: dict[str, Any] = {}
        self.dropped = self.messages = 0
        command = (*capture, *devices)
        self._helper = Helper("the MIDI capture", command, session, clock, _log, self._take)

    def start(self) -> None:
        """Begin to listen; a device that is not there is looked for for ever."""
        self._helper.start()

    def drain(self) -> list[Moved]:
        """What was moved since the last call, oldest first. Looks after the capture as well."""
        self._helper.tend(self._heard, self._last_words)
        return [self._moves.popleft() for _ in range(len(self._moves))]

    def beat(self, now: float) -> Beat | None:
        """The beat of the first MIDI clock that runs; None without one."""
        beats = (clock.beat(now) for clock in list(self._clocks.values()))
        return next((beat for beat in beats if beat), None)

    def send(self, messages: list[bytes]) -> bool:
        """Have the capture send `messages`; False when it cannot take them now. Never waits."""
        return self._helper.send([list(message) for message in messages])

    @property
    def open(self) -> list[str]:
        """The names of the ports that are heard."""
        return list(self._said.get("open") or ())

    def status(self) -> dict[str, Any]:
        """The `open` ports, `messages` so far, moves `dropped`, and the `error` text or None."""
        error = self._helper.error or self._said.get("error")
        counts = {"messages": self.messages, "dropped": self.dropped}
        return {"open": self.open, **counts, "error": error}

    def close(self) -> None:
        """End the capture."""
        self._helper.close()

    def _last_words(self) -> str:
        """Why the capture ended, if it said so; a port's fault of before is no reason."""
        return str(self._said["error"]) if self._said.get("fatal") else ""

    def _take(self, said: Any) -> None:
        self._heard = self._clock.now()
        if isinstance(said, dict):
            self._said = said
            return
        at, port, data = said
        self.messages += 1
        if data[0] >= REAL_TIME:
            self._clocks[port].hear(data[0], at)
            return
        for moved in self._decoders[port].read(bytes(data), at):
            if len(self._moves) < MAX_MOVES:
                self._moves.append(moved)
            else:
                self.dropped += 1
        self._wake.set()
