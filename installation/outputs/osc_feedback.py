"""OSC to those that show.yaml names: every value, so that faders stay true, and telemetry.

Ten times a second each target is told what it does not know (`receiver.py`), every read-only row,
and once a second a sentence on how the show is. Values are floats, since a CHOP takes nothing else;
each message is a datagram of its own, since not every receiver takes bundles. A datagram may get
lost and a receiver may start late, so each value is told anew every five seconds.

Nobody else is ever told anything: the addresses come from show.yaml, never from a datagram.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np

from installation.control.parameters import Kind, Scope, Table
from installation.control.state import Values
from installation.outputs.osc_packet import FLOAT, packet, text
from installation.outputs.osc_sender import Sender
from installation.outputs.receiver import Receiver

PERIOD = 0.1  # seconds between two rounds
AGAIN = 50  # rounds within which every value is told anew
SENTENCE = "/state/status"
MAX_SENTENCE = 240  # characters: fits a line of a DAT and any OSC library's buffer
_SENTENCE_EVERY = 10  # rounds


class Feedback:
    """Tells `targets`, each a host (numbers) and a port, the values of `table`."""

    def __init__(self, targets: Iterable[tuple[str, int]], table: Table) -> None:
        self._rows = table.rows
        self._places = {row.address: place for place, row in enumerate(table)}
        self._heads = [text(row.address) + FLOAT for row in table]
        self._telemetry = np.flatnonzero([row.scope is Scope.STATE for row in table])
        self._targets = [_Target(host, port, table) for host, port in targets]
        self._round = 0
        self._sentence = ""

    def heard(self, source: str, address: str, value: float, now: float) -> None:
        """The machine `source` asked for `value`: its own targets know that already."""
        place = self._places.get(address)
        for target in self._targets:
            if place is not None and target.host == source:
                target.receiver.heard(place, self._rows[place].clamp(value), now)

    def tell(self, goals: Values, values: Values, sentence: str, now: float) -> None:
        """One round. `goals` is where controls are going (a fader jumps, only the picture glides),
        `values` where they are; both float64, one a row. Never raises for a network's sake."""
        self._round += 1
        controls, figures = self._packets(goals), self._packets(values)
        words = self._words(sentence)
        figures = [figures[place] for place in self._telemetry]
        for target in self._targets:
            target.receiver.forget(slice(self._round % AGAIN, None, AGAIN))
            target.tell(controls, goals, [*words, *figures], now)

    def status(self) -> dict[str, Any]:
        """Datagrams `sent` and `dropped`; the present `error`, None when all is well."""
        senders = [target.sender for target in self._targets]
        return {
            "sent": sum(sender.sent for sender in senders),
            "dropped": sum(sender.dropped for sender in senders),
            "error": next((sender.error for sender in senders if sender.error), None),
        }

    def close(self) -> None:
        """Let the sockets go."""
        for target in self._targets:
            target.sender.close()

    def _packets(self, values: Values) -> list[bytes]:
        """A message for every row. A number that is none would end a CHOP's arithmetic: it is 0."""
        bodies = np.nan_to_num(values, posinf=0.0, neginf=0.0).astype(">f4").tobytes()
        return [head + bodies[4 * n : 4 * n + 4] for n, head in enumerate(self._heads)]

    def _words(self, sentence: str) -> list[bytes]:
        if sentence == self._sentence and self._round % _SENTENCE_EVERY:
            return []
        self._sentence = sentence
        return [packet(SENTENCE, sentence[:MAX_SENTENCE])]


class _Target:
    """One place that is told. A trigger's count is no fader's value, and a receiver that sent it
    back would press: triggers are not told."""

    def __init__(self, host: str, port: int, table: Table) -> None:
        self.host = host
        self.sender = Sender(host, port)
        self.receiver = Receiver(len(table))
        self.receiver.wanted[:] = [
            row.scope is not Scope.STATE and row.kind is not Kind.TRIGGER for row in table
        ]

    def tell(self, controls: list[bytes], goals: Values, more: list[bytes], now: float) -> None:
        news = self.receiver.news(goals, now)
        took = self.sender.send([*(controls[place] for place in news), *more], now)
        self.receiver.forget(news[took:])
