"""The networks that are measured: models of the show, folders, or random weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from installation.bench.cost import gflop
from installation.errors import InstallationError
from installation.generators.architecture import Architecture
from installation.generators.architecture3 import Architecture3
from installation.generators.card import Card, load_card
from installation.generators.weights import Tensors, expected_shapes, load_weights
from installation.session import SHADERS
from installation.show.loader import load

_KINDS: dict[str, dict[str, object]] = {
    "": {"kind": "stylegan2"},
    "t": {"kind": "stylegan3"},
    "r": {"kind": "stylegan3", "kernel": 1, "radial": True},
}
NOISE = 0.1  # strength of the noise in random networks; trained ones lie around it


@dataclass(frozen=True, slots=True)
class Subject:
    """One network to be measured."""

    name: str
    card: Card
    weights: Tensors
    folder: Path | None = None  # where it lies, None for random weights

    @property
    def resolution(self) -> int:
        """Pixels on a side."""
        return self.card.architecture.resolution

    @property
    def gflop(self) -> float:
        """10^9 operations a picture."""
        return gflop(self.card.architecture.built())


def chosen(models: Sequence[str], show: Path) -> list[Subject]:
    """The subjects of these names, each a model of the show or a folder; of none, the show's all.

    Raises InstallationError for what cannot be read."""
    folders = [] if models and all(map(_is_folder, models)) else _of_show(show)
    known = dict(folders)
    subjects = []
    for name in models or known:
        folder = Path(name) if _is_folder(name) else known.get(name)
        if folder is None:
            raise InstallationError(
                f"{name}: no folder, and no model of {show}: {', '.join(known)}"
            )
        card = load_card(folder)
        called = name if name in known else folder.name
        subjects.append(Subject(called, card, load_weights(folder, card), folder))
    return subjects


def _is_folder(name: str) -> bool:
    return Path(name).is_dir()


def _of_show(show: Path) -> list[tuple[str, Path]]:
    loaded, _ = load(show, SHADERS)
    folder = show.resolve().parent
    return [(name, folder / at) for name, at in loaded.models.items() if isinstance(at, str)]


def random(resolution: int, base: int, most: int, kind: str = "", seed: int = 0) -> Subject:
    """A network that was never trained: weights as at the beginning of a training, seeded.

    `kind` is t or r for a StyleGAN3. Its time and its precision are those of a trained one of its
    shape. Raises ModelError."""
    shape = {"resolution": resolution, "channel_base": base, "channel_max": most}
    name = f"random {resolution},{base},{most}{',' + kind if kind else ''}"
    family = _KINDS[kind] | shape
    card = Card.model_validate({"name": name, "architecture": family, "sha256": "0" * 64})
    arch = card.architecture.built()
    if isinstance(arch, Architecture3):
        return Subject(name, card, _untrained3(arch, seed))
    return Subject(name, card, _untrained(arch, np.random.default_rng(seed)))


def _untrained3(arch: Architecture3, seed: int) -> Tensors:
    """By the network itself, whose filters are no random numbers."""
    import torch

    from installation.generators.stylegan3 import Generator

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return {name: tensor.numpy() for name, tensor in Generator(arch).state_dict().items()}


def _untrained(arch: Architecture, rng: np.random.Generator) -> Tensors:
    return {name: _tensor(name, shape, arch, rng) for name, shape in expected_shapes(arch).items()}


def _tensor(
    name: str, shape: tuple[int, ...], arch: Architecture, rng: np.random.Generator
) -> np.ndarray:
    if name.endswith("noise_strength"):
        return np.full(shape, NOISE, np.float32)
    if name.endswith("affine.bias"):
        return np.ones(shape, np.float32)
    if name.endswith((".bias", "w_avg")):
        return np.zeros(shape, np.float32)
    drawn = rng.standard_normal(shape, np.float32)
    return drawn / np.float32(arch.mapping_lr_multiplier) if ".fc" in name else drawn
