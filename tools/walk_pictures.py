"""The pictures of docs/walks.md that show kinds of walk, and how even the people's walks are.

python -m tools.walk_pictures

Writes the seed grid, the orbit, Mirre and the family, and prints for some scenes of people the
largest step between two pictures, at 15 a second, over the median one.
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from PIL import Image

from installation.decks.loading import load
from installation.decks.player import make_walk
from installation.generators.protocol import Generator
from installation.latent.walks import START, Steering, Walk
from installation.session import ROOT, SHADERS
from installation.show.loader import load as load_show
from installation.show.schema import Scene

FOLDER = ROOT / "docs" / "pictures"
SIDE, STEPS, QUALITY = 128, 8, 86
RATE = 15  # pictures a second of a film
STILL = Steering(push=(0.0,) * 8)

Array = npt.NDArray[np.uint8]


def main() -> None:
    """Paint them and say where they are."""
    sea = load("models/waves", ROOT)
    write("grid", grid(sea))
    write("orbit", orbit(sea))
    sea.close()
    scenes = load_show(ROOT / "show.yaml", SHADERS)[0].scenes
    write("faces", sheet(people("faces/mirre", scenes["mirre"], 74), every=2.3))
    write("families", sheet(people("families", scenes["families"], 30), every=2.0)[:SIDE])
    for name in ("tovin", "wenna", "ilo", "ysol"):
        people(f"faces/{name}", scenes[name], 40)


def write(name: str, strips: Array) -> None:
    """Into docs/pictures."""
    file = FOLDER / f"walk-{name}.jpg"
    Image.fromarray(strips).save(file, quality=QUALITY)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} kB")


def people(model: str, scene: Scene, seconds: int) -> list[Array]:
    """A walk's pictures, and a line on its steps."""
    generator = load(f"models/{model}", ROOT)
    walk, at, pictures = make_walk(scene, generator), START, []
    for _ in range(seconds * RATE):
        at, z = walk.step(at, STILL, 1 / RATE)
        pictures.append(_picture(generator, z))
    generator.close()
    film = np.stack(pictures).astype(np.int16)
    steps = np.abs(film[1:] - film[:-1]).mean((1, 2, 3))
    print(
        f"{model}, {seconds} s: largest step {steps.max() / np.median(steps):.1f} times the median"
    )
    return pictures


def sheet(film: list[Array], every: float) -> Array:
    """A picture every so many seconds, in rows."""
    shown = film[:: round(every * RATE)]
    rows = [shown[i : i + STEPS] for i in range(0, len(shown) - STEPS + 1, STEPS)]
    return np.vstack([np.hstack(row) for row in rows])


def grid(sea: Generator) -> Array:
    """Across: /steer/x once round the grid; down: /steer/y, over two rows of seeds and between."""
    walk = _walk(sea, {"kind": "grid", "grid": "4x4", "seed": 40})
    downs, rights = (0.0, 0.5, 1.0), np.arange(STEPS) * 4 / STEPS
    pushes = [[(right, down, *STILL.push[2:]) for right in rights] for down in downs]
    rows = [[walk.step(START, replace(STILL, push=p), 0.0)[1] for p in row] for row in pushes]
    return _strips(sea, rows)


def orbit(sea: Generator) -> Array:
    """Across: once round; down: at a radius of 0.5, and twice as wide."""
    walk = _walk(sea, {"kind": "orbit", "around": 85, "radius": 0.5, "period": "60s"})
    rows = []
    for spread in (1.0, 2.0):
        turns = [(step / STEPS, *START[1:]) for step in range(STEPS)]
        steering = replace(STILL, spread=spread)
        rows.append([walk.step(turn, steering, 0.0)[1] for turn in turns])
    return _strips(sea, rows)


def _walk(sea: Generator, words: dict[str, object]) -> Walk:
    return make_walk(Scene.model_validate({"model": "sea", "walk": words}), sea)


def _strips(sea: Generator, rows: list[list[npt.NDArray[np.float64]]]) -> Array:
    return np.vstack([np.hstack([_picture(sea, z) for z in row]) for row in rows])


def _picture(sea: Generator, z: npt.NDArray[np.float64]) -> Array:
    out = np.zeros((sea.height, sea.width, 4), np.uint8)
    sea.draw(z, 1.0, out)
    return np.asarray(Image.fromarray(out[..., :3]).resize((SIDE, SIDE), Image.Resampling.LANCZOS))


if __name__ == "__main__":
    main()
