"""One open page: hears its wishes, tells it the state, shows it the picture. On the panel's loop.

Nothing is queued for a page. Each of the two senders waits until its last message is on its way
and then sends what is newest, so a slow phone gets fewer messages, never older ones, and delays
nobody. A page that talks too fast is read more slowly, so nothing that it says is lost.
"""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable, MutableMapping
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from installation.control.arbitration import Hand
from installation.panel import messages
from installation.panel.link import DeskLink
from installation.panel.pace import Pace
from installation.panel.pairing import Role
from installation.panel.promises import complaints

STATUS_PERIOD = 0.2  # seconds between two words on the state
PICTURE_PERIOD = 1 / 12  # seconds between two previews; 30 kB each make 3 Mbit/s, easy on a phone
MESSAGES = 200.0  # a second from one page; the shipped page sends at most 30
SHOW_CHANGED = 1012  # RFC 6455's registry: service restart, come back
UNPAIRED = 1008  # RFC 6455: policy violation; the page asks again and is shown where to pair
LOOK_ONLY = "This device may look, not steer: pair it as operator"
PATIENCE = 10.0  # seconds a page may take to accept a message before it is given up

_PANEL = Hand.PANEL.name.lower()


async def paced(socket: WebSocket) -> AsyncIterator[tuple[str | None, bytes | None]]:
    """A page's messages, as text or bytes, no faster than MESSAGES a second.

    Raises WebSocketDisconnect when the page goes."""
    pace = Pace(MESSAGES, MESSAGES)
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        await asyncio.sleep(pace.wait(asyncio.get_running_loop().time()))
        yield message.get("text"), message.get("bytes")


class Client:
    """A page and its socket, from accept to disconnect.

    `hands` is shared by all pages: who asked last for an address. Of two phones on one slider each
    is told whether the hand that holds it is its own. `forget` lets a paired device in no more.
    """

    def __init__(
        self,
        socket: WebSocket,
        link: DeskLink,
        hands: MutableMapping[str, "Client"],
        forget: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._socket = socket
        self._link = link
        self._hands, self._forget = hands, forget
        self.device: str = socket.scope.get("device", "")
        self.forgotten = False  # whether its device may stay no longer
        self._role: Role = socket.scope.get("role", Role.OPERATOR)
        self._watch = asyncio.Event()
        self._table = link.table
        self._fingerprint = link.table.fingerprint
        self._addresses = [row.address for row in link.table]
        self._told: dict[str, Any] = {}
        self._held: dict[str, Any] = {}

    @property
    def watching(self) -> bool:
        """Whether the page wants pictures."""
        return self._watch.is_set()

    async def serve(self) -> None:
        """Serve the page until it goes."""
        await self._socket.accept()
        try:
            async with asyncio.TaskGroup() as tasks:
                for work in (self._hear(), self._tell(), self._show()):
                    tasks.create_task(work)
        except* (WebSocketDisconnect, TimeoutError):
            pass

    async def _hear(self) -> None:
        async for text, _ in paced(self._socket):
            await self._obey(messages.read(text, self._link.table))

    async def _obey(self, wishes: messages.Wishes) -> None:
        if self._role < Role.OPERATOR and (wishes.sets or wishes.presses or wishes.forget):
            wishes = messages.Wishes(watch=wishes.watch, errors=[LOOK_ONLY])
        for address, value in wishes.sets.items():
            self._hands[address] = self
            self._link.ask(address, value)
        for address in wishes.presses:
            self._link.press(address)
        if wishes.watch is not None:
            (self._watch.set if wishes.watch else self._watch.clear)()
        if wishes.forget and not self._forget(wishes.forget):
            wishes.refuse("no such device is paired")
        for error in wishes.errors:
            await self._send({"error": error})

    async def _tell(self) -> None:
        # With another table the page comes back and is built anew.
        while self._link.table is self._table and not self.forgotten:
            await self._send(self._news())
            await asyncio.sleep(STATUS_PERIOD)
        code = UNPAIRED if self.forgotten else SHOW_CHANGED
        await self._socket.close(code)
        raise WebSocketDisconnect(code)

    def _news(self) -> dict[str, Any]:
        # Not strict: the table may change between two lines, and then this page leaves.
        values = dict(zip(self._addresses, self._link.values(), strict=False))
        pairs = zip(self._addresses, self._link.holders(), strict=False)
        holders = {address: self._named(address, holder) for address, holder in pairs}
        news = {
            "table": self._fingerprint,
            "role": self._role.name.lower(),
            "values": _changed(values, self._told),
            "holders": _changed(holders, self._held),
            **report(self._link),
        }
        self._told, self._held = values, holders
        return news

    def _named(self, address: str, holder: str) -> str:
        return "you" if holder == _PANEL and self._hands.get(address) is self else holder

    async def _show(self) -> None:
        shown = None
        while True:
            await self._watch.wait()
            jpeg = self._link.picture()
            if jpeg is not None and jpeg is not shown:
                shown = jpeg
                async with asyncio.timeout(PATIENCE):
                    await self._socket.send_bytes(jpeg)
            await asyncio.sleep(PICTURE_PERIOD)

    async def _send(self, message: dict[str, Any]) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._socket.send_text(to_json(message))


def report(link: DeskLink) -> dict[str, Any]:
    """The status record and, in words, what is not as promised."""
    status = link.status()
    found = [{"level": one.level, "text": one.text} for one in complaints(status)]
    return {"status": status, "complaints": found}


def to_json(value: Any) -> str:
    """`value` as JSON that a browser can read: NaN and infinities become null."""
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), separators=(",", ":"))


def _finite(value: Any) -> Any:
    match value:
        case dict():
            return {key: _finite(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_finite(inner) for inner in value]
        case float() if not math.isfinite(value):
            return None
        case _:
            return value


def _changed(now: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in now.items() if before.get(key) != value}
