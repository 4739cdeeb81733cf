"""Saving and resuming. A checkpoint appears by one rename, so it is whole or not there."""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from installation.generators.architecture import Architecture
from installation.generators.stylegan2 import Generator
from tools.training.discriminator import Discriminator
from tools.training.trainer import Progress

KEEP_WHOLE = 2  # older checkpoints keep only the averaged weights, for choosing by eye
NETWORKS = ("generator", "average", "discriminator")
OPTIMISERS = "optimisers.pt"
FORMAT = "step-{:07d}"


class Resumable(Protocol):
    """A trainer that can be saved. `memory` is what it keeps between steps beyond weights and
    optimisers, tensors and numbers by name; `about` says what kind of run it is."""

    arch: Architecture
    progress: Progress
    generator: Generator
    average: Generator
    discriminator: Discriminator

    def optimisers(self) -> dict[str, torch.optim.Optimizer]: ...
    def memory(self) -> dict[str, Any]: ...
    def recall(self, memory: dict[str, Any]) -> None: ...
    def about(self) -> dict[str, Any]: ...


def checkpoints(folder: Path) -> list[Path]:
    """All checkpoints of a run, oldest first."""
    return sorted(folder.glob("step-*"))


def _weights(network: nn.Module) -> dict[str, torch.Tensor]:
    return {name: t.detach().cpu().contiguous() for name, t in network.state_dict().items()}


def save(folder: Path, trainer: Resumable, keep: int = KEEP_WHOLE) -> Path:
    """Write a checkpoint of `trainer` and thin out all but the `keep` newest."""
    new = folder / ".new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    for name in NETWORKS:
        save_file(_weights(getattr(trainer, name)), new / f"{name}.safetensors")
    states = {name: one.state_dict() for name, one in trainer.optimisers().items()}
    torch.save({**states, **trainer.memory()}, new / OPTIMISERS)
    for name, told in (
        ("progress", asdict(trainer.progress)),
        ("architecture", asdict(trainer.arch)),
        ("about", trainer.about()),
    ):
        (new / f"{name}.json").write_text(json.dumps(told))
    final = folder / FORMAT.format(trainer.progress.step)
    shutil.rmtree(final, ignore_errors=True)
    os.replace(new, final)
    thin_out(folder, keep)
    return final


def thin_out(folder: Path, keep: int = KEEP_WHOLE) -> None:
    """Remove what only a resume needs from all but the newest checkpoints."""
    for old in checkpoints(folder)[:-keep]:
        for name in (OPTIMISERS, "generator.safetensors", "discriminator.safetensors"):
            (old / name).unlink(missing_ok=True)


def whole(place: Path) -> Path | None:
    """A checkpoint, or the newest one of a run's folder, if it can be resumed from."""
    newest = [place, *checkpoints(place)][-1]
    return newest if (newest / OPTIMISERS).exists() else None


def resume(place: Path, trainer: Resumable) -> bool:
    """Continue from `whole(place)`; false when there is none."""
    newest = whole(place)
    if newest is None:
        return False
    for name in NETWORKS:
        getattr(trainer, name).load_state_dict(load_file(newest / f"{name}.safetensors"))
    memory = torch.load(newest / OPTIMISERS, weights_only=True)
    for name, optimiser in trainer.optimisers().items():
        optimiser.load_state_dict(memory.pop(name))
    trainer.recall(memory)
    trainer.progress = Progress(**json.loads((newest / "progress.json").read_text()))
    return True


def about(checkpoint: Path) -> dict[str, Any]:
    """What kind of run a checkpoint is of; {} for one that does not say."""
    file = checkpoint / "about.json"
    return json.loads(file.read_text()) if file.exists() else {}
