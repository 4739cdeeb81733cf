"""How a picture is asked for: a start in latent space and what is done to it. Pure data, checked.

A recipe is small, the same for everyone who asks, and names the same picture for ever, so it can
be an address, a key of a cache and a line in a saved file at once.
"""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Seed = Annotated[int, Field(ge=0, lt=2**32)]
Coordinate = Annotated[float, Field(ge=-65536, le=65536)]
Amount = Annotated[float, Field(ge=-8, le=8)]
Part = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(min_length=1, max_length=40)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9]{1,32}$")]
PUSHES = 32  # ways at once
DEPTH = 4  # mixes in each other


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Sheet(_Strict):
    """A point of the endless sheet `seed`: see Atlas.sheet."""

    seed: Seed = 0
    x: Coordinate
    y: Coordinate


class Way(_Strict):
    """A point of a kept journey, `seconds` after its start. `version` only keeps caches true."""

    journey: Id
    seconds: Annotated[float, Field(ge=0, le=86400)]
    version: int = 0


class Start(_Strict):
    """Where a recipe begins: exactly one of these."""

    seed: Seed | None = None
    sheet: Sheet | None = None
    place: Id | None = None
    way: Way | None = None
    z: list[float] | None = Field(default=None, max_length=4096)
    w: list[list[float]] | None = Field(default=None, max_length=64)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1 or None in (
            getattr(self, name) for name in self.model_fields_set
        ):
            raise ValueError("a start is one of seed, sheet, place, way, z, w")
        return self


class Mix(_Strict):
    """How much of another point each zone of layers takes; 0 none, 1 all."""

    other: "Point"
    coarse: Part = 0.0
    middle: Part = 0.0
    fine: Part = 0.0


class Stray(_Strict):
    """A step of `amount` standard deviations in a direction of its own for every `seed`."""

    seed: Seed
    amount: Part


class Point(_Strict):
    """A picture: a start, pushed along named ways, mixed, strayed, drawn to the middle by psi."""

    start: Start
    push: dict[Name, Amount] = Field(default={}, max_length=PUSHES)
    psi: Annotated[float, Field(ge=-1, le=2)] = 1.0
    mix: Mix | None = None
    stray: Stray | None = None

    @model_validator(mode="after")
    def _shallow(self) -> Self:
        if self.depth > DEPTH:
            raise ValueError(f"mixed {DEPTH} times; keep it as a place and go on from there")
        return self

    @property
    def depth(self) -> int:
        """How many mixes lie in each other."""
        return 1 + self.mix.other.depth if self.mix else 0

    def key(self) -> str:
        """The same text for the same picture."""
        return self.model_dump_json(exclude_defaults=True)


def point(text: str | bytes) -> Point:
    """The recipe in a JSON text. Raises ValueError in one line."""
    try:
        return Point.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where or 'the recipe'}: {first['msg']}") from None
