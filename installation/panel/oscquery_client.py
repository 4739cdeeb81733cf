"""One OSCQuery client on a WebSocket: LISTEN and IGNORE as text, OSC packets both ways as bytes.

On the panel's loop. Nothing is queued: a slow client is told what is newest when it is ready. Its
packets go the way of those that come by UDP, with the same limits; it is not told what it asked
for itself.
"""

import asyncio
import json
from typing import Any

import numpy as np
from starlette.websockets import WebSocket, WebSocketDisconnect

from installation.outputs.osc_feedback import MAX_SENTENCE
from installation.outputs.osc_packet import packet
from installation.outputs.receiver import Receiver
from installation.panel.client import SHOW_CHANGED
from installation.panel.link import DeskLink
from installation.panel.oscquery import STATUS, Space
from installation.panel.pace import Pace
from installation.panel.promises import sentence

PERIOD = 1 / 30  # seconds between two looks at what has changed
MESSAGES = 1000.0  # a second from one client, which is then read more slowly
THINK = 1.0  # seconds between two looks at how the show is, for who listens to that
PATIENCE = 10.0  # seconds a client may take to accept a message before it is given up


class OscClient:
    """A client and its socket, from accept to disconnect."""

    def __init__(self, socket: WebSocket, link: DeskLink, space: Space) -> None:
        self._socket = socket
        self._link = link
        self._space = space
        self._receiver = Receiver(len(link.table))
        self._host = socket.client.host if socket.client else ""
        self._names: dict[int, str] = {}  # of rows that were asked for by another name
        self._status: str | None = None  # told last; None: not asked for
        self._think_at = 0.0

    async def serve(self) -> None:
        """Serve the client until it goes."""
        await self._socket.accept()
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._hear())
                tasks.create_task(self._tell())
        except* (WebSocketDisconnect, TimeoutError):
            pass

    async def _hear(self) -> None:
        pace = Pace(MESSAGES, MESSAGES)
        while True:
            message = await self._socket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", 1005))
            await asyncio.sleep(pace.wait(_now()))
            if message.get("bytes") is not None:
                self._osc(message["bytes"])
            else:
                self._obey(message.get("text") or "")

    def _osc(self, data: bytes) -> None:
        for update in self._link.osc(data, self._host):
            place = self._space.place(update.address)
            if place is not None and not update.press:
                value = self._link.table.rows[place].clamp(update.value)
                self._receiver.heard(place, value, _now())

    def _obey(self, text: str) -> None:
        """LISTEN or IGNORE; the proposal has no answer for anything else."""
        command, path = _command(text)
        place = self._space.place(path)
        if path == STATUS and command in ("LISTEN", "IGNORE"):
            self._status = "" if command == "LISTEN" else None
        elif place is not None and command in ("LISTEN", "IGNORE"):
            self._names[place] = path
            self._receiver.wanted[place] = command == "LISTEN"
            self._receiver.forget(slice(place, place + 1))

    async def _tell(self) -> None:
        while self._link.table is self._space.table:
            goals = np.asarray(self._link.goals())
            for place in self._receiver.news(goals, _now()).tolist():
                name = self._names.get(place, "")
                await self._send(self._space.packet(place, float(goals[place]), name))
            await self._tell_status()
            await asyncio.sleep(PERIOD)
        await self._socket.close(SHOW_CHANGED)
        raise WebSocketDisconnect(SHOW_CHANGED)

    async def _tell_status(self) -> None:
        """How the show is, to who listens, when it is otherwise."""
        if self._status is None or _now() < self._think_at:
            return
        self._think_at = _now() + THINK
        words = sentence(self._link.status())
        if words != self._status:
            self._status = words
            await self._send(packet(STATUS, words[:MAX_SENTENCE]))

    async def _send(self, data: bytes) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._socket.send_bytes(data)


def _command(text: str) -> tuple[Any, Any]:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):  # 64 kB of "[" nests deeper than the parser goes
        return None, None
    if not isinstance(message, dict):
        return None, None
    return message.get("COMMAND"), message.get("DATA")


def _now() -> float:
    return asyncio.get_running_loop().time()
