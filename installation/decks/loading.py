"""From a show's model to a generator that plays it, or to the reason why not."""

import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from installation.decks.choosing import choose
from installation.errors import ConsentError
from installation.generators.card import Card, load_card
from installation.generators.consent import refusal
from installation.generators.directions import Direction, load_directions
from installation.generators.protocol import Generator, Network
from installation.generators.test_card import TestCard
from installation.generators.weights import Tensors, load_weights
from installation.show.schema import PROVIDERS, TestCardModel


def load(
    model: str | TestCardModel,
    folder: Path,
    backend: str = "auto",
    exact: bool = False,
    providers: Sequence[str] = PROVIDERS,
    today: Callable[[], date] = date.today,
) -> Generator:
    """The generator of a show's model; paths start at `folder`, where show.yaml is.

    `exact` asks for the same bytes each time rather than for speed; `providers` are what ONNX
    Runtime may use. Raises ModelError, ConsentError among them."""
    if isinstance(model, TestCardModel):
        card = model.test_card
        return TestCard(*card.size, fault=card.fault, after=card.after)
    card = load_card(folder / model)
    if why := refusal(card.consent, today()):
        raise ConsentError(f"model {folder / model} is not loaded: {why}")
    weights = load_weights(folder / model, card)
    directions = load_directions(folder / model, card, weights)
    choice = choose(backend)
    network = play(choice.backend, card, weights, exact, providers, directions)
    network.why = choice.why
    return network


def play(
    backend: str,
    card: Card,
    weights: Tensors,
    exact: bool = False,
    providers: Sequence[str] = PROVIDERS,
    directions: Sequence[Direction] = (),
) -> Network:
    """A network on one of choosing.BACKENDS, imported now and not before. Raises ModelError."""
    if backend == "openvino":
        from installation.decks.backends.openvino import OpenVino

        return OpenVino(card, weights, exact, directions)
    if backend == "onnxruntime":
        from installation.decks.backends.onnxruntime import OnnxRuntime

        return OnnxRuntime(card, weights, exact, providers, directions)
    # torch's threads, told to sleep while they wait for each other: beside a stage that wants the
    # second core, spinning made a 128 px picture take 244 ms instead of 66.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from installation.decks.backends.cuda import captured
    from installation.decks.backends.torch import Torch

    network = None if exact else captured(card, weights, directions)
    return network or Torch(card, weights, exact, directions)
