"""Start a run from weights that another run has learned."""

import math
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from installation.generators.stylegan2 import Generator
from tools.training.checkpoints import checkpoints
from tools.training.trainer import Trainer, start_as_upsampling

FIRST = "mapping.fc0.weight"


def weights_of(place: Path) -> dict[str, Tensor]:
    """Averaged weights in float32 of a run's newest checkpoint, a checkpoint or a model folder."""
    found = checkpoints(place)
    folder = found[-1] if found else place
    for name in ("average.safetensors", "model.safetensors"):
        if (folder / name).exists():
            return {key: t.float() for key, t in load_file(folder / name).items()}
    raise ValueError(
        f"{place} holds neither a checkpoint nor a model: give a run's or model's folder"
    )


def narrow(weight: Tensor, columns: int) -> Tensor:
    """Undo `evaluate.widen`: keep the first `columns` of a first mapping weight."""
    return weight[:, :columns] * math.sqrt(columns / weight.shape[1])


@torch.no_grad()
def take_over(network: Generator, given: dict[str, Tensor]) -> None:
    """Load the weights of a network of the same shape, but for its side: resolutions that it lacks
    show the plain enlargement of its last one."""
    sides = [r for r in network.arch.resolutions if f"synthesis.b{r}.torgb.weight" in given]
    start_as_upsampling(network, sides[-1])
    network.load_state_dict(given, strict=False)


def begin_from(trainer: Trainer, place: Path) -> None:
    """Copy the weights of `place` into a fresh trainer, which may be of a larger side."""
    given = weights_of(place)
    given[FIRST] = narrow(given[FIRST], trainer.arch.z_dim)
    for name, ours in trainer.generator.state_dict().items():
        if name in given and given[name].shape != ours.shape:
            raise ValueError(f"{place} has another shape: {name} does not fit")
    for network in (trainer.generator, trainer.average):
        take_over(network, given)
