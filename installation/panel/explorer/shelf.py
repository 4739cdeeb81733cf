"""The shelf that everyone at the table shares: kept places, and journeys made of them.

Every sheet on it has a version. Who changes one says which version he saw; if another was quicker,
nothing is overwritten: the later change is laid beside it as a sheet of its own.
"""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from installation.errors import PlaceError
from installation.latent.journeys import Journey, Seconds, Stop
from installation.latent.places import Line, Place
from installation.store import Store

SHEETS = 500  # places and journeys together
STOPS = 64
REMOVED = 50  # that can be put back
ENDING = ".sheet"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class DraftStop(_Strict):
    """A stop of a journey on the shelf: the place by its id."""

    place: str = Field(pattern=r"^[a-z0-9]{1,32}$")
    seconds: Seconds = 8.0
    easing: Literal["linear", "smooth", "in", "out"] = "smooth"
    hold: Seconds = 0.0


class Draft(_Strict):
    """A journey on the shelf."""

    name: Line = Field(min_length=1)
    author: Line = ""
    note: str = Field(default="", max_length=2000)
    closed: bool = False
    way: Literal["circle", "spline", "line"] = "spline"
    stops: list[DraftStop] = Field(default=[], max_length=STOPS)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One place or journey, as it lies on the shelf. `picture` is a place's thumbnail, JPEG."""

    id: str
    version: int
    body: Place | Draft
    picture: bytes = field(default=b"", repr=False)

    @property
    def kind(self) -> str:
        """place or journey."""
        return "place" if isinstance(self.body, Place) else "journey"

    def told(self) -> dict[str, Any]:
        """As the page is told: all but the numbers of a place's point."""
        hidden = {"place", "seed", "z", "w"} if isinstance(self.body, Place) else set()
        words = self.body.model_dump(exclude=hidden)
        return {"id": self.id, "version": self.version, "kind": self.kind, **words}

    def to_bytes(self) -> bytes:
        """As it is kept on disk."""
        body = self.body.model_dump(mode="json", exclude_none=True)
        about = {"id": self.id, "version": self.version, "kind": self.kind, "body": body}
        return json.dumps(about).encode() + b"\n" + self.picture

    @classmethod
    def from_bytes(cls, data: bytes) -> "Sheet":
        """What `to_bytes` wrote. Raises ValueError for anything else."""
        about, _, picture = data.partition(b"\n")
        try:
            found = json.loads(about)
            kind = {"place": Place, "journey": Draft}[found["kind"]]
            body = kind.model_validate(found["body"])
            return cls(str(found["id"]), int(found["version"]), body, picture)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"it is no sheet: {error!r}") from None


class Shelf:
    """All sheets, in memory; `folder` is where `write` keeps them, None for nowhere."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._sheets: dict[str, Sheet] = {}
        self._removed: dict[str, Sheet] = {}

    def load(self) -> list[str]:
        """Take up what was kept; what cannot be used is left where it is, and told of."""
        problems = []
        for file in sorted(self._folder.glob(f"*{ENDING}")) if self._folder else []:
            found = Store(file).read()
            try:
                sheet = Sheet.from_bytes(found.body or b"{}")
                self._sheets[sheet.id] = sheet
            except ValueError:
                problems.append(found.note or f"{file} holds no place and no journey")
        return problems

    def write(self, id_: str) -> None:
        """Bring the disk up to one sheet's state; meant for a thread. Raises OSError."""
        if self._folder is None:
            return
        store, sheet = Store(self._folder / f"{id_}{ENDING}"), self._sheets.get(id_)
        if sheet:
            store.write(sheet.to_bytes())
        else:
            store.forget()

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self._sheets.values())

    def __getitem__(self, id_: str) -> Sheet:
        """Raises PlaceError."""
        if id_ not in self._sheets:
            raise PlaceError("it is no longer on the shelf")
        return self._sheets[id_]

    def place(self, id_: str) -> Place:
        """A place by id. Raises PlaceError."""
        body = self[id_].body
        if not isinstance(body, Place):
            raise PlaceError(f"{body.name!r} is a journey, not a place")
        return body

    def add(self, body: Place | Draft, picture: bytes = b"") -> Sheet:
        """A new sheet. Raises PlaceError."""
        if len(self._sheets) >= SHEETS:
            raise PlaceError(f"the shelf is full ({SHEETS}); remove what is not needed")
        self._check(body)
        sheet = Sheet(secrets.token_hex(6), 1, body, picture)
        self._sheets[sheet.id] = sheet
        return sheet

    def change(self, id_: str, base: int, words: dict[str, Any], by: str) -> tuple[Sheet, str]:
        """A sheet with other words, and what its changer should know. Raises PlaceError.

        A place keeps its point; of a journey everything may change."""
        sheet = self[id_]
        allowed = {"name", "note"} if sheet.kind == "place" else set(Draft.model_fields)
        body = _changed(sheet.body, {key: words[key] for key in words if key in allowed})
        self._check(body)
        if base == sheet.version:
            return self._put(replace(sheet, version=sheet.version + 1, body=body)), ""
        if body == sheet.body:
            return sheet, ""
        name = f"{body.name[:60]} ({by[:17] or 'yours'})"
        beside = self.add(_changed(body, {"name": name, "author": by}), sheet.picture)
        return beside, f"{sheet.body.name} was changed meanwhile; yours is kept beside it as {name}"

    def remove(self, id_: str, base: int) -> Sheet:
        """Take a sheet off the shelf. Raises PlaceError when it changed or is in use."""
        sheet = self[id_]
        if base != sheet.version:
            raise PlaceError(f"{sheet.body.name} was changed meanwhile; look at it first")
        for other in self:
            if isinstance(other.body, Draft) and id_ in {stop.place for stop in other.body.stops}:
                raise PlaceError(f"{sheet.body.name} is a stop of {other.body.name}")
        self._removed[id_] = self._sheets.pop(id_)
        if len(self._removed) > REMOVED:
            self._removed.pop(next(iter(self._removed)))
        return sheet

    def restore(self, id_: str) -> Sheet:
        """Put a removed sheet back. Raises PlaceError."""
        if id_ not in self._removed:
            raise PlaceError("it cannot be put back any more")
        sheet = self._removed.pop(id_)
        return self._put(replace(sheet, version=sheet.version + 1))

    def journey(self, id_: str) -> Journey:
        """A journey complete in itself. Raises PlaceError when it has no stop."""
        draft = self[id_].body
        if not isinstance(draft, Draft):
            raise PlaceError(f"{draft.name!r} is a place, not a journey")
        if not draft.stops:
            raise PlaceError(f"{draft.name!r} has no stops yet")
        stops = [
            Stop(**stop.model_dump(exclude={"place"}), place=self.place(stop.place))
            for stop in draft.stops
        ]
        return Journey(**draft.model_dump(exclude={"stops"}), stops=stops)

    def _check(self, body: Place | Draft) -> None:
        if isinstance(body, Draft):
            for stop in body.stops:
                self.place(stop.place)

    def _put(self, sheet: Sheet) -> Sheet:
        self._sheets[sheet.id] = sheet
        return sheet


def _changed(body: Place | Draft, words: dict[str, Any]) -> Place | Draft:
    try:
        return type(body).model_validate({**body.model_dump(exclude_unset=True), **words})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise PlaceError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
