"""The pictures of docs/edits.md: every edit on the house's own models.

python -m tools.edits               render them again
python -m tools.edits bends xray    these only
"""

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from installation.cli import main as installation
from installation.control.edit_rows import BENDS, CLUSTERS
from installation.decks.loading import load
from installation.errors import InstallationError
from installation.generators.bands import Bands
from installation.generators.bends import Bend
from installation.generators.protocol import Generator
from installation.generators.styles import Edit
from installation.generators.xray import XRay
from installation.latent.places import Place
from installation.progress import progress
from installation.session import ROOT
from installation.show.models import MadeModel

FOLDER = ROOT / "docs" / "pictures" / "edits"
CELL = 128  # pixels
GAP, LABEL, QUALITY, INK = 4, 16, 88, (40, 40, 40)
SEA, SITTER, OTHER, FAMILY = "waves", "faces/tovin", "faces/ysol", "families"

Picture = npt.NDArray[np.uint8]
Cell = tuple[str, Picture]


def generator(*of: str, **how: object) -> Generator:
    """A house model, or one made of some."""
    told = {"of": [f"models/{name}" for name in of], **how}
    return load(MadeModel.model_validate(told), ROOT, "torch", exact=True, today=lambda: date.min)


def painted(model: Generator, seed: int, edit: Edit | None = None) -> Picture:
    """One picture, RGB, at most CELL high."""
    out = np.zeros((model.height, model.width, 4), np.uint8)
    place = Place(name="seed", seed=seed).position(model.space.z_dim)
    assert model.draw(place, 1.0, out, edit)
    times = max(model.height // CELL, 1)
    return np.asarray(Image.fromarray(out[..., :3]).reduce(times))


def sheet(rows: Sequence[Sequence[Cell]]) -> Image.Image:
    """Rows of pictures, each with a word above it."""
    tall = max(cell.shape[0] for row in rows for _, cell in row) + LABEL + GAP
    wide = max(sum(cell.shape[1] + GAP for _, cell in row) for row in rows)
    whole = Image.new("RGB", (wide - GAP, len(rows) * tall - GAP), "white")
    pen = ImageDraw.Draw(whole)
    for number, row in enumerate(rows):
        left = 0
        for word, cell in row:
            pen.text((left + 2, number * tall + 2), word, INK)
            whole.paste(Image.fromarray(cell), (left, number * tall + LABEL))
            left += cell.shape[1] + GAP
    return whole


SHOWN = {
    "ablate": (16, 1.0, 1),
    "multiply": (16, 0.6, 0),
    "invert": (64, 0.5, 2),
    "threshold": (32, 0.7, 0),
    "noise": (32, 0.5, 0),
    "scale": (16, 0.5, 0),
    "rotate": (32, 0.25, 0),
    "translate_x": (32, 0.3, 0),
    "translate_y": (8, 0.25, 0),
}


def bends() -> Image.Image:
    """Each kind on two models."""
    assert SHOWN.keys() == set(BENDS)
    return sheet([row for name, seed in ((SEA, 4), (SITTER, 3)) for row in _kinds(name, seed)])


def _kinds(name: str, seed: int) -> list[list[Cell]]:
    model = generator(name)
    cells: list[Cell] = [("plain", painted(model, seed))]
    for kind, (side, amount, cluster) in SHOWN.items():
        edit = Edit(bends=(Bend(kind, side, amount, cluster),))
        told = f"{kind} {side} px {amount:g}" + (f" cluster {cluster}" if cluster else "")
        cells.append((told, painted(model, seed, edit)))
    return [cells[:5], cells[5:]]


def layers() -> Image.Image:
    """The same bend, layer by layer."""
    rows = []
    for name, seed, kind, amount in ((SEA, 4, "rotate", 0.125), (SITTER, 3, "scale", 0.4)):
        model = generator(name)
        sides = (4, 8, 16, 32, 64, 128)
        edits = [Edit(bends=(Bend(kind, side, amount),)) for side in sides]
        pictures = [painted(model, seed, edit) for edit in edits]
        words = [f"{kind} {side} px" for side in sides]
        rows.append(list(zip(words, pictures, strict=True)))
    return sheet(rows)


def clusters() -> Image.Image:
    """What each cluster of one layer holds: it alone is taken away."""
    rows = []
    for name, seed, side in ((SEA, 4, 32), (SITTER, 3, 16)):
        model = generator(name)
        numbers = range(1, CLUSTERS + 1)
        edits = [Edit(bends=(Bend("ablate", side, 1.0, n),)) for n in numbers]
        words = [f"{side} px without {n}" for n in numbers]
        pictures = [painted(model, seed, edit) for edit in edits]
        rows.append(list(zip(words, pictures, strict=True)))
    return sheet(rows)


def xray() -> Image.Image:
    """A layer after the other, and half of one over the picture."""
    rows = []
    for name, seed in ((SEA, 4), (SITTER, 3)):
        model = generator(name)
        cells = [(f"{s} px", painted(model, seed, Edit(xray=XRay(s, 1)))) for s in (8, 16, 32, 64)]
        half = painted(model, seed, Edit(xray=XRay(64, 0.5)))
        rows.append([("plain", painted(model, seed)), *cells, ("64 px, mix 0.5", half)])
    return sheet(rows)


def compose() -> Image.Image:
    """Several places in one picture."""
    rows = []
    for name, seeds in ((SEA, (4, 9, 1)), (SITTER, (3, 8, 5))):
        model = generator(name)
        z = [Place(name="seed", seed=seed).position(512) for seed in seeds]
        alone = [(f"seed {seed}", painted(model, seed)) for seed in seeds[:2]]
        ways = {
            "two columns": Bands(z[1:2]),
            "two rows": Bands(z[1:2], rows=True),
            "hard": Bands(z[1:2], soft=0.05),
            "three columns": Bands(z[1:]),
        }
        cells = [(word, painted(model, seeds[0], Edit(bands=b))) for word, b in ways.items()]
        rows.append([*alone, *cells])
    return sheet(rows)


def panorama() -> Image.Image:
    """One network, three times as wide, three seas in one."""
    model = generator(SEA, wide=3)
    z = [Place(name="seed", seed=seed).position(512) for seed in (9, 1)]
    return sheet([[("", painted(model, 4, Edit(bands=Bands(z, soft=1.0))))]])


def wall() -> Image.Image:
    """Two seas in one, twice as wide as the network, as the stage paints them."""
    show = {
        "models": {"wide": {"of": [str(ROOT / "models" / SEA)], "wide": 2}},
        "scenes": {"seas": {"model": "wide", "walk": {"seed": 7}, "compose": {"with": [12]}}},
    }
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "show.yaml", Path(folder) / "pictures"
        file.write_text(json.dumps(show), encoding="utf-8")
        timing = ["--seconds", "0.2", "--fps", "15", "--size", "960x480"]
        if installation(["render", str(file), *timing, "--out", str(out)]):
            raise InstallationError("the two seas could not be rendered")
        return Image.open(max(out.glob("*.png"))).convert("RGB")


def blends() -> Image.Image:
    """From one network to another: all its numbers, then its layers; then a training's moments."""
    pair = SITTER, OTHER
    numbers = [(f"amount {a:g}", generator(*pair, amount=a)) for a in (0, 0.25, 0.5, 0.75, 1)]
    swapped = [(f"from {side} px", generator(*pair, at=side, amount=1)) for side in (8, 16, 32, 64)]
    moments = [f"{FAMILY}/snapshots/{n:02}.safetensors" for n in (1, 3, 5, 8)]
    times = [(f"moment {path[-14:-12]}", generator(path)) for path in moments]
    between = ("03 and 05", generator(moments[1], moments[2]))
    rows = (numbers, [("amount 0", numbers[0][1]), *swapped], [*times, between])
    return sheet([[(word, painted(model, 3)) for word, model in row] for row in rows])


SHEETS: dict[str, Callable[[], Image.Image]] = {
    each.__name__: each for each in (bends, layers, clusters, xray, compose, panorama, wall, blends)
}


def main() -> None:
    """Render what was asked for, or everything."""
    wanted = sys.argv[1:] or list(SHEETS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in progress(wanted, len(wanted), "edits"):
        SHEETS[name]().save(FOLDER / f"{name}.jpg", quality=QUALITY)


if __name__ == "__main__":
    main()
