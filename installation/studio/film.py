"""A journey as a film of the network's pictures, or as PNG pictures in a zip, frame by frame."""

import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from installation.generators.protocol import Picture
from installation.latent.curves import Curve
from installation.latent.space import Vector
from installation.outputs.film import Film
from installation.studio.wire import Frame

LONGEST = 20_000  # pictures: eleven minutes at 30 a second


def film(
    curve: Curve, painted: Callable[[Vector], Picture], out: Path, fps: float
) -> Iterator[Frame]:
    """Write `out`, .mp4 or .zip; one picture a step. A closed journey has no picture twice.

    Raises ValueError for a journey too long. A film left unfinished leaves no file."""
    count = max(1, round(curve.duration * fps) + (0 if curve.closed else 1))
    if count > LONGEST:
        raise ValueError(f"the journey has {count} pictures; a film has at most {LONGEST}")
    part = out.with_name(out.stem + ".part" + (".mp4" if out.suffix == ".mp4" else ""))
    try:
        yield from _painted(curve, painted, part, fps, count)
        if out.suffix == ".zip":
            _zipped(part, out)
        else:
            part.replace(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if part.is_file():
            part.unlink()
    yield {"done": 1.0, "pictures": count}, b""


def _painted(
    curve: Curve, painted: Callable[[Vector], Picture], part: Path, fps: float, count: int
) -> Iterator[Frame]:
    first = _even(painted(curve.at(0.0)))
    with Film(part, (first.shape[1], first.shape[0]), fps) as reel:
        for number in range(count):
            reel.add(_even(painted(curve.at(number / fps))))
            yield {"more": True, "done": number / count}, b""


def _even(picture: Picture) -> Picture:
    """H.264 wants even sides."""
    return picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]


def _zipped(folder: Path, out: Path) -> None:
    """PNG is packed already: stored."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
