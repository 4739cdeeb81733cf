"""Carries the day's switching out: a thread for each screen, the latest order wins.

What does not answer is tried again for ever, ever more rarely; it costs one line of the log, one
on the panel, and nobody's time.
"""

import logging
import threading
from collections.abc import Sequence
from typing import Any

from installation.errors import DeviceError
from installation.inputs.backoff import Backoff
from installation.outputs.power import Switch

log = logging.getLogger("day")


class Switching:
    """Switches by order. `order` never waits."""

    def __init__(self, switches: Sequence[Switch]) -> None:
        self._hands = [_Hand(switch) for switch in switches]
        self._on: bool | None = None

    def order(self, on: bool) -> None:
        """Have everything on, or off; nothing happens if that was ordered already."""
        if on is not self._on:
            self._on = on
            for hand in self._hands:
                hand.order(on)

    def status(self) -> list[dict[str, Any]]:
        """How each stands: `name`, `on` (None before it answered), `error`."""
        return [hand.status() for hand in self._hands]

    def close(self) -> None:
        """Try nothing any more."""
        for hand in self._hands:
            hand.close()


class _Hand:
    def __init__(self, switch: Switch) -> None:
        self._switch = switch
        self._wanted: bool | None = None
        self._on: bool | None = None
        self._error: str | None = None
        self._call, self._end = threading.Event(), False
        threading.Thread(target=self._run, name="switch", daemon=True).start()

    def order(self, on: bool) -> None:
        self._wanted = on
        self._call.set()

    def close(self) -> None:
        self._end = True
        self._call.set()

    def status(self) -> dict[str, Any]:
        return {"name": self._switch.name, "on": self._on, "error": self._error}

    def _run(self) -> None:
        backoff, wait = Backoff(), None
        while True:
            called = self._call.wait(wait)
            self._call.clear()
            if self._end:
                return
            if called:
                backoff.reset()
            wait = None if self._try(self._wanted) else backoff.next()

    def _try(self, wanted: bool | None) -> bool:
        if wanted is None:
            return True
        try:
            self._switch.turn(wanted)
        except DeviceError as error:
            self._failed(str(error))
        except Exception as error:
            self._failed(f"{self._switch.name}: {error!r}")
        else:
            log.info("%s: %s", self._switch.name, "on" if wanted else "off")
            self._on, self._error = wanted, None
            return True
        return False

    def _failed(self, why: str) -> None:
        if why != self._error:
            log.error("%s; it is tried again", why)
        self._error = why
