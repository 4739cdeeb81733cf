"""Somebody's folder of pictures as one array of squares, read once and kept with the run."""

import hashlib
import json
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError
from torch import Tensor

from installation.errors import InstallationError
from installation.progress import progress
from tools.training.data import to_float

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP")
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"}
MOST_PIXELS = 100_000_000  # of one picture: 300 MB while it is open
FEWEST = 2  # below, nothing could be told apart
ARRAY, ABOUT = "pictures.u8", "pictures.json"

Tell = Callable[[str], None]


@dataclass(frozen=True)
class About:
    """What was read: `digest` stands for the files' names, sizes and times."""

    folder: str
    digest: str
    side: int
    count: int
    broken: int  # pictures that could not be read
    others: int  # files that are no pictures
    enlarged: int  # pictures smaller than `side`

    def __str__(self) -> str:
        rest = {
            "could not be read": self.broken,
            "other files passed over": self.others,
            f"smaller than {self.side} px and enlarged": self.enlarged,
        }
        told = "".join(f", {count} {what}" for what, count in rest.items() if count)
        return f"{self.folder}: {self.count} pictures at {self.side} px{told}"


def listed(folder: Path) -> tuple[list[Path], int]:
    """Files that call themselves pictures, in order, and how many others there are.

    Raises InstallationError when there is no such folder."""
    if not folder.is_dir():
        raise InstallationError(f"{folder}: no such folder; name the folder your pictures are in")
    files = sorted(f for f in folder.rglob("*") if f.is_file() and not f.name.startswith("."))
    pictures = [file for file in files if file.suffix.lower() in SUFFIXES]
    return pictures, len(files) - len(pictures)


def square(file: Path, side: int) -> tuple[np.ndarray, bool]:
    """The picture's middle as uint8 (side, side, 3), upright, transparency on white; and whether
    it had to be enlarged. Only formats of FORMATS are decoded, and none above MOST_PIXELS.

    Raises InstallationError in one line."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata; what counts raises
            with Image.open(file, formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise InstallationError(
                        f"{file}: {opened.width} x {opened.height} pixels are too many; make it "
                        "smaller"
                    )
                upright = ImageOps.exif_transpose(opened)
                fitted = ImageOps.fit(_on_white(upright), (side, side), Image.Resampling.LANCZOS)
                return np.asarray(fitted), min(upright.size) < side
    except UnidentifiedImageError:
        raise InstallationError(f"{file}: is no picture that can be read") from None
    # What a decoder raises for damaged data is not one kind of error.
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        reason = str(error).partition("\n")[0][:120]
        raise InstallationError(f"{file}: cannot be read ({reason})") from None


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    clear = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")


def prepare(folder: Path, side: int, run: Path, tell: Tell) -> About:
    """Read every picture of `folder` into `run`, unless they lie there already. `tell` hears a
    line for each that cannot be read.

    Raises InstallationError when too few can."""
    files, others = listed(folder)
    digest = _digest(files, side)
    kept = _kept(run)
    if kept and kept.digest == digest:
        return kept
    run.mkdir(parents=True, exist_ok=True)
    (run / ABOUT).unlink(missing_ok=True)
    count = enlarged = 0
    with (run / ARRAY).open("wb") as out:
        for file in progress(files, len(files), "reading"):
            try:
                pixels, small = square(file, side)
            except InstallationError as error:
                tell(f"{error}; it is left out")
                continue
            out.write(pixels.tobytes())
            count, enlarged = count + 1, enlarged + small
    if count < FEWEST:
        raise InstallationError(
            f"{folder}: {count} pictures can be read, {FEWEST} are the least; a hundred are few"
        )
    about = About(folder.name, digest, side, count, len(files) - count, others, enlarged)
    part = run / f".{ABOUT}"
    part.write_text(json.dumps(asdict(about)))
    os.replace(part, run / ABOUT)
    return about


def _digest(files: list[Path], side: int) -> str:
    seen = [(str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in files]
    return hashlib.sha256(json.dumps([side, seen]).encode()).hexdigest()


def _kept(run: Path) -> About | None:
    try:
        about = About(**json.loads((run / ABOUT).read_text()))
        whole = (run / ARRAY).stat().st_size == about.count * about.side**2 * 3
    except (OSError, ValueError, TypeError):
        return None
    return about if whole else None


class Pictures:
    """The squares that `prepare` left in a run's folder. Raises InstallationError without them."""

    def __init__(self, run: Path, mirror: bool = False) -> None:
        about = _kept(run)
        if about is None:
            raise InstallationError(f"{run}: holds no pictures that were read")
        self.about, self._mirror = about, mirror
        shape = (about.count, about.side, about.side, 3)
        self._array = np.memmap(run / ARRAY, np.uint8, "r", shape=shape)

    def __len__(self) -> int:
        return self.about.count

    def read(self, rows: np.ndarray) -> Tensor:
        """float32 (B, 3, side, side) in [-1, 1]."""
        return to_float(self._array[rows])

    def batch(self, size: int, source: torch.Generator) -> Tensor:
        """A random batch; every second one mirrored, if that was asked for."""
        rows = torch.randint(len(self), (size,), generator=source).sort().values
        pictures = self.read(rows.numpy())
        if not self._mirror:
            return pictures
        turned = torch.rand(size, generator=source) < 0.5
        return torch.where(turned[:, None, None, None], pictures.flip(3), pictures)


def to_stderr(line: str) -> None:
    """Where `prepare` complains, apart from the results."""
    print(line, file=sys.stderr, flush=True)
