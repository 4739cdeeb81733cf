"""A place: a point of a model's latent space that somebody wants to come back to.

Kept as strict JSON, one object:

    {"place": 1, "name": "Anna by the window", "author": "kim", "note": "first evening",
     "model": {"name": "faces/anna", "sha256": "68d8…"}, "seed": 85}

with `seed`, `z` or `w` as the point. `z` is a list of numbers, or base64 of little-endian float32;
`w` is a list of such, one a layer, from the coarsest. Numbers only, bounded in size, never code.
"""

import base64
import binascii
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from installation.errors import PlaceError
from installation.latent.space import Vector, unit

LONGEST = 4096  # numbers in one vector; the widest known network has 1024
DEEPEST = 32  # layers
LARGEST = 1e6  # either way


def _packed(value: Any) -> bytes:
    """Numbers, as a list or as base64 text, to float32 bytes. Raises ValueError."""
    if isinstance(value, bytes):
        return _checked(value)
    if isinstance(value, str):
        try:
            return _checked(base64.b64decode(value, validate=True))
        except binascii.Error:
            raise ValueError("is no base64") from None
    if isinstance(value, list) and all(type(number) in (int, float) for number in value):
        if max(map(abs, value), default=0) > LARGEST:
            raise ValueError("has numbers that are far too large")
        return _checked(np.array(value[: LONGEST + 1], "<f4").tobytes())
    raise ValueError("a list of numbers, or base64 of little-endian float32")


def _checked(data: bytes) -> bytes:
    if not 0 < len(data) <= 4 * LONGEST or len(data) % 4:
        raise ValueError(f"1 to {LONGEST} float32 numbers")
    numbers = np.frombuffer(data, "<f4")
    if not np.isfinite(numbers).all() or np.abs(numbers).max() > LARGEST:
        raise ValueError("has numbers that are not finite, or far too large")
    return data


Numbers = Annotated[
    bytes, BeforeValidator(_packed), PlainSerializer(lambda data: base64.b64encode(data).decode())
]
_CONTROL = r"^[^\x00-\x1f\x7f-\x9f]*$"
Line = Annotated[str, Field(max_length=80, pattern=_CONTROL)]


class Part(BaseModel):
    """Plain data: unknown keys are errors, nothing is guessed, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


class ModelRef(Part):
    """Which network a place is of. An empty checksum fits every network of that shape."""

    name: Line = ""
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")


class Place(Part):
    """A named point: exactly one of `seed`, `z` and `w`."""

    place: Literal[1] = 1
    name: Annotated[str, Field(min_length=1, max_length=80, pattern=_CONTROL)]
    author: Line = ""
    note: str = Field(default="", max_length=2000)
    model: ModelRef = ModelRef()
    seed: int | None = Field(default=None, ge=0, lt=2**32)
    z: Numbers | None = None
    w: list[Numbers] | None = Field(default=None, min_length=1, max_length=DEEPEST)

    @model_validator(mode="after")
    def _one_point(self) -> "Place":
        if sum(point is not None for point in (self.seed, self.z, self.w)) != 1:
            raise ValueError("a place has one of seed, z and w")
        if self.z is not None and not np.frombuffer(self.z, "<f4").any():
            raise ValueError("z is all zeros, which is no direction")
        if self.w is not None and len(set(map(len, self.w))) != 1:
            raise ValueError("w has layers of different lengths")
        return self

    def position(self, z_dim: int) -> Vector:
        """z (z_dim,) of unit rms, or w (layers, w_dim); float64. Raises as `raw`."""
        point = self.raw(z_dim)
        return unit(point) if point.ndim == 1 else point

    def raw(self, z_dim: int) -> Vector:
        """The same with the length z was kept with.

        A seed means what it means to StyleGAN's own tools: RandomState(seed).randn(z_dim).
        Raises PlaceError when z is of another length."""
        if self.w is not None:
            return np.stack([np.frombuffer(layer, "<f4") for layer in self.w]).astype(np.float64)
        if self.seed is not None:
            return np.random.RandomState(self.seed).randn(z_dim)
        z = np.frombuffer(self.z or b"", "<f4").astype(np.float64)
        if len(z) != z_dim:
            raise PlaceError(f"place {self.name!r} has {len(z)} numbers, the model takes {z_dim}")
        return z

    def suits(self, sha256: str) -> bool:
        """Whether it was kept in the network of these weights."""
        return self.model.sha256 in ("", sha256)


def pack(position: npt.ArrayLike) -> dict[str, Any]:
    """A position as the keyword of a Place: {"z": ...} or {"w": ...}."""
    numbers = np.asarray(position, "<f4")
    if numbers.ndim == 1:
        return {"z": numbers.tobytes()}
    return {"w": [layer.tobytes() for layer in numbers]}
