"""Saving and resuming. A checkpoint appears by one rename, so it is whole or not there."""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from tools.training.trainer import Progress, Trainer

KEEP_WHOLE = 2  # older checkpoints keep only the averaged weights, for choosing by eye
NETWORKS = ("generator", "average", "discriminator")
OPTIMISERS = ("muon", "adam", "judge")
FORMAT = "step-{:07d}"


def checkpoints(folder: Path) -> list[Path]:
    """All checkpoints of a run, oldest first."""
    return sorted(folder.glob("step-*"))


def _weights(network: nn.Module) -> dict[str, torch.Tensor]:
    return {name: t.detach().cpu().contiguous() for name, t in network.state_dict().items()}


def save(folder: Path, trainer: Trainer) -> Path:
    """Write a checkpoint of `trainer` and thin out the old ones."""
    new = folder / ".new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for name in NETWORKS:
        save_file(_weights(getattr(trainer, name)), new / f"{name}.safetensors")
    states = {name: getattr(trainer, name).state_dict() for name in OPTIMISERS}
    torch.save({**states, "source": trainer.source.get_state()}, new / "optimisers.pt")
    (new / "progress.json").write_text(json.dumps(asdict(trainer.progress)))
    (new / "architecture.json").write_text(json.dumps(asdict(trainer.arch)))
    final = folder / FORMAT.format(trainer.progress.step)
    shutil.rmtree(final, ignore_errors=True)
    os.replace(new, final)
    thin_out(folder)
    return final


def thin_out(folder: Path) -> None:
    """Remove what only a resume needs from all but the newest checkpoints."""
    for old in checkpoints(folder)[:-KEEP_WHOLE]:
        for name in ("optimisers.pt", "generator.safetensors", "discriminator.safetensors"):
            (old / name).unlink(missing_ok=True)


def resume(folder: Path, trainer: Trainer) -> bool:
    """Continue from the newest checkpoint in `folder`; false when there is none."""
    found = checkpoints(folder)
    if not found:
        return False
    newest = found[-1]
    for name in NETWORKS:
        getattr(trainer, name).load_state_dict(load_file(newest / f"{name}.safetensors"))
    states = torch.load(newest / "optimisers.pt", weights_only=True)
    for name in OPTIMISERS:
        getattr(trainer, name).load_state_dict(states[name])
    trainer.source.set_state(states["source"])
    trainer.progress = Progress(**json.loads((newest / "progress.json").read_text()))
    return True
