"""What the panel needs from the desk, and nothing more: the page can be built and tested alone."""

import time
from collections.abc import Sequence
from typing import Any, Protocol

from installation.control.arbitration import Hand
from installation.control.parameters import Table
from installation.inputs.osc_controls import Controls
from installation.inputs.osc_wire import decode
from installation.inputs.protocol import Update
from installation.latent.journeys import Journey
from installation.latent.places import Place

Status = dict[str, Any]


class DeskLink(Protocol):
    """The desk as the panel sees it. Every method is called on the panel's thread, never waits.

    `status` is the whole record, JSON types only; the panel reads these keys, passes on the rest:

        at         monotonic seconds when the record was put together
        uptime     seconds since the run began
        pids       process name -> pid, for desk, deck_a, deck_b, stage
        restarts   process name -> how often it was started again
        memory_mb  process name -> resident megabytes
        health     process name -> its newest health record, {} before the first
    """

    title: str
    table: Table
    osc_port: int | None  # of the OSC input, None where the show has none

    def ask(self, address: str, value: float) -> None:
        """The panel's hand asks for a value; it is finite, and the row may be written."""
        ...

    def press(self, address: str) -> None:
        """The panel's hand presses a trigger."""
        ...

    def play(self, journeys: Sequence[Journey]) -> None:
        """Send the scene on the wall on these journeys, one after the other; none: its walk."""
        ...

    def mix(self, place: Place | None) -> None:
        """The place whose styles the control /style/mix mixes in; None: the scene's own."""
        ...

    def osc(self, data: bytes, host: str) -> list[Update]:
        """An OSC packet that the machine `host` brought, as if by UDP; what it asks for."""
        ...

    def values(self) -> list[float]:
        """The value of every row, in the table's order."""
        ...

    def goals(self) -> list[float]:
        """What every row is on its way to, where `values` still glides."""
        ...

    def holders(self) -> list[str]:
        """Who holds each row: a name of `Hand` in lower case."""
        ...

    def status(self) -> Status: ...

    def lines(self, count: int) -> list[dict[str, str]]:
        """The newest log lines, oldest first. Waits for the disk: called on a thread."""
        ...

    def bundle(self) -> bytes:
        """A zip for whoever mends this show. Takes seconds: called on a thread."""
        ...

    def picture(self) -> bytes | None:
        """The newest preview as JPEG; the same object until there is a newer one."""
        ...


class FakeLink:
    """A desk made of lists: it does what it is asked, at once, and remembers it."""

    def __init__(self, table: Table, title: str = "Untitled") -> None:
        self.table = table
        self.title = title
        self.osc_port: int | None = 9000
        self.asked: list[tuple[str, float]] = []
        self.pressed: list[str] = []
        self.played: list[Journey] = []
        self.mixed: Place | None = None
        self.current = [row.default for row in table]
        self.hands = [Hand.DEFAULT.name.lower()] * len(table)
        self.record: Status = {}
        self.jpeg: bytes | None = None
        self.log: list[dict[str, str]] = []
        self._controls = Controls(table, ())

    def ask(self, address: str, value: float) -> None:
        self.asked.append((address, value))
        place = self.table.index(address)
        self.current[place] = self.table.rows[place].clamp(value)
        self.hands[place] = Hand.PANEL.name.lower()

    def press(self, address: str) -> None:
        self.pressed.append(address)
        self.current[self.table.index(address)] += 1

    def play(self, journeys: Sequence[Journey]) -> None:
        self.played = list(journeys)

    def mix(self, place: Place | None) -> None:
        self.mixed = place

    def osc(self, data: bytes, host: str) -> list[Update]:
        """Only good packets: the real link refuses bad ones, this one raises."""
        updates = [one for message in decode(data) for one in self._controls.read(message, 0.0)]
        for update in updates:
            if update.press:
                self.press(update.address)
            else:
                self.ask(update.address, update.value)
        return updates

    def values(self) -> list[float]:
        return list(self.current)

    def goals(self) -> list[float]:
        return list(self.current)

    def holders(self) -> list[str]:
        return list(self.hands)

    def status(self) -> Status:
        return {"at": time.monotonic(), **self.record}

    def picture(self) -> bytes | None:
        return self.jpeg

    def lines(self, count: int) -> list[dict[str, str]]:
        return self.log[-count:]

    def bundle(self) -> bytes:
        return b"PK"
