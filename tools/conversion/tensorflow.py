"""Checkpoints of StyleGAN2 and StyleGAN2-ADA in TensorFlow: (G, D, Gs), of which Gs is the average.

A network there is its variables by name and the source text that builds it; the text is not run."""

import hashlib
import re
from collections.abc import Iterator

import numpy as np

from installation.errors import ModelError
from tools.conversion.network import Found
from tools.conversion.records import Made, Name, Value, shown
from tools.conversion.shape2 import stylegan2
from tools.conversion.storages import mapping
from tools.conversion.trees import Array, Contents

NETWORK = Name("dnnlib.tflib.network", "Network")
MAX_DEPTH = 3
_LAYERS = {"Conv": "conv1", "Conv0_up": "conv0", "Conv1": "conv1", "ToRGB": "torgb"}
_PARTS = {
    **{"weight": "weight", "bias": "bias", "noise_strength": "noise_strength"},
    **{"mod_weight": "affine.weight", "mod_bias": "affine.bias"},
}
_DENSE = re.compile(r"mapping/(?:Dense(\d)|LabelEmbed)/(weight|bias)")
_LAYER = re.compile(r"synthesis/(\d+)x\1/(\w+)/(\w+)")
_NOISE = re.compile(r"synthesis/noise(\d+)")


def read(contents: Contents, network: Value) -> Found:
    """Gs under the names of the torch checkpoints. Raises ModelError for other networks."""
    state = _state(network)
    options = dict(mapping(state.get("static_kwargs", {})))
    _check(options)
    variables = dict(_variables(network, "", MAX_DEPTH))
    tensors = dict(_converted(name, contents.array(value)) for name, value in variables.items()
                   if name != "lod")  # fmt: skip
    clamp = contents.number(options.get("conv_clamp"))
    rate = contents.number(options.get("mapping_lrmul", 0.01)) or 0.01
    text = str(state.get("build_module_src", ""))
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    note = f"program text in the file, not run: sha256 {digest}"
    architecture = stylegan2(tensors, clamp, rate, _classes(tensors, options))
    return Found("TensorFlow StyleGAN2", tensors, architecture, note)


def _classes(tensors: dict[str, Array], options: dict[Value, Value]) -> int:
    """How many classes the network tells apart: the width of ADA's layer for them."""
    embedded = tensors.get("mapping.embed.weight")
    if embedded is None and options.get("label_size", 0):
        raise ModelError("is class-conditional without saying how it takes a class in")
    return 0 if embedded is None else embedded.shape[1]


def _check(options: dict[Value, Value]) -> None:
    if options.get("architecture", "skip") != "skip":
        raise ModelError(
            f"is of architecture {shown(options['architecture'])}; only skip is played"
        )
    if list(options.get("resample_kernel") or [1, 3, 3, 1]) != [1, 3, 3, 1]:
        raise ModelError("resamples with another filter than 1-3-3-1; it would look wrong")


def _state(network: Value) -> dict[Value, Value]:
    if not isinstance(network, Made) or network.maker != NETWORK:
        raise ModelError("has something else where a TensorFlow network should be")
    return dict(mapping(network.state))


def _variables(network: Value, at: str, depth: int) -> Iterator[tuple[str, Value]]:
    """A network's own variables, then its components', by path."""
    if depth == 0:
        raise ModelError("has networks nested deeper than any StyleGAN2")
    state = _state(network)
    for name, value in state["variables"]:
        yield f"{at}{name}", value
    for name, component in mapping(state.get("components", {})).items():
        yield from _variables(component, f"{at}{name}/", depth - 1)


def _converted(name: str, value: Array) -> tuple[str, Array]:
    """One variable under its public name, turned as torch wants it."""
    if name == "dlatent_avg":
        return "mapping.w_avg", value
    if name == "synthesis/4x4/Const/const":
        return "synthesis.b4.const", value[0]
    if dense := _DENSE.fullmatch(name):
        layer = "embed" if dense[1] is None else f"fc{dense[1]}"
        return f"mapping.{layer}.{dense[2]}", value.T.copy() if value.ndim == 2 else value
    if name == "mapping/LabelConcat/weight":
        # It brings z and class to unit length together, ADA each by itself: another function.
        raise ModelError("takes in classes as before ADA (LabelConcat), which is not played")
    if noise := _NOISE.fullmatch(name):
        return f"{_noisy(int(noise[1]))}.noise_const", value[0, 0]
    if "/StyleMod/" in name:
        # Adaptive instance normalisation: a picture's own means and deviations are taken out of it.
        raise ModelError("is a StyleGAN1, which normalises what StyleGAN2 scales: another network")
    layer = _LAYER.fullmatch(name)
    if not layer or layer[2] not in _LAYERS or layer[3] not in _PARTS:
        raise ModelError(f"has a variable {shown(name)} that no StyleGAN2 of this form has")
    at = f"synthesis.b{layer[1]}.{_LAYERS[layer[2]]}"
    return f"{at}.{_PARTS[layer[3]]}", _turned(layer[2], layer[3], value)


def _noisy(number: int) -> str:
    """noise0 is at 4, then two at each resolution, the doubling layer's first."""
    side = 4 << min((number + 1) // 2, 16)
    return f"synthesis.b{side}.conv{1 if number % 2 == 0 else 0}"


def _turned(layer: str, part: str, value: Array) -> Array:
    """Kernels (k, k, in, out) to (out, in, k, k), the doubling one's also mirrored; style biases
    with the one that theirs leave to the program."""
    if part == "mod_bias":
        return value + np.asarray(1, value.dtype)
    if part == "mod_weight":
        return value.T.copy()
    if part == "weight":
        value = value[::-1, ::-1] if layer == "Conv0_up" else value
        return value.transpose(3, 2, 0, 1).copy()
    return value
