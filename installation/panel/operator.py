"""What the operator's page asks for now and then: the last hour, the log, a report to send away.

On the panel's loop; what reads the disk or takes time is done on a thread, one at a time.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Any

import psutil
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from installation.panel.client import to_json
from installation.panel.history import PERIOD, History
from installation.panel.link import DeskLink

LINES = 60  # of the log that a page shows


class Operator:
    """The operator's addresses, and the notes that are taken for them."""

    def __init__(self, link: DeskLink) -> None:
        self._link = link
        self._history = History()
        self._busy = asyncio.Lock()

    @property
    def routes(self) -> list[BaseRoute]:
        """To be served before anything that catches every address."""
        return [
            Route("/history.json", self._past),
            Route("/log.json", self._log),
            Route("/report.zip", self._report),
        ]

    async def remember(self) -> None:
        """Take notes until cancelled."""
        while True:
            self._history.note(self._link.status(), await asyncio.to_thread(celsius))
            await asyncio.sleep(PERIOD)

    async def _past(self, request: Request) -> Response:
        return _json({"period": PERIOD, "columns": self._history.columns()})

    async def _log(self, request: Request) -> Response:
        async with self._busy:
            return _json({"lines": await asyncio.to_thread(self._link.lines, LINES)})

    async def _report(self, request: Request) -> Response:
        if self._busy.locked():
            return PlainTextResponse("one is being made already\n", 503, {"retry-after": "5"})
        async with self._busy:
            body = await asyncio.to_thread(self._link.bundle)
        name = time.strftime("installation-%Y%m%d-%H%M.zip")
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(body, 200, {**headers, "cache-control": "no-store"}, "application/zip")


def celsius() -> float | None:
    """The warmest part of this machine that tells its temperature; None where none does."""
    found: Mapping[str, Any] = {}
    with contextlib.suppress(Exception):  # psutil reads whatever the system's drivers left there
        found = getattr(psutil, "sensors_temperatures", dict)()
    return max((one.current for group in found.values() for one in group), default=None)


def _json(value: Any) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(to_json(value), 200, headers, "application/json")
