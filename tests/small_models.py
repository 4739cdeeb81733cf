"""Small models with random weights, for tests that need a real network on a real disk."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from safetensors.numpy import save

from installation.generators.architecture import Architecture
from installation.generators.architecture3 import AnyArchitecture, Architecture3
from installation.generators.card import CARD, WEIGHTS, Card
from installation.generators.weights import Tensors, expected_shapes

TINY = Architecture(
    z_dim=12,
    w_dim=10,
    resolution=16,
    channel_base=128,
    channel_max=8,
    mapping_layers=2,
    mapping_lr_multiplier=0.3,
)


def random_tensors(arch: AnyArchitecture, seed: int = 0) -> Tensors:
    """Tensors of every expected shape, none at its neutral value."""
    rng = np.random.default_rng(seed)
    return {
        name: np.asarray(
            _centre(name) + _scale(name, arch) * rng.standard_normal(shape), np.float32
        )
        for name, shape in expected_shapes(arch).items()
    }


def _centre(name: str) -> float:
    return 1.0 if name.endswith(("affine.bias", "magnitude_ema")) else 0.0


def _scale(name: str, arch: AnyArchitecture) -> float:
    """Public files hold weights before their run-time gains: N(0, 1), over the learning rate."""
    if name.startswith("mapping.fc"):
        return (0.3 if name.endswith("bias") else 1.0) / arch.mapping_lr_multiplier
    if name.endswith("magnitude_ema"):
        return 0.1  # a power: never below zero
    return 0.3 if name.endswith(("bias", "noise_strength", "w_avg")) else 1.0


def card_of(arch: Architecture, raw: bytes, latent: dict[str, Any] | None = None) -> dict[str, Any]:
    """A card's contents for weights whose file holds `raw`."""
    shape = {
        name: getattr(arch, name)
        for name in (
            *("z_dim", "w_dim", "resolution", "channel_base", "channel_max"),
            *("mapping_layers", "mapping_lr_multiplier", "conv_clamp"),
        )
    }
    return {
        "name": "small",
        "architecture": {"kind": "stylegan2", **shape},
        "sha256": hashlib.sha256(raw).hexdigest(),
        "latent": latent or {},
    }


def write_stylegan3(folder: Path) -> Path:
    """A model folder of a narrow StyleGAN3 of 16 pixels, as at the beginning of its training."""
    import torch

    from installation.generators.stylegan3 import Generator

    shape = {"z_dim": 12, "w_dim": 10, "resolution": 16, "channel_base": 48, "channel_max": 6}
    with torch.random.fork_rng():
        torch.manual_seed(1)
        generator = Generator(Architecture3(**shape))
    folder.mkdir(parents=True, exist_ok=True)
    raw = save({name: tensor.numpy() for name, tensor in generator.state_dict().items()})
    (folder / WEIGHTS).write_bytes(raw)
    told = card_of(TINY, raw) | {"architecture": {"kind": "stylegan3", **shape}}
    (folder / CARD).write_text(yaml.safe_dump(told, sort_keys=False))
    return folder


def small_card(arch: Architecture) -> Card:
    """A validated card, without a file."""
    return Card.model_validate(card_of(arch, b""))


def write_model(
    folder: Path,
    arch: Architecture = TINY,
    tensors: Tensors | None = None,
    latent: dict[str, Any] | None = None,
) -> Path:
    """A model folder that loads; returns it."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = save(tensors or random_tensors(arch))
    (folder / WEIGHTS).write_bytes(raw)
    (folder / CARD).write_text(yaml.safe_dump(card_of(arch, raw, latent), sort_keys=False))
    return folder
