"""TensorRT: an NVIDIA card with an engine that was built for it and for this very model.

It plays what decks.engines keeps and builds nothing: a deck never waits for a builder.
"""

from collections.abc import Sequence

import torch

from installation.decks import engines
from installation.decks.backends import tensorrt_api
from installation.decks.backends.on_card import Device, OnCard
from installation.decks.backends.tensorrt_api import Library, Playing
from installation.errors import ModelError
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.graph import FOR_GPU, suited
from installation.generators.weights import Tensors


class TensorRt(OnCard):
    """A model as a TensorRT engine. See generators.protocol.Network."""

    def __init__(
        self,
        card: Card,
        tensors: Tensors,
        directions: Sequence[Direction] = (),
        engine: bytes | None = None,
        library: Library = None,
        device: Device | None = None,
    ) -> None:
        """`engine` is the one that was kept for this model, if none is given.

        Raises ModelError when there is none, or when the card does not take it."""
        trt = library or tensorrt_api.library()
        engine = engine or engines.kept(card)
        super().__init__(card, tensors, directions, device)
        self.precision = "fp16" if suited(FOR_GPU, self._arch).half else "f32"
        self.backend = f"{tensorrt_api.version(trt)} {self.precision}"
        side = self._arch.resolution
        self._picture = torch.zeros(
            (1, side, side, 4), dtype=torch.uint8, device=self._device.torch
        )
        self._seen = torch.zeros(self._probe.shape, device=self._device.torch)
        ends = {**self._given, "picture": self._picture, "probe": self._seen}
        addresses = {name: tensor.data_ptr() for name, tensor in ends.items()}
        try:
            self._engine = Playing(trt, engine, addresses)
        except RuntimeError as error:
            raise ModelError(f"{card.name}: {str(error).partition(chr(10))[0]}") from None

    def close(self) -> None:
        """See Generator.close."""
        super().close()
        for held in ("_engine", "_picture", "_seen"):
            vars(self).pop(held, None)

    def _play(self) -> tuple[torch.Tensor, torch.Tensor]:
        self._engine.queue(self._device.stream)
        return self._picture, self._seen
