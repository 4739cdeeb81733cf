"""What a person looks at while an adversarial run goes on: a sheet, a walk, one line of figures."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from tools.training import metrics
from tools.training.adversarial.pictures import Pictures
from tools.training.adversarial.trainer import AdversarialTrainer
from tools.training.snapshots import COLUMNS, great_circle, sheet

ROWS = 4
BATCH = 8
SEED = 5
MOST = 256  # pictures that the figures are taken of; a CPU paints fewer
MOST_ON_CPU = 32


def draw(trainer: AdversarialTrainer, z: Tensor) -> Tensor:
    """Pictures of the averaged generator for latents (N, z_dim), in small batches."""
    return torch.cat([trainer.draw(part) for part in z.split(BATCH)])


def figures(trainer: AdversarialTrainer, pictures: Pictures) -> dict[str, float]:
    """Sliced Wasserstein distance of fresh pictures to the folder's in each octave, from the
    finest, and its floor, the distance between the folder's two halves; {} for small folders."""
    most = MOST_ON_CPU if trainer.device == "cpu" else MOST
    count = min(most, len(pictures) // 2)
    if count < MOST_ON_CPU or trainer.arch.resolution < 32:
        return {}
    source = np.random.default_rng(SEED)
    rows = np.sort(source.permutation(len(pictures))[: 2 * count].reshape(2, count))
    ours, others = (pictures.read(half) for half in rows)
    fresh = torch.randn(count, trainer.arch.z_dim, generator=torch.Generator().manual_seed(SEED))
    side, told = trainer.arch.resolution, {}
    distances = metrics.sliced_wasserstein(draw(trainer, fresh), ours)
    floors = metrics.sliced_wasserstein(others, ours)
    for level, (distance, floor) in enumerate(zip(distances, floors, strict=True)):
        told |= {f"swd_{side >> level}": distance, f"swd_{side >> level}_floor": floor}
    return {name: round(value, 2) for name, value in told.items()}


def write(
    run: Path, trainer: AdversarialTrainer, pictures: Pictures, losses: dict[str, float]
) -> dict[str, float]:
    """Write a sheet of always the same latents and a walk between some of them, and append a line
    of figures; returns the figures."""
    latents = torch.Generator().manual_seed(SEED)
    z = torch.randn(ROWS * COLUMNS, trainer.arch.z_dim, generator=latents)
    name = f"{trainer.progress.step:07d}"
    Image.fromarray(sheet(draw(trainer, z))).save(run / f"{name}-sheet.png")
    walk = torch.cat([great_circle(a, b, COLUMNS) for a, b in z[:4].split(2)])
    Image.fromarray(sheet(draw(trainer, walk))).save(run / f"{name}-walk.png")
    told = figures(trainer, pictures)
    line = {
        **asdict(trainer.progress),
        "augment": round(trainer.adaptive.p, 4),
        "agreement": round(trainer.agreement, 4),
        **{name: round(value, 4) for name, value in losses.items()},
        **told,
    }
    with (run / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
    return told


def reals(run: Path, pictures: Pictures) -> None:
    """What the folder's pictures look like once they are squares, to be looked at first."""
    rows = np.linspace(0, len(pictures) - 1, ROWS * COLUMNS).astype(int)
    Image.fromarray(sheet(pictures.read(rows))).save(run / "pictures.png")
