"""The table that several people sit at: who is there, what they do to the shelf, what they ask of
the studio. One object; the pages' sockets call it on the panel's loop."""

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from installation.errors import PlaceError
from installation.latent.files import exported
from installation.latent.journeys import Journey, Stop
from installation.latent.places import ModelRef, Place, pack
from installation.panel.explorer.origins import origin_of
from installation.panel.explorer.shelf import Draft, DraftStop, Sheet, Shelf
from installation.panel.explorer.wishes import Keep
from installation.panel.pairing import Role
from installation.studio.client import Studio
from installation.studio.recipe import Point, Start

THUMBNAIL = 128  # pixels of a place's picture
FOUND = 16  # results of searches that are remembered without being kept

Gone = Callable[[], Awaitable[bool]]


class Wall(Protocol):
    """The show, as far as the table reaches."""

    def models(self) -> Mapping[str, Any]:
        """The models that show.yaml names now, as plain data."""
        ...

    def model(self) -> str:
        """The name of the model that plays."""
        ...

    def play(self, journeys: Sequence[Journey]) -> None:
        """Go these journeys; none: walk on by itself."""
        ...

    def stand_by(self, title: str, model: str, journeys: Sequence[Journey]) -> None:
        """Let the next GO send these to a scene of that model."""
        ...


class Person(Protocol):
    """Someone at the table."""

    id: str
    name: str
    colour: int
    role: Role
    device: str  # that is paired; "" for one that needs no code

    def part(self) -> None:
        """Leave: the device may stay no longer."""
        ...

    def tell(self, message: dict[str, Any]) -> None: ...
    def point(self, cursors: dict[str, Any]) -> None: ...


class Table:
    """People, shelf and studio. `wall` is None where nothing can be sent to the show."""

    def __init__(
        self, studio: Studio, shelf: Shelf, log: logging.Logger, wall: Wall | None = None
    ) -> None:
        self.studio, self.shelf, self.wall = studio, shelf, wall
        self._log = log
        self._people: dict[str, Person] = {}
        self._cursors: dict[str, Any] = {}
        self._found: OrderedDict[str, Place] = OrderedDict()
        self._writing = asyncio.Lock()

    @property
    def people(self) -> int:
        """How many sit here."""
        return len(self._people)

    def sit(self, person: Person) -> None:
        """Someone comes: is told what lies here, and shown to the others."""
        taken = {other.colour for other in self._people.values()}
        person.colour = next(colour for colour in range(99) if colour not in taken)
        self._people[person.id] = person
        sheets = [sheet.told() for sheet in self.shelf]
        looks = person.role < Role.EXPLORER
        wall = self.wall is not None and not looks
        person.tell({"you": person.id, "looks": looks, "sheets": sheets, "wall": wall})
        person.point(self._cursors)
        self.introduce()

    def leave(self, person: Person) -> None:
        """Someone goes."""
        del self._people[person.id]
        self.point(person, None)
        self.introduce()

    def part(self, device: str) -> None:
        """A device was forgotten: whoever sits here with it leaves."""
        for person in tuple(self._people.values()):
            if person.device == device:
                person.part()

    def introduce(self) -> None:
        """Tell everyone who is here."""
        people = [
            {"id": person.id, "name": person.name, "colour": person.colour}
            for person in self._people.values()
        ]
        self.tell({"people": people})

    def tell(self, message: dict[str, Any]) -> None:
        """Tell everyone."""
        for person in tuple(self._people.values()):
            person.tell(message)

    def point(self, person: Person, cursor: dict[str, Any] | None) -> None:
        """Someone's hand moves, or is taken away."""
        self._cursors = {k: at for k, at in self._cursors.items() if k != person.id}
        if cursor is not None:
            self._cursors[person.id] = cursor
        for other in self._people.values():
            other.point(self._cursors)

    def resolved(self, point: Point) -> tuple[Point, str]:
        """A recipe without ids, and the journey it is a point of. Raises PlaceError."""
        journey = ""
        if point.start.way:
            journey = exported(self.shelf.journey(point.start.way.journey)).decode()
        return self._without_ids(point), journey

    async def paint(
        self, model: str, point: Point, side: int, urgent: bool = False, gone: Gone | None = None
    ) -> bytes:
        """A recipe's JPEG. Raises InstallationError."""
        resolved, journey = self.resolved(point)
        wish = {"do": "paint", "model": model, "side": side, "journey": journey}
        _, jpeg = await self.studio.ask(wish, resolved.key().encode(), urgent, gone)
        return jpeg

    async def keep(self, wish: Keep, by: str) -> Sheet:
        """Put a point on the shelf as a place. Raises InstallationError."""
        resolved, _ = self.resolved(wish.point)
        told, data = await self.studio.ask(
            {"do": "find", "model": wish.model}, resolved.key().encode(), True
        )
        seed = resolved.start.seed if resolved == Point(start=resolved.start) else None
        numbers = np.frombuffer(data, "<f4").reshape(told["shape"])
        where: dict[str, Any] = {"seed": seed} if seed is not None else pack(numbers)
        model = ModelRef(name=wish.model, sha256=told["sha256"])
        place = Place(name=wish.name, author=by, note=wish.note, model=model, **where)
        picture = await self.paint(wish.model, wish.point, THUMBNAIL, True)
        return await self.lay(self.shelf.add(place, picture))

    async def bring(self, data: dict[str, Any], by: str) -> Sheet:
        """Put a file's place, or a journey with its places, on the shelf. Raises PlaceError."""
        try:
            if "journey" in data:
                return await self._brought(Journey.model_validate(data))
            return await self._placed(Place.model_validate(data))
        except ValueError as error:
            raise PlaceError(f"the file holds no place and no journey: {_line(error)}") from None

    async def _brought(self, journey: Journey) -> Sheet:
        here = {_point_of(sheet.body): sheet for sheet in self.shelf if _is_place(sheet)}
        stops = []
        for stop in journey.stops:
            known = here.get(_point_of(stop.place))
            known = known or await self._placed(stop.place)
            here[_point_of(stop.place)] = known
            words = stop.model_dump(exclude={"place"})
            stops.append(DraftStop(place=known.id, **words))
        words = journey.model_dump(exclude={"stops", "journey"})
        return await self.lay(self.shelf.add(Draft(**words, stops=stops)))

    async def _placed(self, place: Place) -> Sheet:
        return await self.lay(self.shelf.add(place))

    async def lay(self, sheet: Sheet) -> Sheet:
        """Write a changed sheet and show it to everyone."""
        self.tell({"sheet": sheet.told()})
        await self._write(sheet.id)
        return sheet

    async def take_away(self, sheet: Sheet) -> None:
        """Remove a sheet from the disk and from everyone's sight."""
        self.tell({"gone": sheet.id})
        await self._write(sheet.id)

    def found(self, model: str, sha256: str, ws: np.ndarray) -> str:
        """Remember where a search ended; the id a recipe may start from."""
        ref = ModelRef(name=model, sha256=sha256)
        id_ = f"f{secrets.token_hex(6)}"
        self._found[id_] = Place(name="found", model=ref, **pack(ws))
        if len(self._found) > FOUND:
            self._found.popitem(last=False)
        return id_

    async def send(self, id_: str | None, go: bool = False) -> str:
        """Send a place or a journey to the wall, at once or when GO is next pressed; None lets the
        wall walk on by itself. What its sender should know. Raises PlaceError."""
        if self.wall is None:
            raise PlaceError("there is no wall to send to")
        if id_ is None:
            self.wall.play([])
            return ""
        journey = self._to_go(id_)
        origin = origin_of(journey, await self.studio.checksums(), self.wall.model())
        if go:
            self.wall.stand_by(journey.name, origin.model, [journey])
        elif origin.model != self.wall.model():
            raise PlaceError(
                f"{journey.name} is of {origin.model}, and the wall plays {self.wall.model()}; "
                f"go to a scene of {origin.model} first, or send it as the next cue"
            )
        else:
            self.wall.play([journey])
        return origin.warning

    def _to_go(self, id_: str) -> Journey:
        """A journey; a place is one of a single stop, which is held."""
        body = self.shelf[id_].body
        if isinstance(body, Place):
            return Journey(name=body.name, stops=[Stop(place=body)])
        return self.shelf.journey(id_)

    def _without_ids(self, point: Point) -> Point:
        changes: dict[str, Any] = {"start": self._started(point.start)}
        if point.mix:
            other = self._without_ids(point.mix.other)
            changes["mix"] = point.mix.model_copy(update={"other": other})
        return point.model_copy(update=changes)

    def _started(self, start: Start) -> Start:
        if start.place is None:
            return start
        place = self._found.get(start.place) or self.shelf.place(start.place)
        if place.seed is not None:
            return Start(seed=place.seed)
        if place.z is not None:
            return Start(z=np.frombuffer(place.z, "<f4").tolist())
        return Start(w=[np.frombuffer(layer, "<f4").tolist() for layer in place.w or []])

    async def _write(self, id_: str) -> None:
        """On a thread, one after the other. A full disk costs a line, not the sheet."""
        async with self._writing:
            try:
                await asyncio.to_thread(self.shelf.write, id_)
            except OSError as error:
                self._log.error("a sheet of the explorer cannot be kept: %s", error)
                self.tell({"error": f"The disk refuses to keep it: {error.strerror}"})


def _is_place(sheet: Sheet) -> bool:
    return isinstance(sheet.body, Place)


def _point_of(place: Place | Draft) -> Any:
    assert isinstance(place, Place)
    return place.model.sha256, place.seed, place.z, tuple(place.w or ())


def _line(error: ValueError) -> str:
    return str(error).partition("\n")[2].partition("\n")[0] or str(error)
