"""The shape of a StyleGAN2, read off its tensors rather than off what a file says of itself."""

from typing import Any

from installation.errors import ModelError
from tools.conversion.trees import Array


def stylegan2(
    tensors: dict[str, Array], clamp: float | None, rate: float, c_dim: int = 0
) -> dict[str, Any]:
    """A card's architecture for these tensors; whether all of them fit it is checked later.

    `clamp` limits activations; `rate` is the mapping network's learning-rate multiplier."""
    sides = [
        side for side in (4 << i for i in range(10)) if f"synthesis.b{side}.conv1.weight" in tensors
    ]
    if not sides or "mapping.fc0.weight" not in tensors:
        raise ModelError("holds no generator that is known here: no StyleGAN2 layers in it")
    channels = {side: len(tensors[f"synthesis.b{side}.conv1.weight"]) for side in sides}
    w_dim, first = tensors["mapping.fc0.weight"].shape
    return {
        "kind": "stylegan2",
        "z_dim": first - (w_dim if c_dim else 0),
        "w_dim": w_dim,
        "resolution": sides[-1],
        "channel_base": channels[sides[-1]] * sides[-1],
        "channel_max": channels[4],
        "mapping_layers": mapping_layers(tensors),
        "mapping_lr_multiplier": rate,
        "conv_clamp": clamp,
        "c_dim": c_dim,
    }


def mapping_layers(tensors: dict[str, Array]) -> int:
    """Fully connected layers of the mapping network."""
    layers = 0
    while f"mapping.fc{layers}.weight" in tensors:
        layers += 1
    return layers
