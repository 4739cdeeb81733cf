"""A short film as a folder: `film.json` and one JPEG a picture, to be opened with any viewer.

Whole or not there: it is written beside and renamed when its last picture is on the disk.
"""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import simplejpeg

from installation.errors import InstallationError
from installation.frames.ring import Picture

ABOUT = "film.json"
QUALITY = 90
LARGEST = 8192  # pixels a side
MOST = 4096  # pictures
_BYTES = 32 * 1024 * 1024  # of one picture: a larger file is not ours


@dataclass(frozen=True, slots=True)
class Film:
    """A film on disk. `rate` is pictures a second."""

    folder: Path
    rate: float
    count: int
    width: int
    height: int

    def decode(self, number: int, out: Picture) -> None:
        """Picture `number`, counted round and round, into `out`, uint8 (height, width, 4).

        Raises OSError or ValueError when the file is gone or damaged."""
        with (self.folder / _name(number % self.count)).open("rb") as file:
            data = file.read(_BYTES)
        simplejpeg.decode_jpeg(data, "RGBA", buffer=out)


def write(folder: Path, rate: float, pictures: Iterable[Picture]) -> Film:
    """Make a film of pictures of one size, uint8 (height, width, 4), sRGB.

    Raises InstallationError when the disk will not have it; then nothing is left of it."""
    part = folder.with_name(folder.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        film = replace(_fill(part, rate, pictures), folder=folder)
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(part, folder)
    except OSError as error:
        raise InstallationError(f"{folder}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return film


def find(folder: Path) -> Film | None:
    """The film in `folder`, None if there is none that can be played."""
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8")[:4096])
        film = Film(folder, **about)
        sides = int(film.width), int(film.height)
        playable = 0 < film.rate <= 240 and 0 < film.count <= MOST and 0 < max(sides) <= LARGEST
    except (OSError, ValueError, TypeError):
        return None
    return film if playable and min(sides) > 0 else None


def _fill(part: Path, rate: float, pictures: Iterable[Picture]) -> Film:
    count, size = 0, (0, 0)
    for count, picture in enumerate(pictures, 1):
        size = picture.shape[1], picture.shape[0]
        jpeg = simplejpeg.encode_jpeg(np.ascontiguousarray(picture), QUALITY, "RGBA")
        (part / _name(count - 1)).write_bytes(jpeg)
    about: dict[str, Any] = {"rate": rate, "count": count, "width": size[0], "height": size[1]}
    (part / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return Film(part, **about)


def _name(number: int) -> str:
    return f"{number:04d}.jpg"
