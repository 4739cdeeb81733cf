"""The panel's addresses. GETs read; WebSockets steer: /live the page's, any other OSCQuery's. On
the panel's loop."""

import asyncio
import json
import logging
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from installation.logs import Guard
from installation.panel.client import Client, report, to_json
from installation.panel.explorer.routes import Explorer
from installation.panel.link import DeskLink
from installation.panel.metrics import CONTENT_TYPE, exposition
from installation.panel.operator import Operator
from installation.panel.oscquery import Query, Space, host_info
from installation.panel.oscquery_client import OscClient
from installation.panel.pairing import COOKIE, Pairing, Role, spaced
from installation.panel.promises import sentence
from installation.panel.security import PAIR, Gate

CLIENTS = 8  # pages at once: four operators with a phone and a desk each; as many by OSCQuery
KEPT = 90 * 24 * 3600  # seconds a device stays paired
POSTED = 1000  # bytes of a message with a code
PEEK = 1.0  # seconds /preview.jpg waits for a fresh picture when nobody watches
_FRESH = {"cache-control": "no-store"}
_STATIC = Path(__file__).parent / "static"


class Panel:
    """The open pages and what they are answered."""

    def __init__(
        self,
        link: DeskLink,
        log: logging.Logger,
        explorer: Explorer | None = None,
        pairing: Pairing | None = None,
    ) -> None:
        self._link, self._explorer = link, explorer
        self._pairing, self._log = pairing, log
        self._guard = Guard(log)
        self._clients: set[Client] = set()
        self._osc_clients: set[OscClient] = set()
        self._hands: WeakValueDictionary[str, Client] = WeakValueDictionary()
        self._described = Space(link.table)
        self._peeking = 0
        self.operator = Operator(link)

    @property
    def clients(self) -> int:
        """How many pages are open."""
        return len(self._clients)

    @property
    def _space(self) -> Space:
        """The nodes of the table as it is now: a new show.yaml brings another."""
        if self._described.table is not self._link.table:
            self._described = Space(self._link.table)
        return self._described

    @property
    def watchers(self) -> int:
        """How many want pictures now; at 0 nobody needs to make previews."""
        return sum(client.watching for client in tuple(self._clients)) + self._peeking

    def app(self, listen: str, names: Iterable[str] = (), trusted: Iterable[str] = ()) -> Starlette:
        """The ASGI application, behind its gate."""
        gate = Middleware(
            Gate,
            listen=listen,
            names=tuple(names),
            trusted=tuple(trusted),
            pairing=self._pairing,
        )
        return Starlette(
            routes=[
                Route("/", self._front),
                Route("/params.json", self._params),
                Route("/status", self._status),
                Route("/metrics", self._metrics),
                Route("/preview.jpg", self._preview),
                WebSocketRoute("/live", self._live),
                *self.operator.routes,
                *(self._explorer.routes if self._explorer else ()),
                Route("/devices.json", self._devices),
                Route(PAIR, self._pair_page),
                Route(PAIR, self._pair, methods=["POST"]),
                Mount("/static", StaticFiles(directory=_STATIC)),
                Route("/{path:path}", self._query),
                WebSocketRoute("/{path:path}", self._osc),
            ],
            middleware=[gate],
        )

    async def _front(self, request: Request) -> Response:
        """The page for browsers; programs, which do not ask for HTML, get the OSC tree."""
        html = "text/html" in request.headers.get("accept", "")
        if request.scope["role"] < Role.VIEWER:
            return FileResponse(_STATIC / "pair.html", 200 if html else 401, {"vary": "accept"})
        if html and Query.of(request).attribute != "HOST_INFO":
            return FileResponse(_STATIC / "index.html", headers={"vary": "accept"})
        return await self._query(request)

    async def _pair(self, request: Request) -> Response:
        """A cookie for a code."""
        peer = request.client.host if request.client else ""
        now = asyncio.get_running_loop().time()
        if self._pairing is None:
            return PlainTextResponse("no code is needed here\n", 404)
        if wait := self._pairing.wait(peer, now):
            headers = {"retry-after": str(math.ceil(wait))}
            return PlainTextResponse("too many wrong codes\n", 429, headers)
        cookie = self._pairing.pair(peer, await _code(request), now)
        if cookie is None:
            self._log.warning("a wrong code from %s", peer)
            return PlainTextResponse("that is not the code\n", 403)
        self._log.info("%s is paired as %s", peer, cookie.partition(".")[0])
        answer = Response(status_code=204)
        answer.set_cookie(COOKIE, cookie, KEPT, httponly=True, samesite="strict")
        return answer

    async def _pair_page(self, request: Request) -> Response:
        """For a device that is to have another role, too."""
        return FileResponse(_STATIC / "pair.html")

    async def _devices(self, request: Request) -> Response:
        """The codes of this run, and who is paired; nothing where no code is needed."""
        if self._pairing is None:
            return _json("{}")
        now, mine = asyncio.get_running_loop().time(), request.scope["device"]
        devices = [
            {
                "id": id_,
                "role": one.role.name.lower(),
                "peer": one.peer,
                "ago": round(now - one.seen, 1),
                "you": id_ == mine,
            }
            for id_, one in reversed(self._pairing.devices.items())
        ]
        codes = {role.name.lower(): spaced(code) for role, code in self._pairing.codes.items()}
        return _json(to_json({"codes": codes, "devices": devices}))

    def _forget(self, device: str) -> bool:
        """Let a device in no more, and let it go at once."""
        if self._pairing is None or not self._pairing.forget(device):
            return False
        self._log.info("a device is forgotten")
        for client in self._clients:
            client.forgotten = client.forgotten or client.device == device
        if self._explorer:
            self._explorer.table.part(device)
        return True

    async def _query(self, request: Request) -> Response:
        query = Query.of(request)
        if query.attribute == "HOST_INFO":
            port = (request.scope.get("server") or ("", None))[1]
            return _json(to_json(host_info(self._link.title, self._link.osc_port, port)))
        words = sentence(self._link.status())
        status, body = self._space.answer(query, self._link.goals(), words)
        if body is None:
            return Response(status_code=status, headers={"vary": "accept"})
        return _json(to_json(body), status)

    async def _params(self, request: Request) -> Response:
        table = self._link.table
        title, rows = to_json(self._link.title), table.to_json()
        return _json(f'{{"title":{title},"table":{table.fingerprint},"rows":{rows}}}')

    async def _status(self, request: Request) -> Response:
        whole = report(self._link)
        return _json(to_json({**whole["status"], "complaints": whole["complaints"]}))

    async def _metrics(self, request: Request) -> Response:
        """For Prometheus."""
        whole = report(self._link)
        record = {**whole["status"], "complaints": whole["complaints"]}
        return Response(exposition(record), media_type=CONTENT_TYPE, headers=_FRESH)

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
        client = Client(socket, self._link, self._hands, self._forget)
        await self._serve(client, self._clients, socket, "a page")

    async def _osc(self, socket: WebSocket) -> None:
        client = OscClient(socket, self._link, self._space)
        await self._serve(client, self._osc_clients, socket, "an OSCQuery client")

    async def _serve(self, client: Any, others: set[Any], socket: WebSocket, what: str) -> None:
        if len(others) >= CLIENTS:
            refusal = f"{CLIENTS} are open already; close one\n"
            await socket.send_denial_response(PlainTextResponse(refusal, 503))
            return
        others.add(client)
        try:
            with self._guard(f"serving {what}"):
                await client.serve()
        finally:
            others.discard(client)


async def _code(request: Request) -> str:
    """The code in a request's JSON; empty for whatever else was sent."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > POSTED:
            return ""
    try:
        code = json.loads(body).get("code")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return code if isinstance(code, str) else ""


def _json(text: str, status: int = 200) -> Response:
    headers = {"cache-control": "no-store", "vary": "accept"}
    return Response(text, status, media_type="application/json", headers=headers)


def _before(deadline: float) -> bool:
    return asyncio.get_running_loop().time() < deadline
