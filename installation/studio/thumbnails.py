"""Thumbnails that `installation prepare` has painted: the middle of each model's map, in the cache.

A folder a model, by the checksum of its weights: a model that was trained on gets others. What the
studio finds here it need not paint, so that the map is there as soon as the explorer is opened.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from installation.folders import cache_home
from installation.studio.easel import Easel
from installation.studio.recipe import Point, Sheet, Start

FORM = 1  # of the pictures; the next one when they are painted otherwise
SIDE = 128  # pixels, as the map asks for them
ACROSS, UP = 8, 5  # cards either way of the middle: a page of 1920x1080 shows seven and four


def folder(sha256: str) -> Path:
    """Where the thumbnails of a model lie. Not made here."""
    return cache_home() / "thumbnails" / f"{sha256[:24]}-{FORM}"


def points() -> list[Point]:
    """What the map shows when it is opened, the middle first."""
    places = [(x, y) for x in range(-ACROSS, ACROSS + 1) for y in range(-UP, UP + 1)]
    places.sort(key=lambda place: place[0] ** 2 + place[1] ** 2)
    return [Point(start=Start(sheet=Sheet(x=x, y=y))) for x, y in places]


def missing(sha256: str) -> list[Point]:
    """Those of `points` that were not painted yet."""
    return [point for point in points() if not _file(sha256, point).is_file()]


def find(sha256: str, point: Point, side: int) -> bytes | None:
    """The thumbnail of a point as JPEG, where it was painted."""
    if not sha256 or side != SIDE or point.start.sheet is None:
        return None
    try:
        return _file(sha256, point).read_bytes()
    except OSError:
        return None


def make(easel: Easel, wanted: Iterable[Point]) -> None:
    """Paint them. Each file is there whole, or not at all. Raises OSError."""
    folder(easel.painter.sha256).mkdir(parents=True, exist_ok=True)
    for point in wanted:
        file = _file(easel.painter.sha256, point)
        part = file.with_suffix(".part")
        part.write_bytes(easel.jpeg(easel.styles(point), SIDE))
        part.replace(file)


def _file(sha256: str, point: Point) -> Path:
    return folder(sha256) / f"{hashlib.sha256(point.key().encode()).hexdigest()[:24]}.jpg"
