"""Checkpoints of rosinality's stylegan2-pytorch: the same function under other names."""

import re
from collections.abc import Iterator

import numpy as np

from installation.errors import ModelError
from tools.conversion.network import Found
from tools.conversion.records import Value
from tools.conversion.shape2 import stylegan2
from tools.conversion.storages import mapping
from tools.conversion.trees import Array, Contents

RATE = 0.01  # its fixed learning-rate multiplier of the mapping network
_LAYER = {
    **{"conv.weight": "weight", "conv.modulation.weight": "affine.weight"},
    **{"conv.modulation.bias": "affine.bias", "noise.weight": "noise_strength"},
    **{"activate.bias": "bias", "bias": "bias"},
}
_IGNORED = re.compile(r".*\.kernel$")


def read(contents: Contents, root: dict[Value, Value]) -> Found:
    """The averaged generator under NVIDIA's names."""
    source = mapping(root["g_ema"])
    tensors: dict[str, Array] = {}
    for theirs, value in source.items():
        for ours in _renamed(str(theirs)):
            tensors[ours] = _reshaped(ours, contents.array(value))
    average = root.get("latent_avg")
    if average is not None:
        tensors["mapping.w_avg"] = contents.array(average)
    architecture = stylegan2(tensors, None, RATE)
    return Found("rosinality", tensors, architecture, average=average is not None)


def _renamed(name: str) -> Iterator[str]:
    """Our name for theirs; none for what only repeats a constant."""
    part, _, rest = name.partition(".")
    if _IGNORED.match(name):
        return
    if part == "style":
        number, _, kept = rest.partition(".")
        yield f"mapping.fc{int(number) - 1}.{kept}"
    elif name == "input.input":
        yield "synthesis.b4.const"
    elif part == "noises":
        yield f"{_layer(int(rest.removeprefix('noise_')))}.noise_const"
    else:
        yield _of_layer(part, rest)


def _of_layer(part: str, rest: str) -> str:
    number, _, kept = rest.partition(".")
    if part == "conv1":
        return f"{_layer(0)}.{_word(rest)}"
    if part == "convs":
        return f"{_layer(int(number) + 1)}.{_word(kept)}"
    if part == "to_rgb1":
        return f"synthesis.b4.torgb.{_word(rest)}"
    if part == "to_rgbs":
        return f"synthesis.b{8 << _small(number)}.torgb.{_word(kept)}"
    raise ModelError("is a fork of rosinality's network, with parts that are not known")


def _layer(number: int) -> str:
    """The 3 x 3 layers in order: one at 4, then two at each resolution."""
    side = 4 << _small((number + 1) // 2)
    return f"synthesis.b{side}.conv{1 if number % 2 == 0 else 0}"


def _small(number: int | str) -> int:
    if int(number) > 9:
        raise ModelError("claims more layers than any StyleGAN2")
    return int(number)


def _word(name: str) -> str:
    if name not in _LAYER:
        raise ModelError("is a fork of rosinality's network, with tensors that are not known")
    return _LAYER[name]


def _reshaped(name: str, tensor: Array) -> Array:
    """Without the leading dimensions of one that theirs carry."""
    last = name.rpartition(".")[2]
    if last == "noise_strength":
        return tensor.reshape(())
    if last == "noise_const":
        return tensor.reshape(tensor.shape[-2:])
    if last == "const" or (last == "weight" and tensor.ndim == 5):
        return np.ascontiguousarray(tensor[0])
    return tensor.reshape(-1) if last == "bias" else tensor
