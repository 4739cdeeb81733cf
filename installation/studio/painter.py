"""What the studio paints with: a model on one thread, asked for any layer's style, at any size.

A StyleGAN2 sums its picture up from block to block (the skip architecture of Karras et al. 2020,
arXiv:1912.04958, section 4.1), so the blocks up to 128 pixels alone are the thumbnail of a larger
model, at the cost of a small one. It is the same network, cut off, and the same picture.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from installation.decks.models import opened
from installation.generators.architecture import Architecture
from installation.generators.architecture3 import Architecture3
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph import synthesis_graph
from installation.generators.mapping import Mapping
from installation.generators.protocol import Picture
from installation.generators.test_card import TestCard
from installation.generators.weights import Tensors
from installation.latent.space import Space
from installation.show.models import MadeModel, TestCardModel

Styles = npt.NDArray[np.float32]


class Painter(Protocol):
    """A model that the studio can paint with."""

    sha256: str  # of its weights; "" where there are none
    side: int  # pixels of its longer side
    layers: int  # style vectors a picture takes
    space: Space
    average: Styles  # (w_dim,)
    directions: Sequence[Direction]

    def map(self, z: npt.ArrayLike) -> Styles:
        """The style (w_dim,) of z (z_dim,)."""
        ...

    def paint(self, ws: Styles, side: int) -> Picture:
        """The picture of ws (layers, w_dim), about `side` pixels or more, uint8 RGB."""
        ...


def load(model: str | TestCardModel | MadeModel, folder: Path) -> Painter:
    """The painter of a show's model, as wide as it was trained; paths start at `folder`.

    Raises ModelError."""
    if isinstance(model, TestCardModel):
        return CardPainter(TestCard(*model.test_card.size))
    parts = opened(model, folder, date.today())
    graph = isinstance(parts.card.architecture.built(), Architecture)
    kind = GraphPainter if graph else TorchPainter
    return kind(parts.card, parts.tensors, parts.directions)


class CardPainter:
    """The test card: its style is its z."""

    sha256, layers = "", 1

    def __init__(self, card: TestCard) -> None:
        self._card, self.space = card, card.space
        self.side = max(card.width, card.height)
        self.average = np.zeros(card.space.z_dim, np.float32)
        self.directions: Sequence[Direction] = ()

    def map(self, z: npt.ArrayLike) -> Styles:
        """See Painter."""
        return np.asarray(z, np.float32)

    def paint(self, ws: Styles, side: int) -> Picture:
        """See Painter."""
        out = np.empty((self._card.height, self._card.width, 4), np.uint8)
        self._card.draw(ws[0].astype(np.float64), 1.0, out)
        return out[..., :3]


class _Network:
    def __init__(self, card: Card, tensors: Tensors, directions: Sequence[Direction]) -> None:
        arch = card.architecture.built()
        self.sha256, self.space, self.card = card.sha256, card.space(), card
        self.side, self.layers = arch.resolution, arch.num_ws
        self.map = Mapping(tensors, arch, card.latent.label)
        self.average = self.map.average
        self.directions = directions


class GraphPainter(_Network):
    """A StyleGAN2 on OpenVINO, one thread; one graph for thumbnails, one for the whole picture."""

    THUMBNAIL = 128

    def __init__(self, card: Card, tensors: Tensors, directions: Sequence[Direction]) -> None:
        super().__init__(card, tensors, directions)
        arch = card.architecture.built()
        assert isinstance(arch, Architecture)
        self.arch = arch
        self.tensors = tensors
        self._runs: dict[int, Callable[[Styles], Picture]] = {}

    def paint(self, ws: Styles, side: int) -> Picture:
        """See Painter."""
        resolution = min(self.side, self.THUMBNAIL) if side <= self.THUMBNAIL else self.side
        if resolution not in self._runs:
            self._runs[resolution] = self._compile(resolution)
        return self._runs[resolution](ws)

    def _compile(self, resolution: int) -> Callable[[Styles], Picture]:
        from installation.decks.backends.openvino import compiled

        arch = replace(self.arch, resolution=resolution)
        run = compiled(synthesis_graph(self.tensors, arch), "f32", threads=1)
        return lambda ws: run([ws[None, : arch.num_ws]])[0][0][..., :3]


class TorchPainter(_Network):
    """A StyleGAN3 in torch, one thread, always whole."""

    def __init__(self, card: Card, tensors: Tensors, directions: Sequence[Direction]) -> None:
        import torch

        from installation.generators.stylegan3 import Generator

        super().__init__(card, tensors, directions)
        torch.set_num_threads(1)
        arch = card.architecture.built()
        assert isinstance(arch, Architecture3)
        network = Generator(arch)
        weights = {name: torch.from_numpy(array) for name, array in tensors.items()}
        network.load_state_dict(weights, strict=False)
        self._synthesis = network.synthesis.eval().requires_grad_(False)

    def paint(self, ws: Styles, side: int) -> Picture:
        """See Painter."""
        import torch

        with torch.inference_mode():
            rgb = self._synthesis(torch.from_numpy(np.ascontiguousarray(ws[None])))[0]
        levels = (rgb * 127.5 + 128).clamp(0, 255).to(torch.uint8)
        return levels.permute(1, 2, 0).numpy()


def shrunk(picture: Picture, side: int) -> Picture:
    """A picture (H, W, 3) halved until its longer side is the last one not under `side`."""
    while max(picture.shape[:2]) >= 2 * side and not (picture.shape[0] % 2 or picture.shape[1] % 2):
        height, width = picture.shape[0] // 2, picture.shape[1] // 2
        quads = picture.reshape(height, 2, width, 2, 3).mean((1, 3))
        picture = (quads + 0.5).astype(np.uint8)
    return np.ascontiguousarray(picture)
