"""NVIDIA's torch checkpoints (stylegan2-ada-pytorch and the stylegan3 repository).

The file is a dictionary of modules; a module is a call of their `persistence` helper with the
class's name, its source text and its attributes. The text is what their own loader runs; here its
checksum is taken and nothing else. Only G_ema, the averaged generator, is looked at."""

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from installation.errors import ModelError
from tools.conversion.network import Found
from tools.conversion.records import Made, Name, Value, shown
from tools.conversion.shape2 import mapping_layers, stylegan2
from tools.conversion.storages import mapping
from tools.conversion.trees import Contents

MODULE = Name("torch_utils.persistence", "_reconstruct_persistent_obj")
CLASSES = {
    *("Generator", "MappingNetwork", "SynthesisNetwork", "FullyConnectedLayer", "SynthesisLayer"),
    *("SynthesisBlock", "ToRGBLayer", "SynthesisInput"),
}
MAX_DEPTH = 6  # modules within modules; a generator has four
MAX_MODULES = 500
_TAPS = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 64
# Choices of StyleGAN3 that the runtime's network has built in.
_BUILT_IN = {"lrelu_upsampling": 2, "filter_size": 6}
_OPTIONS = {  # name in the file: name in the card
    **{"channel_base": "channel_base", "channel_max": "channel_max", "num_layers": "layers"},
    **{"num_critical": "critical_layers", "first_cutoff": "first_cutoff", "conv_kernel": "kernel"},
    **{"first_stopband": "first_stopband", "last_stopband_rel": "last_stopband"},
    **{"margin_size": "margin", "output_scale": "output_scale", "use_radial_filters": "radial"},
}

Module = dict[str, Any]


def read(contents: Contents, root: dict[Value, Value]) -> Found:
    """The averaged generator. Raises ModelError if it is none that is known."""
    modules = dict(_modules(root["G_ema"], "", MAX_DEPTH))
    tensors = {
        f"{at}{name}": contents.array(value)
        for at, module in modules.items()
        for name, value in _tensors(module)
    }
    c_dim = int(contents.number(modules[""].get("c_dim")) or 0)
    source = _source(root["G_ema"])
    if "synthesis.input.freqs" in tensors:
        architecture = _stylegan3(contents, modules, tensors, c_dim)
        return Found("NVIDIA torch pickle, StyleGAN3", tensors, architecture, source)
    _check_stylegan2(modules, tensors)
    clamp = contents.number(modules["synthesis.b4.conv1."].get("conv_clamp"))
    architecture = stylegan2(tensors, clamp, _rate(contents, modules), c_dim)
    return Found("NVIDIA torch pickle, StyleGAN2", tensors, architecture, source)


def _modules(value: Value, at: str, depth: int) -> Iterator[tuple[str, Module]]:
    """Every module's attributes, by its path with a point behind it."""
    description = _description(value)
    word = description.get("class_name")
    if description.get("type") != "class" or word not in CLASSES or depth == 0:
        raise ModelError(f"has a part {at or 'G_ema'} of an unknown kind, {shown(word)}")
    state = dict(mapping(description["state"]))
    yield at, state
    for count, (name, child) in enumerate(mapping(state["_modules"]).items()):
        if count > MAX_MODULES:
            raise ModelError("has more parts than any generator")
        if child is not None:
            yield from _modules(child, f"{at}{name}.", depth - 1)


def _description(value: Value) -> dict[Value, Value]:
    if not isinstance(value, Made) or value.maker != MODULE:
        raise ModelError("has something else where a network should be")
    (description,) = value.arguments
    return dict(mapping(description))


def _tensors(module: Module) -> Iterator[tuple[str, Value]]:
    for kept in ("_parameters", "_buffers"):
        for name, value in mapping(module[kept]).items():
            if value is not None:
                yield name, value


def _source(value: Value) -> str:
    """The checksum of the program text that the file carries."""
    text = _description(value).get("module_src", "")
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"program text in the file, not run: sha256 {digest}"


def _rate(contents: Contents, modules: dict[str, Module]) -> float:
    """The mapping network's learning-rate multiplier: what its biases are multiplied by."""
    return contents.number(modules["mapping.fc0."].get("bias_gain")) or 0.01


def _check_stylegan2(modules: dict[str, Module], tensors: dict[str, np.ndarray]) -> None:
    """Variants whose tensors look the same and mean something else."""
    for at, module in modules.items():
        variant = module.get("architecture", "skip")
        if variant != "skip":
            raise ModelError(
                f"is a StyleGAN2 of architecture {shown(variant)}; only skip is played"
            )
        taps = tensors.get(f"{at}resample_filter")
        if taps is not None and (taps.shape != (4, 4) or np.abs(taps - _TAPS).max() > 1e-3):
            raise ModelError("resamples with another filter than 1-3-3-1; it would look wrong")


def _stylegan3(
    contents: Contents, modules: dict[str, Module], tensors: dict[str, np.ndarray], c_dim: int
) -> dict[str, Any]:
    synthesis = modules["synthesis."]
    options = dict(mapping(synthesis.get("_init_kwargs", {})))
    for name, only in _BUILT_IN.items():
        if options.get(name, only) != only:
            raise ModelError(f"has {name} {shown(options[name])}; only {only} is played")
    told = {ours: _option(contents, options[theirs]) for theirs, ours in _OPTIONS.items()
            if theirs in options}  # fmt: skip
    w_dim, first = tensors["mapping.fc0.weight"].shape
    resolution = contents.number(synthesis["img_resolution"])
    return {
        "kind": "stylegan3",
        "z_dim": first - (w_dim if c_dim else 0),
        "w_dim": w_dim,
        "resolution": int(resolution or 0),
        "mapping_layers": mapping_layers(tensors),
        "mapping_lr_multiplier": _rate(contents, modules),
        "conv_clamp": contents.number(_first_layer(modules).get("conv_clamp")),
        "c_dim": c_dim,
        **told,
    }


def _option(contents: Contents, value: Value) -> float | int | bool:
    if isinstance(value, (bool, int)):
        return value
    number = contents.number(value)
    if number is None:
        raise ModelError("has an option that is no number")
    return int(number) if number.is_integer() else number


def _first_layer(modules: dict[str, Module]) -> Module:
    for at, module in modules.items():
        if at.startswith("synthesis.L0_"):
            return module
    raise ModelError("is a StyleGAN3 without layers")
