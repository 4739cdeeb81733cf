"""The panel's addresses. GETs read; the WebSocket /live alone steers. On the panel's loop."""

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from installation.logs import Guard
from installation.panel.client import Client, report, to_json
from installation.panel.link import DeskLink
from installation.panel.security import Gate

CLIENTS = 8  # pages at once: four operators with a phone and a desk each
PEEK = 1.0  # seconds /preview.jpg waits for a fresh picture when nobody watches
_STATIC = Path(__file__).parent / "static"


class Panel:
    """The open pages and what they are answered."""

    def __init__(self, link: DeskLink, log: logging.Logger) -> None:
        self._link = link
        self._guard = Guard(log)
        self._clients: set[Client] = set()
        self._peeking = 0

    @property
    def clients(self) -> int:
        """How many pages are open."""
        return len(self._clients)

    @property
    def watchers(self) -> int:
        """How many want pictures now; at 0 nobody needs to make previews."""
        return sum(client.watching for client in tuple(self._clients)) + self._peeking

    def app(self, listen: str, names: Iterable[str] = ()) -> Starlette:
        """The ASGI application, behind its gate."""
        return Starlette(
            routes=[
                Route("/", _page),
                Route("/params.json", self._params),
                Route("/status", self._status),
                Route("/preview.jpg", self._preview),
                WebSocketRoute("/live", self._live),
                Mount("/static", StaticFiles(directory=_STATIC)),
            ],
            middleware=[Middleware(Gate, listen=listen, names=tuple(names))],
        )

    async def _params(self, request: Request) -> Response:
        table = self._link.table
        title, rows = to_json(self._link.title), table.to_json()
        return _json(f'{{"title":{title},"table":{table.fingerprint},"rows":{rows}}}')

    async def _status(self, request: Request) -> Response:
        whole = report(self._link)
        return _json(to_json({**whole["status"], "complaints": whole["complaints"]}))

    async def _preview(self, request: Request) -> Response:
        jpeg = await self._peek()
        if jpeg is None:
            return PlainTextResponse("no picture yet\n", 503, {"retry-after": "1"})
        return Response(jpeg, media_type="image/jpeg", headers={"cache-control": "no-store"})

    async def _peek(self) -> bytes | None:
        """The newest picture; one made for us if nobody watched until now."""
        old, alone = self._link.picture(), not self.watchers
        self._peeking += 1
        try:
            deadline = asyncio.get_running_loop().time() + PEEK
            while alone and self._link.picture() is old and _before(deadline):
                await asyncio.sleep(0.02)
            return self._link.picture()
        finally:
            self._peeking -= 1

    async def _live(self, socket: WebSocket) -> None:
        if self.clients >= CLIENTS:
            refusal = f"{CLIENTS} panels are open already; close one\n"
            await socket.send_denial_response(PlainTextResponse(refusal, 503))
            return
        client = Client(socket, self._link)
        self._clients.add(client)
        try:
            with self._guard("serving a page"):
                await client.serve()
        finally:
            self._clients.discard(client)


async def _page(request: Request) -> Response:
    return FileResponse(_STATIC / "index.html")


def _json(text: str) -> Response:
    return Response(text, media_type="application/json", headers={"cache-control": "no-store"})


def _before(deadline: float) -> bool:
    return asyncio.get_running_loop().time() < deadline
