"""What the desk tells the outside ten times a second: when, and in which words."""

from collections.abc import Iterable
from typing import Any

from installation.control.parameters import Table
from installation.control.state import Values
from installation.health import PROCESSES, SPARE, HealthReader
from installation.inputs.protocol import Update
from installation.outputs.osc_feedback import PERIOD, Feedback
from installation.panel.promises import ALL_IS_WELL, sentence
from installation.report import build
from installation.show.network import endpoint
from installation.show.schema import Show

THINK = 1.0  # seconds between two looks at how the show is; each reads five records


class Telling:
    """The feedback of a show, on the desk's loop."""

    def __init__(self, show: Show, table: Table, records: HealthReader) -> None:
        self._feedback: Feedback | None = None
        self.adopt(show, table)
        self._records = records
        self._due = self._think_at = 0.0
        self._sentence = ALL_IS_WELL

    def adopt(self, show: Show, table: Table) -> None:
        """Tell of another edition, and to whom it says."""
        self.close()
        osc = show.inputs.osc
        places = [endpoint(place) for place in osc.feedback] if osc else []
        self._feedback = Feedback(places, table) if places else None

    def heard(self, updates: Iterable[Update], now: float) -> None:
        """What came in by OSC, before it is told on."""
        if self._feedback:
            for update in updates:
                if not update.press:
                    self._feedback.heard(update.source, update.address, update.value, now)

    def step(self, goals: Values, values: Values, now: float) -> None:
        """Tell, when it is time."""
        if not self._feedback or now < self._due:
            return
        self._due = max(self._due + PERIOD, now)  # ten a second, but no round is caught up
        if now >= self._think_at:
            self._think_at = now + THINK
            self._sentence = self._how_it_is()
        self._feedback.tell(goals, values, self._sentence, now)

    def status(self) -> dict[str, Any]:
        """Counters for the desk's record."""
        return self._feedback.status() if self._feedback else {"error": None}

    def close(self) -> None:
        """Let the sockets go."""
        if self._feedback:
            self._feedback.close()

    def _how_it_is(self) -> str:
        return sentence(build({name: self._records.record(name) for name in (*PROCESSES, SPARE)}))
