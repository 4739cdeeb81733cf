"""From a show's model to a generator that plays it, or to the reason why not."""

import importlib.util
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from installation.decks.models import opened
from installation.decks.variants import Variants
from installation.errors import ModelError
from installation.generators.anatomy import Anatomy
from installation.generators.architecture import Architecture
from installation.generators.card import Card
from installation.generators.directions import Direction
from installation.generators.protocol import Generator, Network
from installation.generators.taps import PLAIN, WHOLE, Taps, Variant
from installation.generators.test_card import TestCard
from installation.generators.weights import Tensors
from installation.show.models import MadeModel, TestCardModel
from installation.show.schema import PROVIDERS

BACKENDS = ("openvino", "onnxruntime", "torch")
PLAYERS = {"stylegan3": ("torch",)}  # its filtered nonlinearity is not written as a graph yet


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
    chosen, arch = choose(backend, parts.card.architecture.kind), parts.card.architecture.built()

    def made(taps: Taps) -> Network:
        variant = replace(parts.variant, taps=taps)
        given = parts.card, parts.tensors, exact, providers, parts.directions, variant
        return play(chosen, *given)

    if not isinstance(arch, Architecture):
        return made(PLAIN)
    return Variants(made, Anatomy(arch, parts.variant), patient)


def choose(backend: str, kind: str = "stylegan2") -> str:
    """`backend`, or for 'auto' the first of BACKENDS that is installed and plays this kind of
    model. Raises ModelError."""
    able = PLAYERS.get(kind, BACKENDS)
    wanted = able if backend == "auto" else (backend,)
    if backend in BACKENDS and backend not in able:
        raise ModelError(f"backend {backend} does not play {kind}; choose {' or '.join(able)}")
    for name in wanted:
        if importlib.util.find_spec(name):
            return name
    raise ModelError(f"backend {' or '.join(wanted)} is not installed; run make setup")


def play(
    backend: str,
    card: Card,
    weights: Tensors,
    exact: bool = False,
    providers: Sequence[str] = PROVIDERS,
    directions: Sequence[Direction] = (),
    variant: Variant = WHOLE,
) -> Network:
    """A network on one of BACKENDS, imported now and not before. Raises ModelError."""
    if backend == "openvino":
        from installation.decks.backends.openvino import OpenVino

        return OpenVino(card, weights, exact, directions, variant)
    if backend == "onnxruntime":
        from installation.decks.backends.onnxruntime import OnnxRuntime

        return OnnxRuntime(card, weights, exact, providers, directions, variant)
    # torch's threads, told to sleep while they wait for each other: beside a stage that wants the
    # second core, spinning made a 128 px picture take 244 ms instead of 66.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from installation.decks.backends.cuda import captured
    from installation.decks.backends.torch import Torch

    plain = exact or card.architecture.kind in PLAYERS
    network = None if plain else captured(card, weights, directions, variant)
    return network or Torch(card, weights, exact, directions, variant)
