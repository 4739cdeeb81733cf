"""The pictures of docs/outputs.md: `python -m tools.outputs_pictures [a picture of a show]`.

Two projectors are simulated with the stage's own shaders: what each gets, and on the wall the sum
of their light. The calibration's grid is drawn over two windows as the stage draws it.
"""

import sys
from pathlib import Path

import moderngl
import numpy as np
from PIL import Image

from installation.session import ROOT, SHADERS
from installation.show.outputs import Blend, Corners, Window
from installation.stage.calibration import HELP
from installation.stage.gl import Core, Target, headless_context
from installation.stage.grid import Grid
from installation.stage.mapping import sides
from installation.stage.projection import Projection
from installation.stage.sheet import Sheet

CANVAS, LENS = (1600, 500), (1000, 500)
GAMMA = 2.2
CROPS = ((0.0, 0.0, 0.625, 1.0), (0.375, 0.0, 0.625, 1.0))
CORNERS: tuple[Corners, Corners] = (
    ((0.04, 0.12), (0.98, 0.03), (1.0, 0.94), (0.0, 0.88)),
    ((0.02, 0.0), (0.95, 0.1), (0.99, 0.9), (0.0, 0.97)),
)
QUALITY = 85


def main(source: Path) -> None:
    """Write both pictures."""
    context = headless_context()
    picture = Image.open(source).convert("RGBA")
    shown = picture.resize((CANVAS[0], round(picture.height * CANVAS[0] / picture.width)))
    canvas = context.texture(CANVAS, 4, shown.crop((0, 0, *CANVAS)).tobytes())
    lenses = [_thrown(context, canvas, index, None) for index in (0, 1)]
    _save(np.vstack([np.hstack(lenses), _wall(context, canvas)]), "projectors")
    grid = Target(context, CANVAS, "f1")
    _calibrating(Core(context, SHADERS), grid)
    windows = [_thrown(context, grid.texture, index, CORNERS[index]) for index in (0, 1)]
    _save(np.hstack(windows), "calibration")


def _windows(corners: Corners | None, index: int) -> list[Window]:
    made = [Window(crop=crop, blend=Blend(gamma=GAMMA)) for crop in CROPS]
    if corners:
        made[index] = made[index].model_copy(update={"corners": corners})
    return made


def _thrown(
    context: moderngl.Context, canvas: moderngl.Texture, index: int, corners: Corners | None
) -> np.ndarray:
    """What projector `index` gets; with the calibration's mark on the first one's first corner."""
    windows = _windows(corners, index)
    projection = Projection(context, SHADERS, windows[index], sides(index, windows))
    target = Target(context, LENS, "f1")
    dim = 0.35 if corners and index else 1.0
    projection.draw(canvas, target.framebuffer, LENS, upward=True, light=dim)
    if corners and not index:
        projection.mark(corners[0], target.framebuffer, LENS, upward=True)
    pixels = np.frombuffer(target.framebuffer.read(components=3), np.uint8)
    return pixels.reshape(LENS[1], LENS[0], 3)


def _wall(context: moderngl.Context, canvas: moderngl.Texture) -> np.ndarray:
    """The light of both on the wall, in the middle of a dark room."""
    light = np.zeros((CANVAS[1], 2 * LENS[0], 3))
    for index, crop in enumerate(CROPS):
        left = round(crop[0] * CANVAS[0]) + (2 * LENS[0] - CANVAS[0]) // 2
        light[:, left : left + LENS[0]] += (_thrown(context, canvas, index, None) / 255.0) ** GAMMA
    return (255 * np.clip(light, 0, 1) ** (1 / GAMMA)).astype(np.uint8)


def _calibrating(core: Core, onto: Target) -> None:
    Grid(core, CANVAS).draw(onto.framebuffer)
    sheet = Sheet(core, CANVAS, 46, 2 + len(HELP))
    sheet.write(["window 1 of 2, top left - not saved", "", *HELP])
    sheet.draw(onto.framebuffer, 500 - sheet.size[0] // 2, 50)


def _save(picture: np.ndarray, name: str) -> None:
    small = Image.fromarray(np.ascontiguousarray(picture))
    small = small.resize((1400, round(small.height * 1400 / small.width)), Image.Resampling.LANCZOS)
    small.save(ROOT / "docs" / "pictures" / f"{name}.jpg", quality=QUALITY, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures" / "show.jpg")
