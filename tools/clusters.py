"""Sort a model's channels by what they paint, for bends that take one thing in the picture:

python -m tools.clusters models/waves models/faces/mirre ...

Draws seeded pictures, looks at where each channel of each layer is strong in them, and sorts those
that are strong at the same places into six clusters (k-means on the unit vectors of their maps,
cosine distance). Writes `clusters.json` into the model's folder; clusters are numbered by size.
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

from installation.control.edit_rows import CLUSTERS
from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.generators.card import Card, load_card
from installation.generators.clusters import FILE, dump
from installation.generators.stylegan2 import Generator
from installation.generators.weights import Tensors, load_weights
from installation.progress import progress
from tools.export import write_atomically

PICTURES, SEED = 64, 0
LOOK = 8  # pixels a side that a map is pooled to: where, not what exactly
ROUNDS, STARTS = 50, 4

Maps = npt.NDArray[np.float64]  # a row of unit length for each channel


class Watch:
    """Keeps every layer's maps, pooled. See stylegan2.Tapped."""

    wide = 1

    def __init__(self) -> None:
        self.maps: dict[int, Tensor] = {}

    def band(self, side: int) -> None:
        """See Tapped."""

    def after(self, x: Tensor, side: int) -> Tensor:
        """See Tapped."""
        self.maps[side] = F.adaptive_avg_pool2d(x.abs(), min(side, LOOK))
        return x

    def over(self, picture: Tensor) -> Tensor:
        """See Tapped."""
        return picture


@torch.inference_mode()
def activations(tensors: Tensors, arch: Architecture, card: Card) -> dict[int, Maps]:
    """Where the channels of each layer are strong, relative to each channel's own mean."""
    network = Generator(arch).eval()
    network.load_state_dict({k: torch.from_numpy(v) for k, v in tensors.items()}, strict=False)
    z = torch.randn(PICTURES, arch.z_dim, generator=torch.Generator().manual_seed(SEED))
    watch, label = Watch(), F.one_hot(torch.tensor([card.latent.label]), max(arch.c_dim, 1))
    network.synthesis(network.mapping(z, label=label.float()), taps=watch)
    return {side: _rows(maps) for side, maps in watch.maps.items()}


def k_means(rows: Maps, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """The cluster of each row, the largest cluster first: the best of some seeded starts."""
    tries = [_one_start(rows, min(count, len(rows)), rng) for _ in range(STARTS)]
    found = max(tries, key=lambda each: each[1])[0]
    order = np.argsort(-np.bincount(found, minlength=count), kind="stable")
    return np.argsort(order)[found]


def _one_start(
    rows: Maps, count: int, rng: np.random.Generator
) -> tuple[npt.NDArray[np.int64], float]:
    """Spherical k-means (Dhillon and Modha 2001): the clusters, and how close their rows lie."""
    centres = rows[rng.choice(len(rows), count, replace=False)]
    for _ in range(ROUNDS):
        found = (rows @ centres.T).argmax(1)
        sums = np.stack([rows[found == n].sum(0) for n in range(count)])
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 1e-12, sums / np.maximum(lengths, 1e-12), centres)
    near = rows @ centres.T
    return near.argmax(1), float(near.max(1).sum())


def _rows(maps: Tensor) -> Maps:
    """(pictures, C, h, w) as one unit row a channel, about its mean."""
    rows = maps.transpose(0, 1).flatten(1).double().numpy()
    rows = rows - rows.mean(1, keepdims=True)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def clusters_of(folder: Path) -> str:
    """The text of a model's clusters.json. Raises ModelError."""
    card = load_card(folder)
    arch = card.architecture.built()
    if not isinstance(arch, Architecture):
        raise ModelError(f"{folder}: clusters of channels are for a StyleGAN2")
    maps = activations(load_weights(folder, card), arch, card)
    rng = np.random.default_rng(SEED)
    return dump(card.sha256, {side: k_means(rows, CLUSTERS, rng) for side, rows in maps.items()})


def main(arguments: list[str] | None = None) -> None:
    """Write the clusters of all models that are named."""
    top = argparse.ArgumentParser(
        prog="python -m tools.clusters",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("models", type=Path, nargs="+", help="model folders with a card")
    options = top.parse_args(arguments)
    torch.set_num_threads(1)
    for folder in progress(options.models, len(options.models), "clusters"):
        write_atomically(folder / FILE, clusters_of(folder).encode())
        print(folder / FILE)


if __name__ == "__main__":
    main()
