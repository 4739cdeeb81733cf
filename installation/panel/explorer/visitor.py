"""One page at the table: hears its wishes and does them, tells it what the others do.

Words wait in a bounded queue, and a page that does not read them is let go; of cursors only the
newest are sent.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Coroutine
from typing import Any

import numpy as np
from starlette.websockets import WebSocket, WebSocketDisconnect

from installation.errors import InstallationError
from installation.panel.client import PATIENCE, UNPAIRED, paced, to_json
from installation.panel.explorer import wishes
from installation.panel.explorer.films import Films
from installation.panel.explorer.shelf import Draft
from installation.panel.explorer.table import Table
from installation.panel.pairing import Role

WORDS = 1500  # that may wait; a shelf full of news is 500
AT_ONCE = 4  # wishes of one page under way
CURSORS = 1 / 12  # seconds between two words on cursors

LOOKING = ("me", "cursor")  # what a device that may only look may say
LOOK_ONLY = "This device may look, not change: pair it as explorer"

Task = Coroutine[Any, Any, None]


class Visitor:
    """A page and its socket, from accept to disconnect. See table.Person."""

    def __init__(self, socket: WebSocket, table: Table, films: Films, log: logging.Logger) -> None:
        self.id, self.name, self.colour = secrets.token_hex(3), "", 0
        self.role: Role = socket.scope.get("role", Role.OPERATOR)
        self.device: str = socket.scope.get("device", "")
        self._socket, self._table, self._films, self._log = socket, table, films, log
        self._words: asyncio.Queue[dict[str, Any] | bytes | None] = asyncio.Queue(WORDS)
        self._cursors: dict[str, Any] = {}
        self._pointed = asyncio.Event()
        self._model = ""  # of the picture that is about to be sent
        self._work: asyncio.Task[None] | None = None
        self._busy: set[asyncio.Task[None]] = set()

    async def serve(self) -> None:
        """Serve the page until it goes."""
        await self._socket.accept()
        self._table.sit(self)
        try:
            async with asyncio.TaskGroup() as tasks:
                for work in (self._hear(), self._talk(), self._show_hands()):
                    tasks.create_task(work)
        except* (WebSocketDisconnect, TimeoutError, asyncio.QueueFull):
            pass
        finally:
            self._table.leave(self)
            if self._work:  # nobody waits for it; what is being kept is kept to its end
                self._work.cancel()

    def tell(self, message: dict[str, Any] | bytes) -> None:
        """See Person."""
        with contextlib.suppress(asyncio.QueueFull):  # `_talk` gives a deaf page up
            self._words.put_nowait(message)

    def part(self) -> None:
        """See Person."""
        with contextlib.suppress(asyncio.QueueFull):
            self._words.put_nowait(None)

    def point(self, cursors: dict[str, Any]) -> None:
        """See Person."""
        self._cursors = {who: at for who, at in cursors.items() if who != self.id}
        self._pointed.set()

    async def _talk(self) -> None:
        while True:
            message = await self._words.get()
            if self._words.qsize() >= WORDS - 1:
                raise asyncio.QueueFull
            if message is None:
                await self._socket.close(UNPAIRED)
                raise WebSocketDisconnect(UNPAIRED)
            async with asyncio.timeout(PATIENCE):
                if isinstance(message, bytes):
                    await self._socket.send_bytes(message)
                else:
                    await self._socket.send_text(to_json(message))

    async def _show_hands(self) -> None:
        while True:
            await self._pointed.wait()
            self._pointed.clear()
            self.tell({"cursors": self._cursors})
            await asyncio.sleep(CURSORS)

    async def _hear(self) -> None:
        async for text, data in paced(self._socket):
            try:
                self._obey(text, data)
            except ValueError as error:
                self.tell({"error": str(error)})

    def _obey(self, text: str | None, data: bytes | None) -> None:
        wish = None if text is None else wishes.read(text)
        if self.role < Role.EXPLORER and (wish is None or wish.kind not in LOOKING):
            raise ValueError(LOOK_ONLY)
        if wish is None:
            self._search(data or b"")
            return
        if wish.me:
            self.name = wish.me.name
            self._table.introduce()
        elif wish.kind == "cursor":
            self._table.point(self, wish.cursor.model_dump() if wish.cursor else None)
        elif wish.search:
            self._model = wish.search.model
        elif wish.kind == "cancel":
            self._leave_work()
        elif wish.film:
            self._begin(self._filmed(wish.film))
        elif len(self._busy) >= AT_ONCE:
            raise ValueError("one thing after the other")
        else:
            task = asyncio.create_task(self._safely(self._do(wish)))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def _do(self, wish: wishes.Wish) -> None:
        table, shelf = self._table, self._table.shelf
        if wish.keep:
            sheet = await table.keep(wish.keep, self.name)
            self.tell({"kept": sheet.id})
        elif wish.make is not None:
            draft = Draft.model_validate({**wish.make, "author": self.name})
            self.tell({"kept": (await table.lay(shelf.add(draft))).id})
        elif wish.bring is not None:
            self.tell({"kept": (await table.bring(wish.bring, self.name)).id})
        elif wish.change:
            await self._change(wish.change)
        elif wish.remove:
            await table.take_away(shelf.remove(wish.remove.id, wish.remove.base))
        elif wish.restore:
            await table.lay(shelf.restore(wish.restore.id))
        elif wish.show:
            warning = await table.send(wish.show.id, wish.show.go)
            self.tell({"waits" if wish.show.go else "sent": wish.show.id or "", "warning": warning})

    async def _change(self, wish: wishes.Change) -> None:
        sheet, note = self._table.shelf.change(wish.id, wish.base, wish.words, self.name)
        await self._table.lay(sheet)
        if note:
            self.tell({"sheet": self._table.shelf[wish.id].told()})
            self.tell({"beside": sheet.id, "note": note})

    def _search(self, jpeg: bytes) -> None:
        if not self._model:
            raise ValueError("say which model is to be searched first")
        self._begin(self._searched(self._model, jpeg))

    async def _searched(self, model: str, jpeg: bytes) -> None:
        async for told, data in self._table.studio.work({"do": "search", "model": model}, jpeg):
            picture, ws = data[: told["jpeg"]], data[told["jpeg"] :]
            found = ""
            if ws:
                numbers = np.frombuffer(ws, "<f4").reshape(told["shape"])
                found = self._table.found(model, told["sha256"], numbers)
            self.tell({"search": {"done": told["done"], "l1": told["l1"], "found": found}})
            self.tell(picture)

    async def _filmed(self, wish: wishes.FilmWish) -> None:
        journey = self._table.shelf.journey(wish.id)
        async for done, name in self._films.make(journey, wish.model, wish.fps, wish.pictures):
            self.tell({"film": {"done": done, "name": name}})

    def _begin(self, work: Task) -> None:
        """Long work; a page has one at a time, and a later wish takes the earlier one's place."""
        before, self._work = self._work, None
        self._work = asyncio.create_task(self._safely(_after(before, work), "work"))

    def _leave_work(self) -> None:
        if self._work:
            self._work.cancel()
            self._work = None

    async def _safely(self, work: Task, what: str = "") -> None:
        try:
            await work
        except (InstallationError, ValueError) as error:
            self.tell({"error": str(error).splitlines()[0], **({"ended": what} if what else {})})
        except asyncio.CancelledError:
            self.tell({"ended": what})
            raise
        except Exception:
            self._log.exception("a wish of the explorer failed")
            self.tell({"error": "That failed; the log says why", "ended": what})


async def _after(before: asyncio.Task[None] | None, work: Task) -> None:
    if before:
        before.cancel()
        await asyncio.wait([before])
    await work
