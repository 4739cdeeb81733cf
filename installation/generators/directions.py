"""Named ways to go in a model's z or w: read from its file, or found in its weights (SeFa).

`directions.safetensors` holds one float32 tensor a direction, (z_dim,) or (w_dim,), and in its
metadata under "directions" one JSON object: name -> {"space": "z" or "w", "range": [low, high],
"layers": [first, last] or null for all (w only), "origin": "painter", "sefa" or "pca", "help": …}.
A control's value times the tensor is added: to z before it is normalised, to w after truncation.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from installation import bounded
from installation.errors import ModelError
from installation.generators.architecture import MappingShape
from installation.generators.card import Card
from installation.generators.mapping import Array, Mapping
from installation.generators.weights import Tensors
from installation.show.directions import FILE, HELP, SEFA, SEFA_RANGE, contents

MOST_BYTES = 4 * 1024 * 1024
_SAMPLES = 256  # of w, for the length of a standard deviation along a direction


@dataclass(frozen=True, slots=True, eq=False)
class Direction:
    """A way to go: `vector` float32 (z_dim,) or (w_dim,); `layers` the first and last, of w."""

    name: str
    space: str
    vector: Array
    range: tuple[float, float]
    layers: tuple[int, int] | None = None
    origin: str = "painter"
    help: str = ""


def load_directions(folder: Path, card: Card, tensors: Tensors) -> list[Direction]:
    """The model's directions: of its file, whose checksum its card knows; without one, SeFa's.

    Raises ModelError naming the file and what is wrong with it."""
    path = folder / FILE
    if not path.exists():
        if card.directions:
            raise ModelError(f"{path}: no such file, but the card has its checksum; copy it again")
        return sefa(tensors, card)
    raw = _bytes(path)
    digest = hashlib.sha256(raw).hexdigest()
    if card.directions is None or digest != card.directions.sha256:
        raise ModelError(f"{path}: its sha256 {digest[:12]}… is not the one in the card; mend that")
    try:
        return read(raw, card.architecture.built())
    except (ValueError, SafetensorError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: {' '.join(str(error).split())[:200]}") from None


def read(raw: bytes, arch: MappingShape) -> list[Direction]:
    """The directions in a file's bytes. Raises ValueError, SafetensorError, KeyError, TypeError."""
    told = contents(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
    vectors = load(raw)
    if set(vectors) != set(told):
        raise ValueError("its tensors and its metadata name different directions")
    return [_direction(name, vectors[name], one, arch) for name, one in told.items()]


def dump(directions: Sequence[Direction]) -> bytes:
    """A file of these directions."""
    told = {
        one.name: {
            "space": one.space,
            "range": list(one.range),
            "layers": list(one.layers) if one.layers else None,
            "origin": one.origin,
            "help": one.help,
        }
        for one in directions
    }
    vectors = {one.name: np.ascontiguousarray(one.vector, np.float32) for one in directions}
    return save(vectors, {"directions": json.dumps(told)})


def sefa(tensors: Tensors, card: Card) -> list[Direction]:
    """What the style layers react to most, in closed form (Shen and Zhou 2021, arXiv:2007.06600).

    Eigenvectors of the style layers' weights, one standard deviation of w long."""
    arch = card.architecture.built()
    layers = [a for name, a in tensors.items() if name.endswith(".affine.weight")]
    rows = np.concatenate([a / np.maximum(np.linalg.norm(a, axis=0), 1e-12) for a in layers])
    vectors = np.linalg.eigh(rows.T @ rows).eigenvectors[:, ::-1][:, :SEFA].T
    vectors *= np.sign(vectors[np.arange(len(vectors)), np.abs(vectors).argmax(1)])[:, None]
    mapping, rng = Mapping(tensors, arch, card.latent.label), np.random.default_rng(0)
    ws = np.stack([mapping(z) for z in rng.standard_normal((_SAMPLES, arch.z_dim))])
    spreads = (ws @ vectors.T).std(0)
    return [
        Direction(f"sefa{n + 1}", "w", vector * spread, SEFA_RANGE, origin="sefa", help=HELP)
        for n, (vector, spread) in enumerate(zip(vectors, spreads, strict=True))
    ]


def _direction(name: str, vector: Array, told: Any, arch: MappingShape) -> Direction:
    space, layers = told["space"], told.get("layers")
    size = {"z": arch.z_dim, "w": arch.w_dim}.get(space)
    if vector.dtype != np.float32 or vector.shape != (size,) or not np.isfinite(vector).all():
        raise ValueError(f"direction {name} is no float32 ({size},) of finite numbers in {space!r}")
    if layers is not None:
        first, last = layers
        if space != "w" or not 0 <= first <= last < arch.num_ws:
            raise ValueError(f"direction {name}: layers {layers} are not those of the network")
        layers = int(first), int(last)
    low, high = map(float, told["range"])
    words = str(told.get("help", ""))[:200]
    return Direction(name, space, vector, (low, high), layers, str(told.get("origin", "")), words)


def _bytes(path: Path) -> bytes:
    try:
        return bounded.read(path, MOST_BYTES)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from None
