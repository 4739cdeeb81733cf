"""From a show's model to a generator that plays it, or to the reason why not."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from installation.decks.choosing import Choice, choose
from installation.decks.models import Model, opened
from installation.decks.variants import Variants
from installation.errors import ModelError
from installation.generators.anatomy import Anatomy
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.protocol import Generator, Network
from installation.generators.taps import WHOLE, Taps, Variant
from installation.generators.test_card import TestCard
from installation.generators.weights import Tensors
from installation.show.models import MadeModel, TestCardModel
from installation.show.schema import PROVIDERS

_HALF = "tensorrt plays in half precision; what must be exact plays on another backend"


def load(
    model: str | TestCardModel | MadeModel,
    folder: Path,
    backend: str = "auto",
    exact: bool = False,
    providers: Sequence[str] = PROVIDERS,
    today: Callable[[], date] = date.today,
    patient: bool = False,
) -> Generator:
    """The generator of a show's model; paths start at `folder`, where show.yaml is.

    `exact` asks for the same bytes each time rather than for speed; `providers` are what ONNX
    Runtime may use; `patient` is for films: no picture without its whole edit, however long that
    takes. Raises ModelError, ConsentError among them."""
    if isinstance(model, TestCardModel):
        card = model.test_card
        return TestCard(*card.size, fault=card.fault, after=card.after)
    parts = opened(model, folder, today())
    choice = choose(backend, lambda: _engine(parts.card, exact))
    try:
        return _played(parts, choice, exact, providers, patient)
    except ModelError as error:
        if choice.backend != "tensorrt":
            raise
        reason = str(error)
    return _played(parts, choose(backend, lambda: reason), exact, providers, patient)


def _played(
    parts: Model, choice: Choice, exact: bool, providers: Sequence[str], patient: bool
) -> Generator:
    arch = parts.card.architecture.built()

    def made(taps: Taps) -> Network:
        variant = replace(parts.variant, taps=taps)
        given = parts.card, parts.tensors, exact, providers, parts.directions, variant
        # Engines are built of the plain graph; what it lacks is played as without engines.
        aside = choice.backend == "tensorrt" and variant != WHOLE
        return play(choose("auto").backend if aside else choice.backend, *given)

    network = Variants(made, Anatomy(arch, parts.variant), patient)
    network.why = choice.why
    return network


def _engine(card: Card, exact: bool) -> str:
    """'' when a TensorRT engine of the model is ready to play here, else why there is none."""
    if exact:
        return _HALF
    from installation.decks import engines

    return engines.state(card)


def play(
    backend: str,
    card: Card,
    weights: Tensors,
    exact: bool = False,
    providers: Sequence[str] = PROVIDERS,
    directions: Sequence[Direction] = (),
    variant: Variant = WHOLE,
) -> Network:
    """A network on one of choosing.BACKENDS, imported now and not before. Raises ModelError."""
    if backend == "openvino":
        from installation.decks.backends.openvino import OpenVino

        return OpenVino(card, weights, exact, directions, variant)
    if backend == "onnxruntime":
        from installation.decks.backends.onnxruntime import OnnxRuntime

        return OnnxRuntime(card, weights, exact, providers, directions, variant)
    if backend == "tensorrt":
        from installation.decks.backends.tensorrt import TensorRt

        if exact:
            raise ModelError(_HALF)
        return TensorRt(card, weights, directions)
    # torch's threads, told to sleep while they wait for each other: beside a stage that wants the
    # second core, spinning made a 128 px picture take 244 ms instead of 66.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from installation.decks.backends.cuda import captured
    from installation.decks.backends.torch import Torch

    network = None if exact else captured(card, weights, directions, variant)
    return network or Torch(card, weights, exact, directions, variant)
