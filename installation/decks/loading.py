"""From a show's model to a generator that plays it, or to the reason why not."""

import importlib.util
from pathlib import Path

from installation.errors import ModelError
from installation.generators.card import Card, load_card
from installation.generators.protocol import Generator
from installation.generators.test_card import TestCard
from installation.generators.weights import load_weights
from installation.show.schema import TestCardModel

BACKENDS = ("openvino", "torch")


def load(
    model: str | TestCardModel, folder: Path, backend: str = "auto", exact: bool = False
) -> Generator:
    """The generator of a show's model; paths start at `folder`, where show.yaml is.

    `exact` asks for the same bytes each time rather than for speed. Raises ModelError."""
    if isinstance(model, TestCardModel):
        card = model.test_card
        return TestCard(*card.size, fault=card.fault, after=card.after)
    card = load_card(folder / model)
    return _play(choose(backend), folder / model, card, exact)


def choose(backend: str) -> str:
    """`backend`, or for 'auto' the first of BACKENDS that is installed. Raises ModelError."""
    wanted = BACKENDS if backend == "auto" else (backend,)
    for name in wanted:
        if importlib.util.find_spec(name):
            return name
    raise ModelError(f"backend {' or '.join(wanted)} is not installed; run make setup")


def _play(backend: str, folder: Path, card: Card, exact: bool) -> Generator:
    weights = load_weights(folder, card)
    if backend == "openvino":
        from installation.decks.backends.openvino import OpenVino

        return OpenVino(card, weights, exact)
    from installation.decks.backends.torch import Torch

    return Torch(card, weights, exact)
