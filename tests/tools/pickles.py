"""Checkpoints in the exact structure of the public formats, made without any of the code that
usually writes them: stand-ins carry the public names while Python pickles them."""

import argparse
import pickle
import sys
import types
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from installation.generators import stylegan2, stylegan3
from installation.generators.architecture import Architecture
from installation.generators.architecture3 import Architecture3

SOURCE = "raise SystemExit('the text of a checkpoint was run')"
Tensors = dict[str, np.ndarray]


class EasyDict(dict[str, Any]):
    """Stands in for dnnlib.util.EasyDict."""


class Network:
    """Stands in for dnnlib.tflib.network.Network."""

    def __init__(self, **state: Any) -> None:
        vars(self).update(state)


def _reconstruct_persistent_obj(meta: dict[str, Any]) -> None:
    raise AssertionError("a checkpoint's object was built")


class Persistent:
    """A module as NVIDIA's persistence writes it."""

    def __init__(self, name: str, state: dict[str, Any]) -> None:
        self.name, self.state = name, state

    def __reduce__(self) -> tuple[Any, ...]:
        meta = {"type": "class", "version": 6, "module_src": SOURCE}
        return _reconstruct_persistent_obj, (
            {**meta, "class_name": self.name, "state": self.state},
        )


@contextmanager
def public_names() -> Iterator[None]:
    """The stand-ins under their public names, for as long as it takes to pickle them."""
    places = {
        "dnnlib.util": EasyDict,
        "dnnlib.tflib.network": Network,
        "torch_utils.persistence": _reconstruct_persistent_obj,
    }
    before = {name: thing.__module__ for name, thing in places.items()}
    modules = {name: types.ModuleType(name) for name in ("dnnlib", "dnnlib.tflib", "torch_utils")}
    modules |= {name: types.ModuleType(name) for name in places}
    try:
        sys.modules.update(modules)
        for name, thing in places.items():
            thing.__module__ = name
            setattr(modules[name], thing.__name__, thing)
        yield
    finally:
        for name, thing in places.items():
            thing.__module__ = before[name]
        for name in modules:
            del sys.modules[name]


def dumped(value: Any, protocol: int = 4) -> bytes:
    with public_names():
        return pickle.dumps(value, protocol=protocol)


def generator2(arch: Architecture, seed: int = 0) -> stylegan2.Generator:
    """A StyleGAN2 whose tensors are all different."""
    torch.manual_seed(seed)
    generator = stylegan2.Generator(arch).eval().requires_grad_(False)
    return _stirred(generator)


def generator3(arch: Architecture3, seed: int = 0) -> stylegan3.Generator:
    """A StyleGAN3 whose tensors are all different."""
    torch.manual_seed(seed)
    generator = stylegan3.Generator(arch).eval().requires_grad_(False)
    return _stirred(generator)


def _stirred(generator: Any) -> Any:
    for name, tensor in generator.state_dict().items():
        if name.endswith(("bias", "w_avg", "noise_strength")):
            tensor.add_(0.3 * torch.randn_like(tensor))
        elif name.endswith("magnitude_ema"):
            tensor.add_(torch.rand_like(tensor))
    return generator


def arrays(generator: nn.Module) -> Tensors:
    return {name: tensor.numpy() for name, tensor in generator.state_dict().items()}


def persistent(module: nn.Module, options: dict[str, Any]) -> Persistent:
    """One module and all below it. `options` are the synthesis network's arguments."""
    kept = {name: _strided(p) for name, p in module.named_parameters(recurse=False)}
    state: dict[str, Any] = {
        "training": False,
        "_parameters": OrderedDict(kept),
        "_buffers": OrderedDict(module._buffers),
        "_non_persistent_buffers_set": set(),
        "_backward_hooks": OrderedDict(),
        "_modules": OrderedDict((n, persistent(c, options)) for n, c in module.named_children()),
        "_init_args": (),
        "_init_kwargs": EasyDict(options),
        **_attributes(module),
    }
    return Persistent(type(module).__name__, state)


def _strided(p: Tensor) -> Tensor:
    """Kernels lie channels-last in files that were trained in half precision."""
    p = p.detach()
    p = p.to(memory_format=torch.channels_last) if p.ndim == 4 else p
    return nn.Parameter(p)


def _attributes(module: nn.Module) -> dict[str, Any]:
    if isinstance(module, stylegan2.FullyConnectedLayer):
        return {"activation": "linear", "bias_gain": module.bias_gain}
    if isinstance(module, (stylegan2.SynthesisLayer, stylegan2.ToRGBLayer)):
        return {"conv_clamp": module.clamp, "padding": 1}
    if isinstance(module, stylegan2.SynthesisBlock):
        return {"architecture": "skip", "use_fp16": False}
    if isinstance(module, stylegan3.SynthesisLayer):
        size = np.broadcast_to(np.asarray(module.plan.out.size), [2])
        return {"conv_clamp": module.clamp, "out_size": size, "in_cutoff": np.float64(2.0)}
    if isinstance(module, (stylegan2.Generator, stylegan3.Generator)):
        return {"c_dim": module.arch.c_dim, "z_dim": module.arch.z_dim}
    if isinstance(module, stylegan3.SynthesisNetwork):
        return {"img_resolution": module.arch.resolution, "num_ws": module.arch.num_ws}
    return {}


def nvidia(generator: nn.Module, protocol: int = 4, **options: Any) -> bytes:
    """A training snapshot: G_ema between other things."""
    ours = persistent(generator, options)
    stub = nn.Linear(2, 2)
    root = {"G": persistent(stub, {}), "D": persistent(stub, {}), "G_ema": ours}
    root |= {"augment_pipe": None, "training_set_kwargs": EasyDict(path="x", use_labels=False)}
    return dumped(root, protocol)


def options3(arch: Architecture3) -> dict[str, Any]:
    """What a configuration of StyleGAN3 states; numpy's numbers are found in real files too."""
    return {
        "channel_base": arch.channel_base,
        "channel_max": arch.channel_max,
        "conv_kernel": arch.kernel,
        "use_radial_filters": arch.radial,
        "first_stopband": np.float64(arch.first_stopband),
        "magnitude_ema_beta": 0.999,
    }


def tensorflow(tensors: Tensors, protocol: int = 4, **options: Any) -> bytes:
    """(G, D, Gs) with the variables of a StyleGAN2 as TensorFlow names and turns them."""
    parts: dict[str, list[tuple[str, np.ndarray]]] = {"mapping": [], "synthesis": []}
    for name, tensor in tensors.items():
        if name != "mapping.w_avg" and not name.endswith("resample_filter"):
            theirs, value = _to_tensorflow(name, tensor)
            part, _, rest = theirs.partition("/")
            parts[part].append((rest, np.array(value)))
    state = {"version": 4, "build_module_src": SOURCE, "build_func_name": "G_main"}
    components = {
        part: Network(**state, name=part, static_kwargs={}, components={}, variables=variables)
        for part, variables in parts.items()
    }
    average = [("dlatent_avg", tensors["mapping.w_avg"]), ("lod", np.float32(0).reshape(()))]
    kwargs = EasyDict({"resolution": 8, "label_size": 0, "architecture": "skip", **options})
    ours = Network(**state, static_kwargs=kwargs, components=components, variables=average)
    other = Network(**state, static_kwargs={}, components={}, variables=[])
    return dumped((other, other, ours), protocol)


def _to_tensorflow(name: str, x: np.ndarray) -> tuple[str, np.ndarray]:
    if name.startswith("mapping."):
        _, layer, last = name.split(".")
        classes = {"embed": "LabelEmbed", "concat": "LabelConcat"}
        theirs = classes.get(layer) or (layer if "/" in layer else f"Dense{layer[2:]}")
        return f"mapping/{theirs}/{last}", x.T
    if name == "synthesis.b4.const":
        return "synthesis/4x4/Const/const", x[None]
    block, layer, last = name.removeprefix("synthesis.b").split(".", 2)
    side, first = int(block), {"conv0": "Conv0_up", "conv1": "Conv1", "torgb": "ToRGB"}[layer]
    if last == "noise_const":
        number = 2 * int(np.log2(side)) - (5 if layer == "conv0" else 4)
        return f"synthesis/noise{0 if side == 4 else number}", x[None, None]
    at = f"synthesis/{side}x{side}/{'Conv' if side == 4 and layer == 'conv1' else first}"
    if last == "weight":
        kernel = x.transpose(2, 3, 1, 0)
        return f"{at}/weight", kernel[::-1, ::-1] if layer == "conv0" else kernel
    if last == "affine.weight":
        return f"{at}/mod_weight", x.T
    return (f"{at}/mod_bias", x - 1) if last == "affine.bias" else (f"{at}/{last}", x)


def rosinality(tensors: Tensors, zipped: bool, training: bool = False) -> bytes:
    """A .pt file; a training one has no average, but an optimiser and the command line."""
    state = OrderedDict(_to_rosinality(n, torch.from_numpy(x)) for n, x in tensors.items()
                        if n != "mapping.w_avg" and not n.endswith("resample_filter"))  # fmt: skip
    state["convs.0.conv.blur.kernel"] = torch.ones(4, 4)
    state._metadata = OrderedDict(version=1)  # pyright: ignore[reportAttributeAccessIssue]
    root: dict[str, Any] = {"g": state, "g_ema": state}
    if training:
        moments = {0: {"step": 7, "exp_avg": torch.ones(3)}}
        root |= {"g_optim": {"state": moments, "param_groups": [{"lr": 0.002, "betas": (0, 0.99)}]}}
        root |= {"args": argparse.Namespace(path="x", size=8, mixing=0.9), "ada_aug_p": 0.0}
    else:
        root["latent_avg"] = torch.from_numpy(tensors["mapping.w_avg"])
    file = BytesIO()
    torch.save(root, file, _use_new_zipfile_serialization=zipped)
    return file.getvalue()


def _to_rosinality(name: str, x: Tensor) -> tuple[str, Tensor]:
    if name.startswith("mapping.fc"):
        _, layer, last = name.split(".")
        return f"style.{int(layer[2:]) + 1}.{last}", x
    if name == "synthesis.b4.const":
        return "input.input", x[None]
    block, layer, last = name.removeprefix("synthesis.b").split(".", 2)
    level = int(block).bit_length() - 3  # 0 at 4 pixels
    number = 2 * level - (1 if layer == "conv0" else 0)
    if last == "noise_const":
        return f"noises.noise_{number}", x[None, None]
    if layer == "torgb":
        at = "to_rgb1" if level == 0 else f"to_rgbs.{level - 1}"
    else:
        at = "conv1" if number == 0 else f"convs.{number - 1}"
    if last == "bias":
        return (
            (f"{at}.bias", x.reshape(1, -1, 1, 1))
            if layer == "torgb"
            else (f"{at}.activate.bias", x)
        )
    if last == "noise_strength":
        return f"{at}.noise.weight", x.reshape(1)
    known = {"weight": "conv.weight", "affine.weight": "conv.modulation.weight"}
    theirs = known.get(last, "conv.modulation.bias")
    return f"{at}.{theirs}", x[None] if last == "weight" else x
