"""OSC over UDP: from packets to updates of the parameter table.

One thread of the desk receives; the desk's loop drains. It never answers a sender, never waits for
a time tag, and holds no more than the newest value of each control and the last few presses. The
whole input keeps up with 20 000 messages a second; a single sender has its limit (osc_sources.py).
"""

import logging
import math
import threading
from collections.abc import Iterable
from typing import Any

from installation.clock import Clock
from installation.control.parameters import Table
from installation.inputs.osc_controls import Controls, UnknownAddressError
from installation.inputs.osc_inbox import Inbox
from installation.inputs.osc_socket import listening, reason, waiting
from installation.inputs.osc_sources import Sources
from installation.inputs.osc_wire import MAX_BYTES, Message, Refused, decode
from installation.inputs.persistent import Persistent
from installation.inputs.protocol import Update
from installation.logs import Guard

LOOK = 0.25  # seconds between two looks at whether to stop
COMPLAIN = 60.0  # seconds between two log lines about what arrives wrong

_log = logging.getLogger("osc")


class OscInput:
    """Listens on `port` of the address `listen` from `start` to `close`; `wake` is set on arrivals.

    `extra` are addresses that routes listen to, `sources` decides who is heard. While the port is
    taken the input tries again for ever, and `status` says who has it."""

    def __init__(
        self,
        port: int,
        listen: str,
        table: Table,
        extra: Iterable[str],
        wake: threading.Event,
        clock: Clock,
        sources: Sources | None = None,
    ) -> None:
        self.port = port
        self._place = listen, port
        self._controls = Controls(table, extra)
        self._sources = sources or Sources()
        self._inbox = Inbox()
        self._taking = threading.Lock()  # the panel's thread brings OSC too
        self._wake = wake
        self._clock = clock
        self._guard = Guard(_log)
        self._line = Persistent("osc", self._listen, self._lost)
        self._applied = self._refused = self._unknown = 0
        self._untold, self._tell_at = 0, -math.inf
        self._error: str | None = None

    def adopt(self, table: Table, extra: Iterable[str]) -> None:
        """Steer another table from now on."""
        self._controls = Controls(table, extra)

    def start(self) -> None:
        """Begin to listen."""
        self._line.start()

    def drain(self) -> list[Update]:
        """Updates since the last call, oldest first: newest value of each control, all presses."""
        return self._inbox.drain()

    def status(self) -> dict[str, Any]:
        """Messages `applied`, `refused`, `unknown`; presses `dropped`; datagrams of `foreign`
        senders, and `limited` ones of those who send too much; `error` text or None."""
        return {
            "applied": self._applied,
            "refused": self._refused,
            "unknown": self._unknown,
            "dropped": self._inbox.dropped,
            "foreign": self._sources.foreign,
            "limited": self._sources.limited,
            "error": self._error,
        }

    def close(self) -> None:
        """Let the port go."""
        self._line.close()

    def _listen(self) -> None:
        with listening(*self._place) as opened:
            self._line.works()
            self._opened()
            while not self._line.closing.is_set():
                for datagram, host, at in waiting(opened, MAX_BYTES + 1, LOOK, self._clock):
                    with self._guard("reading OSC"):
                        self.take(datagram, host, at)

    def _opened(self) -> None:
        self._error = None
        _log.info("listening on %s port %d", *self._place)

    def _lost(self, error: Exception, delay: float) -> bool:
        why = reason(error, *self._place)
        if self._error is None:  # once in the log; the panel shows it as long as it lasts
            _log.error("%s", why)
        self._error = f"{why}; next try in {delay:.0f} s"
        return True

    def take(self, datagram: bytes, host: str, now: float) -> list[Update]:
        """Read a datagram that came from `host`, by UDP or otherwise; what it asks for.

        Any thread may call. Never raises, whatever the bytes are."""
        with self._taking:
            refusal = self._sources.refusal(host, len(datagram), now)
            if refusal:
                self._complain(refusal, now)
                return []
            updates = self._decode(datagram, now)
        self._inbox.put(updates, host)
        self._wake.set()
        return updates

    def _decode(self, datagram: bytes, now: float) -> list[Update]:
        try:
            messages = decode(datagram)
        except Refused as error:
            self._refused += 1
            self._complain(f"{error}, {len(datagram)} bytes", now)
            return []
        return [update for message in messages for update in self._read(message, now)]

    def _read(self, message: Message, now: float) -> list[Update]:
        try:
            updates = self._controls.read(message, now)
        except UnknownAddressError as error:
            self._unknown += 1
            self._complain(str(error), now)
        except Refused as error:
            self._refused += 1
            self._complain(str(error), now)
        else:
            self._applied += 1
            return updates
        return []

    def _complain(self, why: str, now: float) -> None:
        """One line at once, then at most one a minute, however much arrives."""
        self._untold += 1
        if now >= self._tell_at:
            _log.warning("%d OSC messages not taken, last: %s", self._untold, why)
            self._untold, self._tell_at = 0, now + COMPLAIN
