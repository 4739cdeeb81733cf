"""A flight file: what the decks drew in the last minutes, to be drawn again at a desk.

A zip archive of plain data: each deck's record of its controls (decks.recorder), the part of
show.yaml that pictures are made from, the table of controls, and the checksums of the models'
files. No picture, no sound, and of show.yaml neither ports nor passwords.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from installation.errors import FlightError
from installation.folders import model_folder

VERSION = 1
SECTIONS = ("flight_a", "flight_b")  # of the arena, and in the archive
SECTION_BYTES = 20 * 1024 * 1024  # 40,960 records: 10.3 minutes at 66 pictures a second
SUFFIX = ".flight"
DRAWN_FROM = ("title", "models", "scenes", "decks")  # keys of show.yaml that are kept
MODEL_FILES = ("card.yaml", "model.safetensors", "directions.safetensors", "clusters.json")

_FACTS, _SHOW = "facts.json", "show.json"
_MOST = {_FACTS: 1 << 20, _SHOW: 8 << 20, **dict.fromkeys(SECTIONS, SECTION_BYTES)}


@dataclass(frozen=True, slots=True)
class Flight:
    """What a file holds. `facts` are words about the run; `show` and `table` are JSON."""

    facts: Mapping[str, Any]
    show: Mapping[str, Any]
    table: str
    records: Mapping[str, bytes]


def write(
    path: Path, facts: Mapping[str, Any], edition: bytes, records: Mapping[str, bytes]
) -> None:
    """Put the file where nothing of that name is yet; `edition` is as show.shared publishes it.

    Raises OSError; then nothing is left of it."""
    show, table = split(edition)
    part = path.with_name(path.name + ".part")
    try:
        part.touch(0o600)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_FACTS, json.dumps({"flight": VERSION, **facts}, indent=1))
            archive.writestr(_SHOW, json.dumps({"show": show, "table": table}))
            for name, record in records.items():
                archive.writestr(name, record)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def split(edition: bytes) -> tuple[dict[str, Any], str]:
    """The part of a published show that pictures are made from, and the table's JSON."""
    body = json.loads(edition)
    show = json.loads(body["show"])
    return {key: show[key] for key in DRAWN_FROM}, body["table"]


def read(path: Path) -> Flight:
    """The file's contents. Raises FlightError in one line."""
    try:
        with zipfile.ZipFile(path) as archive:
            facts = json.loads(_member(archive, _FACTS))
            if facts["flight"] != VERSION:
                raise FlightError(f"{path}: of version {facts['flight']}, {VERSION} is read here")
            if not isinstance(facts["files"], dict) or not isinstance(facts["show_folder"], str):
                raise ValueError("its facts are not as they are written")
            body = json.loads(_member(archive, _SHOW))
            records = {name: _member(archive, name) for name in SECTIONS}
            return Flight(facts, body["show"], body["table"], records)
    except OSError as error:
        raise FlightError(f"{path}: {error.strerror or 'cannot be read'}") from None
    # What zipfile raises for a damaged archive besides its own error is not documented.
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, TypeError) as error:
        raise FlightError(f"{path}: no whole flight file ({_first_line(error)})") from None
    except (RuntimeError, NotImplementedError) as error:  # encrypted; compressed another way
        raise FlightError(f"{path}: no flight file of ours ({_first_line(error)})") from None


def drawn_from(show: Mapping[str, Any], scenes: Iterable[str]) -> list[str]:
    """The files that these scenes' pictures are made from, relative to show.yaml's folder."""
    names: set[str] = set()
    for scene in (show["scenes"][name] for name in scenes):
        for played in scene.get("models") or [scene["model"]]:
            name, _, moment = played.partition("/")
            names |= set(_model_files(show["models"][name], moment))
        composed = (scene.get("compose") or {}).get("with", [])
        places = (scene["walk"]["path"], scene["mix"], *scene["centre"], *composed)
        names |= {place for place in places if place and isinstance(place, str)}
    return sorted(names)


def _model_files(model: Any, moment: str) -> Iterator[str]:
    """Of a folder or a moment of its training, or of what is made of some; a test card has none."""
    paths = [model] if isinstance(model, str) else model.get("of", [])
    if moment and isinstance(model, str):
        paths = [f"{model}/snapshots/{moment}.safetensors"]
    for path in paths:
        yield from (f"{model_folder(path)}/{name}" for name in MODEL_FILES)
        if model_folder(path) != path:
            yield path


def checksums(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of each of these files that is there."""
    found = {}
    for name in names:
        if (folder / name).is_file():
            with (folder / name).open("rb") as file:
                found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    info = archive.getinfo(name)
    if info.file_size > _MOST[name]:
        raise ValueError(f"{name} is {info.file_size} bytes")
    return archive.read(info)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:120]
