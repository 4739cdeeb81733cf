"""What a page at the table may say, read with suspicion. One JSON object with one key a message."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from installation.latent.places import Line
from installation.studio.recipe import Coordinate, Id, Name, Point

Model = Annotated[str, Field(max_length=40)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Me(_Strict):
    """Who sits here."""

    name: Line = ""


class Cursor(_Strict):
    """Where a hand points on a map, None for nowhere. `map` is the page's own name of the map."""

    map: Annotated[str, Field(max_length=2000)]
    x: Coordinate
    y: Coordinate


class Keep(_Strict):
    """Keep this point as a place."""

    model: Model
    point: Point
    name: Line = Field(min_length=1)
    note: str = Field(default="", max_length=2000)


class Change(_Strict):
    """Other words for a sheet that was seen at version `base`."""

    id: Id
    base: int
    words: dict[Name, Any] = Field(max_length=10)


class Seen(_Strict):
    """A sheet, as it was seen."""

    id: Id
    base: int = 0


class Search(_Strict):
    """Search the model for the picture that the next, binary message brings."""

    model: Model


class FilmWish(_Strict):
    """A film of a journey."""

    id: Id
    model: Model
    fps: Annotated[float, Field(ge=1, le=60)] = 30.0
    pictures: bool = False  # PNG in a zip instead of a film


class Show(_Strict):
    """Send a place or a journey to the wall, or with `go` to the next GO; None lets the wall walk
    on by itself."""

    id: Id | None
    go: bool = False


class Wish(_Strict):
    """One message: exactly one of these."""

    me: Me | None = None
    cursor: Cursor | None = None
    keep: Keep | None = None
    make: dict[str, Any] | None = None  # a new journey
    bring: dict[str, Any] | None = None  # a file: a place, or a journey complete in itself
    change: Change | None = None
    remove: Seen | None = None
    restore: Seen | None = None
    search: Search | None = None
    film: FilmWish | None = None
    cancel: bool | None = None
    show: Show | None = None

    @model_validator(mode="after")
    def _one(self) -> "Wish":
        if len(self.model_fields_set) != 1:
            raise ValueError("one wish a message")
        return self

    @property
    def kind(self) -> str:
        """Which one it is."""
        return next(iter(self.model_fields_set))


def read(text: str) -> Wish:
    """The wish in a message. Raises ValueError in one line."""
    try:
        return Wish.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None
