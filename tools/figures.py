"""Draw the pictures of docs/models.md: `python -m tools.figures RUN MODEL docs/pictures`.

Samples and walks are drawn from the exported model, the way the runtime draws them; the curve from
the metrics that the training run left.
"""

import argparse
import json
from pathlib import Path

import matplotlib
import numpy as np
import torch
import yaml
from matplotlib import pyplot as plt
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

from installation.generators.architecture import Architecture
from installation.generators.stylegan2 import Generator
from tools.export import restore
from tools.paint import PAINTERS, Painter, sample
from tools.paint.waves.parameters import tide
from tools.training.data import shrink
from tools.training.evaluate import draw
from tools.training.snapshots import great_circle, sheet

COLUMNS = 8
SEED = 2026
ROWS = 3
SIDE = 128  # of a picture in the docs, eight beside each other
TIDE_STEP = 0.35  # seconds between two pictures of the rolling sea
MOTIONS = {"waves": ("tide", "tide"), "faces": ("yaw", "smile"), "families": ("wenna", "third_yaw")}


def load_model(folder: Path) -> Generator:
    """The generator in a model folder, in float32."""
    card = yaml.safe_load((folder / "card.yaml").read_text())
    shape = {name: value for name, value in card["architecture"].items() if name != "kind"}
    return restore(load_file(folder / "model.safetensors"), Architecture(**shape))


def painter_of(folder: Path) -> Painter:
    """Who painted what the model in `folder` learned from."""
    card = yaml.safe_load((folder / "card.yaml").read_text())
    return PAINTERS[card["training"].get("painter", "waves")]


def painted(painter: Painter, z: np.ndarray, side: int) -> Tensor:
    """The painter's own pictures as float (N, 3, side, side) in [-1, 1]."""
    pictures = np.stack([painter.paint(row, side) for row in z])
    return torch.from_numpy(pictures).permute(0, 3, 1, 2) / 127.5 - 1


def small(pictures: Tensor) -> Tensor:
    """As large as the docs show them, at most."""
    return shrink(pictures, min(SIDE, pictures.shape[-1]))


def painter_and_model(generator: Generator, painter: Painter) -> Tensor:
    """Rows in turn: what the painter paints, what the network makes of the same numbers."""
    wanted = sample(painter, ROWS * COLUMNS, SEED).reshape(ROWS, COLUMNS, -1)
    return torch.cat(
        [
            row
            for z in wanted
            for row in (painted(painter, z, SIDE), small(draw(generator, torch.from_numpy(z))))
        ]
    )


def moved(painter: Painter, z: np.ndarray, motion: str) -> np.ndarray:
    """`z` (K,) in COLUMNS moments: the sea rolling, or one named number from low to high."""
    if motion == "tide":
        return np.stack([tide(z, TIDE_STEP * i) for i in range(COLUMNS)])
    path = np.repeat(z[None], COLUMNS, 0)
    index = [parameter.name for parameter in painter.parameters].index(motion)
    path[:, index] = np.linspace(-2, 2, COLUMNS)
    return path


def walks(generator: Generator, painter: Painter) -> Tensor:
    """Two rows of single motions, two rows of a walk from one picture to another."""
    wanted = sample(painter, 6, SEED + 1)
    motions = MOTIONS[painter.name.split("/")[0]]
    single = [moved(painter, z, motion) for z, motion in zip(wanted, motions, strict=False)]
    ends = torch.from_numpy(wanted[2:])
    between = [great_circle(a, b, COLUMNS) for a, b in ends.split(2)]
    return small(draw(generator, torch.cat([torch.from_numpy(np.concatenate(single)), *between])))


def curve(run: Path, file: Path) -> None:
    """Held-out error and sharpness over processor minutes, one colour per resolution."""
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.2), layout="constrained")
    for side in sorted({line["resolution"] for line in lines}):
        part = [line for line in lines if line["resolution"] == side]
        minutes = [line["cpu_seconds"] / 60 for line in part]
        for axis, name in zip(axes, ("hold_l1", "sharpness"), strict=True):
            axis.plot(minutes, [line[name] for line in part], ".-", label=f"{side} px")
    axes[0].set(
        title="held-out mean error (pictures span 2)", xlabel="processor minutes", yscale="log"
    )
    axes[1].set(title="sharpness (1 = as the painter)", xlabel="processor minutes")
    axes[0].legend()
    figure.savefig(file, dpi=90)
    plt.close(figure)


def main(arguments: list[str] | None = None) -> None:
    """Draw all figures."""
    top = argparse.ArgumentParser(prog="python -m tools.figures", description=__doc__)
    for name in ("run", "model", "pictures"):
        top.add_argument(name, type=Path)
    options = top.parse_args(arguments)
    matplotlib.use("Agg")
    torch.set_num_threads(1)
    options.pictures.mkdir(parents=True, exist_ok=True)
    generator, painter = load_model(options.model), painter_of(options.model)
    name = painter.name.replace("/", "-")
    curve(options.run, options.pictures / f"{name}-curve.png")
    for what, drawn in (("samples", painter_and_model), ("walks", walks)):
        file = options.pictures / f"{name}-{what}.jpg"
        Image.fromarray(sheet(drawn(generator, painter))).save(file, quality=88)


if __name__ == "__main__":
    main()
