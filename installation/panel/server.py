"""The panel's server: uvicorn on a thread and an event loop of its own, inside the desk process.

A taken port or a fault in here costs the page and nothing else: the server says so in `error` and
tries again for as long as the desk lives.
"""

import asyncio
import logging
import socket
from collections.abc import Iterable

import uvicorn

from installation.inputs.persistent import Persistent
from installation.panel.app import Panel
from installation.panel.explorer.routes import Explorer
from installation.panel.link import DeskLink
from installation.panel.listener import Door, address, listening, reason
from installation.panel.pairing import Pairing

MESSAGE_BYTES = 64 * 1024  # a page that sets every control at once sends four
PING = 5.0  # seconds between pings
PONG = 10.0  # seconds a page may take to answer one: a phone that slept is let go
_END = 2.0  # seconds pages get to leave when the server closes


class PanelServer:
    """Serves the panel until closed. Every attribute may be read from any thread.

    `names` are host names, besides `localhost`, under which the panel may be opened; its IP
    addresses always may; `trusted` are networks whose programs may speak to it, as this machine's
    may; `pairing` lets in everybody else who knows a code. `port` 0 takes a free one, to be found
    in `url`.
    """

    def __init__(
        self,
        link: DeskLink,
        port: int,
        listen: str,
        log: logging.Logger,
        names: Iterable[str] = (),
        trusted: Iterable[str] = (),
        explorer: Explorer | None = None,
        pairing: Pairing | None = None,
    ) -> None:
        self._panel, self._explorer = Panel(link, log, explorer, pairing), explorer
        self._app = self._panel.app(listen, names, trusted)
        self._port = port
        self._listen = listen
        self._log = log
        self._server: uvicorn.Server | None = None
        self._line = Persistent("panel", self._open, self._failed)
        self.error: str | None = None
        self.url = address(listen, port)

    @property
    def watchers(self) -> int:
        """How many pages want pictures now."""
        return self._panel.watchers

    @property
    def clients(self) -> int:
        """How many pages are open."""
        return self._panel.clients

    @property
    def serving(self) -> bool:
        """Whether the page can be opened."""
        return self._server is not None and self._server.started

    def start(self) -> None:
        """Begin to serve; returns at once."""
        self._line.start()

    def close(self) -> None:
        """Let the pages go and end the thread."""
        self._line.closing.set()
        if self._server is not None:
            self._server.should_exit = True
        self._line.close(_END + 1)

    def _open(self) -> None:
        with listening(self._listen, self._port) as door:
            self.url = address(self._listen, door.getsockname()[1])
            self.error = None
            self._line.works()
            self._log.info("panel on %s", self.url)
            try:
                asyncio.run(self._serve(door))
            finally:
                self._server = None

    async def _serve(self, door: socket.socket) -> None:
        self._server = uvicorn.Server(self._config())
        work = [asyncio.create_task(self._panel.operator.remember())]
        if self._explorer:
            work.append(asyncio.create_task(self._explorer.follow()))
        try:
            if not self._line.closing.is_set():
                await self._server.serve(sockets=[door])
        finally:
            for each in work:
                each.cancel()
            if self._explorer:
                await self._explorer.close()

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self._app,
            http=Door,
            ws="websockets-sansio",
            ws_max_size=MESSAGE_BYTES,
            ws_ping_interval=PING,
            ws_ping_timeout=PONG,
            ws_per_message_deflate=False,  # a JPEG does not shrink, and a bomb does not grow
            lifespan="off",
            log_config=None,
            log_level=logging.ERROR,  # each bad request is worth a line to uvicorn, not to us
            access_log=False,
            proxy_headers=False,  # a header must not decide who counts as this machine
            server_header=False,
            timeout_graceful_shutdown=int(_END),
        )

    def _failed(self, error: Exception, delay: float) -> bool:
        ours = isinstance(error, OSError)
        why = reason(error, self._listen, self._port) if ours else f"the panel failed: {error}"
        if why != self.error:
            self._log.error("%s", why, exc_info=None if ours else error)
        self.error = why
        return True
