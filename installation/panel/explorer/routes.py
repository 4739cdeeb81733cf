"""The explorer's addresses: its page, its pictures, its files, and the socket of the table."""

import asyncio
import logging
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from installation.errors import InstallationError, PlaceError
from installation.latent.files import exported
from installation.latent.places import Place
from installation.logs import Guard
from installation.panel.client import to_json
from installation.panel.explorer.films import Films
from installation.panel.explorer.pictures import Pictures
from installation.panel.explorer.shelf import Shelf
from installation.panel.explorer.table import Table, Wall
from installation.panel.explorer.visitor import Visitor
from installation.studio import recipe
from installation.studio.client import BusyError, Studio

PEOPLE = 12  # at the table at once
FOLLOW = 1.0  # seconds between two looks at the show's models
SIDES = (64, 128, 256, 512, 1024)
LONGEST = 16_000  # characters of a recipe in an address
FOR_EVER = {"cache-control": "private, max-age=86400, immutable"}
_STATIC = Path(__file__).parent.parent / "static" / "explorer"


class Explorer:
    """The explorer of one show. `wall` is None where nothing can be sent to it."""

    def __init__(
        self,
        studio: Studio,
        shelf: Shelf,
        films: Path,
        log: logging.Logger,
        wall: Wall | None = None,
    ) -> None:
        self.table = Table(studio, shelf, log, wall)
        self._studio, self._log = studio, log
        self._pictures, self._films = Pictures(), Films(studio, films)
        self._described: dict[str, dict[str, Any]] = {}
        self._guard = Guard(log)

    @property
    def routes(self) -> list[BaseRoute]:
        """To be served before anything that catches every address."""
        return [
            Route("/explorer", self._page),
            Route("/explorer/models.json", self._models),
            Route("/explorer/model.json", self._describe),
            Route("/explorer/picture.jpg", self._picture),
            Route("/explorer/sheet/{id}.jpg", self._thumbnail),
            Route("/explorer/sheet/{id}.json", self._file),
            Route("/explorer/film/{name}", self._film),
            WebSocketRoute("/explorer/live", self._live),
        ]

    async def close(self) -> None:
        """End the studio, and first what waits for it."""
        await self._pictures.close()
        await self._studio.close()

    async def follow(self) -> None:
        """Keep to the models of the show that plays, until cancelled: show.yaml may be saved."""
        while True:
            await asyncio.sleep(FOLLOW)
            with self._guard("following the show's models"):
                wall = self.table.wall
                if wall and (models := wall.models()) != self._studio.models:
                    await self._adopt(models)

    async def _adopt(self, models: Mapping[str, Any]) -> None:
        await self._studio.adopt(models)
        self._described.clear()
        self._pictures.forget()
        self.table.tell({"models": list(models)})

    async def _page(self, request: Request) -> Response:
        return FileResponse(_STATIC / "index.html")

    async def _models(self, request: Request) -> Response:
        names = list(self._studio.models)
        wall = self.table.wall.model() if self.table.wall else ""
        return _json({"models": names, "wall": wall if wall in names else names[0]})

    async def _describe(self, request: Request) -> Response:
        """What a model's map can be drawn along. The first question loads the model."""
        model = request.query_params.get("model", "")
        try:
            if model not in self._described:
                wish = {"do": "describe", "model": model}
                self._described[model], _ = await self._studio.ask(wish, urgent=True)
            return _json(self._described[model])
        except InstallationError as error:
            return _refused(error)

    async def _picture(self, request: Request) -> Response:
        """A recipe's picture. Nobody waits for it any more: it is not painted."""
        asked = request.query_params
        text, side = asked.get("point", ""), asked.get("side", "128")
        urgent = "urgent" in asked
        if len(text) > LONGEST or side not in map(str, SIDES):
            return PlainTextResponse(f"side is one of {SIDES}\n", 400)
        try:
            point = recipe.point(text)
            key = f"{asked.get('model')} {side} {point.key()}"
            model = asked.get("model", "")
            paint = partial(
                self.table.paint, model, point, int(side), urgent, request.is_disconnected
            )
            return Response(await self._pictures.get(key, paint), 200, FOR_EVER, "image/jpeg")
        except ValueError as error:
            return PlainTextResponse(f"{error}\n", 400)
        except InstallationError as error:
            return _refused(error)

    async def _thumbnail(self, request: Request) -> Response:
        """A place's kept picture; one that came without is painted, if its model is here."""
        try:
            sheet = self.table.shelf[request.path_params["id"]]
            picture = sheet.picture or await self._painted(sheet.id)
        except InstallationError as error:
            return _refused(error)
        return Response(picture, 200, FOR_EVER, "image/jpeg")

    async def _painted(self, id_: str) -> bytes:
        place = self.table.shelf.place(id_)
        for model, sha256 in (await self._studio.checksums()).items():
            if place.suits(sha256):
                point = recipe.Point(start=recipe.Start(place=id_))
                return await self.table.paint(model, point, 128)
        raise PlaceError("the show has no model that this place is of")

    async def _file(self, request: Request) -> Response:
        """A place or a journey, complete in itself, to be taken home."""
        shelf, id_ = self.table.shelf, request.path_params["id"]
        try:
            body = shelf[id_].body
            whole = body if isinstance(body, Place) else shelf.journey(id_)
        except InstallationError as error:
            return _refused(error)
        headers = {"content-disposition": f'attachment; filename="{_plain(whole.name)}.json"'}
        return Response(exported(whole), 200, headers, "application/json")

    async def _film(self, request: Request) -> Response:
        name = request.path_params["name"]
        film = await asyncio.to_thread(self._films.find, name)
        if film is None:
            return PlainTextResponse("no such film; make it again\n", 404)
        return FileResponse(film, filename=name)

    async def _live(self, socket: WebSocket) -> None:
        if self.table.people >= PEOPLE:
            refusal = PlainTextResponse(f"{PEOPLE} are at the table already\n", 503)
            await socket.send_denial_response(refusal)
            return
        with self._guard("serving the explorer"):
            await Visitor(socket, self.table, self._films, self._log).serve()


def _plain(name: str) -> str:
    """A file name that every system takes."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name)[:60]


def _json(value: Any) -> Response:
    return Response(to_json(value), media_type="application/json")


def _refused(error: InstallationError) -> Response:
    busy = isinstance(error, BusyError)
    status = 503 if busy else 404 if isinstance(error, PlaceError) else 422
    return PlainTextResponse(f"{error}\n", status, {"retry-after": "1"} if busy else None)
