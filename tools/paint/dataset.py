"""A growing set of (parameters, picture) pairs on disk, safe to kill and to read while it grows.

Two append-only raw files and a small description; the number of pairs is the length of the shorter
file, so a torn last write costs only itself.
"""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from tools.paint.painter import sample
from tools.paint.painters import PAINTERS

BATCH = 32  # pictures between two writes: a few seconds of work


@dataclass(frozen=True)
class Description:
    """What makes the pairs repeatable: picture size in pixels, seed, the painter's name."""

    size: int
    seed: int
    painter: str = "waves"

    @property
    def latents(self) -> int:
        """Numbers per picture."""
        return len(PAINTERS[self.painter].parameters)


def latents_file(folder: Path) -> Path:
    """Raw float32, `latents` numbers per pair."""
    return folder / "latents.f32"


def pictures_file(folder: Path) -> Path:
    """Raw RGB uint8, size * size * 3 bytes per pair."""
    return folder / "pictures.u8"


def describe(folder: Path) -> Description:
    """Read the description of an existing set."""
    return Description(**json.loads((folder / "dataset.json").read_text()))


def count(folder: Path, about: Description) -> int:
    """Complete pairs on disk now."""
    pictures = pictures_file(folder).stat().st_size // (about.size**2 * 3)
    return min(pictures, latents_file(folder).stat().st_size // (4 * about.latents))


def _open(folder: Path, wanted: Description) -> int:
    """Create the set, or check that it is the wanted one and cut a torn tail; pairs on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    note = folder / "dataset.json"
    if not note.exists():
        note.write_text(json.dumps(asdict(wanted)))
    if describe(folder) != wanted:
        raise ValueError(f"{folder} holds {describe(folder)}, not {wanted}: choose another folder")
    for file in (latents_file(folder), pictures_file(folder)):
        file.touch()
    done = count(folder, wanted)
    with latents_file(folder).open("r+b") as latents, pictures_file(folder).open("r+b") as pictures:
        latents.truncate(done * 4 * wanted.latents)
        pictures.truncate(done * wanted.size**2 * 3)
    return done


def _append(file: BinaryIO, values: np.ndarray) -> None:
    file.write(values.tobytes())
    file.flush()


def grow(folder: Path, total: int, about: Description, threads: int) -> Iterator[int]:
    """Paint until `total` pairs exist; yields the number on disk after each batch."""
    done = _open(folder, about)
    painter = PAINTERS[about.painter]
    wanted = sample(painter, max(total, done), about.seed)
    with (
        ThreadPoolExecutor(threads) as pool,
        latents_file(folder).open("ab") as latents,
        pictures_file(folder).open("ab") as pictures,
    ):
        for start in range(done, total, BATCH):
            batch = wanted[start : min(start + BATCH, total)]
            _append(
                pictures, np.stack(list(pool.map(lambda z: painter.paint(z, about.size), batch)))
            )
            _append(latents, batch)
            yield start + len(batch)
