"""What a person looks at while a run goes on: a sheet, a walk, one line of figures."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from tools.training import metrics
from tools.training.attention import faces
from tools.training.data import Pairs, to_uint8
from tools.training.trainer import Trainer

COLUMNS = 8
BATCH = 16


def draw(trainer: Trainer, z: Tensor, side: int) -> Tensor:
    """Pictures of the averaged generator, in small batches, on the CPU."""
    with torch.no_grad():
        return torch.cat(
            [trainer.draw(trainer.average, part, side).cpu() for part in z.split(BATCH)]
        )


def great_circle(start: Tensor, end: Tensor, steps: int) -> Tensor:
    """From one latent to another on a path of smoothly changing length: (steps, K)."""
    t = torch.linspace(0, torch.pi / 2, steps)[:, None]
    return start * t.cos() + end * t.sin()


def sheet(pictures: Tensor) -> np.ndarray:
    """(N, 3, R, R) in rows of eight -> uint8 (H, W, 3)."""
    rows = to_uint8(pictures).reshape(-1, COLUMNS, *pictures.shape[2:], 3)
    return np.concatenate([np.concatenate(row, 1) for row in rows], 0)


def figures(fake: Tensor, real: Tensor, seen: Tensor | None = None) -> dict[str, float]:
    """The run's measures on the held-out pairs; `seen` is where their faces are."""
    on_faces = {} if seen is None else {"face_l1": round(metrics.mean_error(fake, real, seen), 5)}
    return {
        "hold_l1": round(metrics.mean_error(fake, real), 5),
        **on_faces,
        "sharpness": round(metrics.sharpness(fake, real), 4),
        "swd_fine": round(metrics.sliced_wasserstein(fake, real)[0], 2),
    }


def write(folder: Path, trainer: Trainer, pairs: Pairs, side: int) -> dict[str, float]:
    """Write the pictures and append the figures; returns the figures."""
    folder.mkdir(parents=True, exist_ok=True)
    z, real = pairs.held_out(side)
    fake = draw(trainer, z, side)
    told = figures(fake, real, faces(pairs.painter, z, side))
    fresh = torch.randn(6 * COLUMNS, z.shape[1], generator=torch.Generator().manual_seed(5))
    pairs_then_fresh = [real[:8], fake[:8], real[8:16], fake[8:16], draw(trainer, fresh[:16], side)]
    walks = [great_circle(a, b, COLUMNS) for a, b in fresh[16:24].split(2)]
    name = f"{trainer.progress.step:07d}"
    Image.fromarray(sheet(torch.cat(pairs_then_fresh))).save(folder / f"{name}-sheet.png")
    strip = sheet(draw(trainer, torch.cat(walks), side))
    Image.fromarray(strip).save(folder / f"{name}-walk.png")
    line = {**asdict(trainer.progress), "resolution": side, **told}
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(json.dumps(line) + "\n")
    return told
