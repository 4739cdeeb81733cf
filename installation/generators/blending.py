"""One network made of two of the same shape. Pure: tensors in, tensors out.

Layers of one under layers of another: Pinkney and Adler 2020, "Resolution Dependent GAN
Interpolation for Controllable Image Synthesis Between Domains" (arXiv:2010.05334). Between networks
that were trained one from the other, weights may be interpolated as well (Wang et al. 2019,
arXiv:1811.10515).
"""

import re
from pathlib import Path

import numpy as np

from installation.errors import ModelError
from installation.generators.weights import Tensors

_SIDE = re.compile(r"synthesis\.b(\d+)\.")
_FIRST = 4


def blended(first: Tensors, second: Tensors, at: int, amount: float, path: Path) -> Tensors:
    """Below layer `at` the first network; from there up `amount` of the way to the second.

    The mapping network goes along where `at` is the first layer, else it is the first network's.
    Raises ModelError naming the first tensor of the second, at `path`, that does not fit."""
    for name, tensor in first.items():
        found = second[name].shape if name in second else None
        if found != tensor.shape:
            here = list(found) if found is not None else "missing"
            words = f"tensor {name} is {here}, the other network's {list(tensor.shape)}"
            raise ModelError(f"{path}: {words}; only networks of one shape can be blended")
    return {
        name: _between(tensor, second[name], share(name, at, amount))
        for name, tensor in first.items()
    }


def share(name: str, at: int, amount: float) -> float:
    """How much of the second network is in a tensor."""
    found = _SIDE.match(name)
    side = int(found[1]) if found else _FIRST
    return amount if side >= at and (found or at <= _FIRST) else 0.0


def _between(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    if share in (0.0, 1.0):
        return second if share else first
    return np.asarray(first + np.float32(share) * (second - first), np.float32)
