"""Places, journeys and Marrow's saved animations on disk. Nothing here can run what it reads.

What is kept here survives a power cut (installation.store); plain JSON, as exported or written by
hand, is read as well.
"""

import io
import json
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import ValidationError

from installation import bounded
from installation.errors import PlaceError
from installation.latent.journeys import Journey, Stop
from installation.latent.places import LONGEST, ModelRef, Place, pack
from installation.latent.space import Vector
from installation.store import MOST, Store

Kept = TypeVar("Kept", Place, Journey)
FRAMES_A_SECOND = 24.0  # Marrow counts frames


def write(path: Path, kept: Place | Journey) -> None:
    """Put it in the place of what was there. Raises PlaceError when it is too large, OSError."""
    body = exported(kept)
    if len(body) >= MOST:
        raise PlaceError(f"{path}: {len(body)} bytes, {MOST - 1} fit; take out some stops")
    Store(path).write(body)


def exported(kept: Place | Journey) -> bytes:
    """The JSON alone, to be handed on."""
    return kept.model_dump_json(exclude_none=True).encode()


def read_place(path: Path) -> Place:
    """The place in a file. Raises PlaceError in one line."""
    return parse(_body(path), Place, str(path))


def read_journey(path: Path) -> Journey:
    """The journey in a file, or a folder of Marrow's. Raises PlaceError in one line."""
    return read_animation(path) if path.is_dir() else parse(_body(path), Journey, str(path))


def parse(body: bytes, kind: type[Kept], name: str) -> Kept:
    """A place or a journey from JSON; `name` is what the error calls it. Raises PlaceError."""
    if len(body) > MOST:
        raise PlaceError(f"{name}: {len(body)} bytes; at most {MOST}")
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise PlaceError(f"{name}: {_words(error)}") from None


def read_animation(folder: Path) -> Journey:
    """An animation that Marrow saved: `source.npy`, `dest.npy`, and how many frames lie between.

    Raises PlaceError in one line."""
    steps, snapshot = _info(folder / "info.json")
    model = ModelRef(name=snapshot)
    source, dest = (
        Place(name=name, model=model, **pack(_vector(folder / f"{name}.npy")))
        for name in ("source", "dest")
    )
    stops = [Stop(place=source, seconds=steps / FRAMES_A_SECOND, easing="linear")]
    return Journey(name=folder.name[:80], way="line", stops=[*stops, Stop(place=dest)])


def _info(path: Path) -> tuple[int, str]:
    """How many frames, and of which snapshot."""
    try:
        info = json.loads(_bytes(path, 65536))
        steps, snapshot = info["steps"], str(info.get("snapshot", ""))[:80]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise PlaceError(f"{path}: no JSON object with a number of steps") from None
    if type(steps) is not int or not 1 <= steps <= 3600 * FRAMES_A_SECOND:
        raise PlaceError(f"{path}: steps is {str(steps)[:20]}, a number of frames from 1 expected")
    return steps, snapshot if snapshot.isprintable() else ""


def _vector(path: Path) -> Vector:
    """One z from a .npy file, whatever its outer dimensions."""
    data = _bytes(path, 8 * LONGEST + 1024)
    try:
        array = np.load(io.BytesIO(data), allow_pickle=False)
        vector = np.asarray(array, np.float64).reshape(-1)
        Place(name="z", **pack(vector))  # finite, not too long, not zero
    except (ValueError, TypeError, EOFError, MemoryError, AttributeError) as error:
        raise PlaceError(f"{path}: holds no vector of numbers ({_first_line(error)})") from None
    return vector


def _bytes(path: Path, most: int) -> bytes:
    try:
        return bounded.read(path, most)
    except OSError as error:
        raise PlaceError(f"{path}: cannot be read: {error.strerror}") from None


def _body(path: Path) -> bytes:
    if not path.exists() and not Store(path).copy.exists():
        raise PlaceError(f"{path}: no such file")
    if path.is_file() and (plain := _bytes(path, MOST + 64)).lstrip()[:1] == b"{":
        return plain
    found = Store(path).read()
    if found.body is None:
        raise PlaceError(found.note)
    return found.body


def _words(error: ValidationError) -> str:
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    what = first["msg"].removeprefix("Value error, ")
    return f"{where}: {what}" if where else what


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:120]
