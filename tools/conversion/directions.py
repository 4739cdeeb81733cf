"""Ways to go in w that a model offers by itself, without anyone having labelled a picture.

PCA of w (Härkönen et al. 2020, "GANSpace", arXiv:2004.02546) finds where w varies most; SeFa (Shen
and Zhou 2021, arXiv:2007.06600) finds what the style layers react to most. Rows are scaled so that
a step of one is one standard deviation of w along them."""

import numpy as np
import numpy.typing as npt

from installation.generators.architecture import MappingShape
from installation.generators.directions import Direction
from installation.generators.mapping import Mapping
from installation.generators.weights import Tensors
from installation.show.directions import HELP

SAMPLES = 4096
EACH = 8  # directions of either kind
RANGE = (-3.0, 3.0)  # standard deviations; beyond, w is where training never was
_WORDS = {"pca": "a way in which the styles vary most (PCA)", "sefa": HELP}

Array = npt.NDArray[np.floating]


def sampled(tensors: Tensors, arch: MappingShape, label: int = 0, seed: int = 0) -> Array:
    """w of SAMPLES seeded z, of class `label` where there are some: (SAMPLES, W)."""
    z = np.random.default_rng(seed).standard_normal((SAMPLES, arch.z_dim))
    return Mapping(tensors, arch, label)(z)


def directions(tensors: Tensors, ws: Array) -> list[Direction]:
    """What a model of these tensors offers. `ws` (N, W) is a fair sample."""
    count = min(EACH, ws.shape[1])
    centred = ws - ws.mean(0)
    rows = np.concatenate([_strongest(centred)[:count], factors(tensors)[:count]])
    largest = np.abs(rows).argmax(1, keepdims=True)
    rows *= np.sign(np.take_along_axis(rows, largest, 1))  # a fixed sense
    rows *= (centred @ rows.T).std(0)[:, None]
    kinds = [(kind, i + 1) for kind in _WORDS for i in range(count)]
    return [
        Direction(f"{kind}{i}", "w", row.astype("f4"), RANGE, origin=kind, help=_WORDS[kind])
        for (kind, i), row in zip(kinds, rows, strict=True)
    ]


def factors(tensors: Tensors) -> Array:
    """Unit directions that change the styles most, the strongest first: (W, W)."""
    layers = [tensor for name, tensor in tensors.items() if name.endswith(".affine.weight")]
    return _strongest(np.concatenate([_even(layer.astype(np.float64)) for layer in layers]))


def _even(weight: Array) -> Array:
    """Every column at unit length."""
    return weight / np.maximum(np.linalg.norm(weight, axis=0), 1e-12)


def _strongest(rows: Array) -> Array:
    """The principal axes of `rows` (N, W), the longest first: (W, W).

    By their (W, W) products: 4096 rows of 512 take 0.1 s, their singular values 0.6 s."""
    rows = rows.astype(np.float64)
    return np.linalg.eigh(rows.T @ rows).eigenvectors[:, ::-1].T
