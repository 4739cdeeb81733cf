"""The only place that opens model files. Reads safetensors and nothing that could run code."""

import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load

from installation import bounded
from installation.errors import ModelError
from installation.generators.architecture import Architecture, MappingShape
from installation.generators.architecture3 import AnyArchitecture, Architecture3, Layer
from installation.generators.card import WEIGHTS, Card

MOST_BYTES = 4 << 30  # the largest public networks take a tenth of it
Tensors = dict[str, npt.NDArray[np.float32]]
Shapes = dict[str, tuple[int, ...]]


def load_weights(folder: Path, card: Card) -> Tensors:
    """The model's tensors as float32, after its checksum and every shape were found right.

    A flipped bit in the data would load without complaint, so the sha256 is compared first.
    Raises ModelError naming the file and what is wrong with it."""
    path = folder / WEIGHTS
    raw = _bytes(path)
    tensors = _tensors(raw, path)
    digest = hashlib.sha256(raw).hexdigest()
    if digest != card.sha256:
        raise ModelError(
            f"{path}: its sha256 {digest[:12]}… is not the card's {card.sha256[:12]}…; "
            "the file was altered or the card is of another model"
        )
    check_shapes(tensors, card.architecture.built(), path)
    return tensors


def load_moment(path: Path, card: Card) -> Tensors:
    """A moment of the training of the card's model, as float32: of its shape, and all numbers.

    Its checksum is compared where the card has it. Raises ModelError."""
    raw = _bytes(path)
    tensors = _tensors(raw, path)
    known, digest = card.snapshots.get(path.stem), hashlib.sha256(raw).hexdigest()
    if known and digest != known:
        raise ModelError(
            f"{path}: its sha256 {digest[:12]}… is not the card's {known[:12]}…; the file was "
            "altered, or the card does not know the newer one (python -m tools.snapshots)"
        )
    check_shapes(tensors, card.architecture.built(), path)
    for name, tensor in tensors.items():
        if not np.isfinite(tensor).all():
            raise ModelError(f"{path}: tensor {name} is not finite; make the snapshot anew")
    return tensors


def expected_shapes(arch: AnyArchitecture) -> Shapes:
    """Every tensor a generator of this family must have, by NVIDIA's public names."""
    shapes = _mapping_shapes(arch)
    if isinstance(arch, Architecture3):
        shapes |= _input_shapes(arch)
        for layer in arch.plan:
            shapes |= _layer_shapes(arch, layer)
        return shapes
    shapes["synthesis.b4.const"] = (arch.channels(4), 4, 4)
    for side in arch.resolutions:
        shapes |= _block_shapes(arch, side)
    return shapes


def check_shapes(tensors: Tensors, arch: AnyArchitecture, path: Path) -> None:
    """Raises ModelError naming the first tensor that is missing or of another shape."""
    for name, shape in expected_shapes(arch).items():
        if name not in tensors:
            raise ModelError(f"{path}: tensor {name} is missing; the card says {list(shape)}")
        if tensors[name].shape != shape:
            found = list(tensors[name].shape)
            raise ModelError(f"{path}: tensor {name} is {found}, the card says {list(shape)}")


def _mapping_shapes(arch: MappingShape) -> Shapes:
    shapes: Shapes = {"mapping.w_avg": (arch.w_dim,)}
    width = arch.z_dim
    if arch.c_dim:
        shapes["mapping.embed.weight"] = (arch.w_dim, arch.c_dim)
        shapes["mapping.embed.bias"] = (arch.w_dim,)
        width += arch.w_dim
    for layer in range(arch.mapping_layers):
        shapes[f"mapping.fc{layer}.weight"] = (arch.w_dim, width)
        shapes[f"mapping.fc{layer}.bias"] = (arch.w_dim,)
        width = arch.w_dim
    return shapes


def _input_shapes(arch: Architecture3) -> Shapes:
    waves, at = arch.bands[0].channels, "synthesis.input"
    return {
        f"{at}.weight": (waves, waves),
        f"{at}.freqs": (waves, 2),
        f"{at}.phases": (waves,),
        f"{at}.transform": (3, 3),
        f"{at}.affine.weight": (4, arch.w_dim),
        f"{at}.affine.bias": (4,),
    }


def _layer_shapes(arch: Architecture3, layer: Layer) -> Shapes:
    at, taps = f"synthesis.{layer.name}", layer.down_taps
    shapes = _style_shapes(at, layer.out.channels, layer.into.channels, layer.kernel, arch)
    shapes[f"{at}.magnitude_ema"] = ()
    if not layer.torgb:
        round_ = arch.radial and not layer.critical
        shapes[f"{at}.up_filter"] = (layer.up_taps,)
        shapes[f"{at}.down_filter"] = (taps, taps) if round_ else (taps,)
    return shapes


def _block_shapes(arch: Architecture, side: int) -> Shapes:
    here, below = arch.channels(side), arch.channels(max(side // 2, 4))
    layers = (
        {"conv1": (here, here)} if side == 4 else {"conv0": (here, below), "conv1": (here, here)}
    )
    shapes: Shapes = {}
    for layer, (out, into) in layers.items():
        at = f"synthesis.b{side}.{layer}"
        shapes |= _style_shapes(at, out, into, 3, arch)
        shapes[f"{at}.noise_const"] = (side, side)
        shapes[f"{at}.noise_strength"] = ()
    torgb = f"synthesis.b{side}.torgb"
    return shapes | _style_shapes(torgb, arch.img_channels, here, 1, arch)


def _style_shapes(at: str, out: int, into: int, kernel: int, arch: MappingShape) -> Shapes:
    return {
        f"{at}.weight": (out, into, kernel, kernel),
        f"{at}.bias": (out,),
        f"{at}.affine.weight": (into, arch.w_dim),
        f"{at}.affine.bias": (into,),
    }


def _bytes(path: Path) -> bytes:
    try:
        return bounded.read(path, MOST_BYTES)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from None


def _tensors(raw: bytes, path: Path) -> Tensors:
    try:
        return {name: array.astype(np.float32) for name, array in load(raw).items()}
    except (SafetensorError, KeyError, ValueError) as error:
        raise ModelError(
            f"{path}: {_truncation(raw) or f'is no safetensors file ({error})'}; copy it again"
        ) from None


def _truncation(raw: bytes) -> str:
    """Words for a file that ends early, '' if that is not what is wrong."""
    if len(raw) < 8:
        return f"is cut off after {len(raw)} bytes"
    (size,) = struct.unpack_from("<Q", raw)
    if size > len(raw) - 8:
        return f"is cut off after {len(raw)} bytes, inside its own table of contents"
    try:
        entries = json.loads(raw[8 : 8 + size])
        end = max(v["data_offsets"][1] for k, v in entries.items() if k != "__metadata__")
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return f"is cut off: {len(raw)} of {8 + size + end} bytes" if len(raw) < 8 + size + end else ""
