"""From what show.yaml calls a model to all that plays it: card, weights, directions, variant."""

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from installation.errors import ConsentError, ModelError
from installation.folders import model_folder
from installation.generators.architecture import Architecture
from installation.generators.blending import blended
from installation.generators.card import Card, load_card
from installation.generators.clusters import load_clusters
from installation.generators.consent import refusal
from installation.generators.directions import Direction, load_directions
from installation.generators.taps import WHOLE, Clusters, Variant
from installation.generators.weights import Tensors, load_moment, load_weights
from installation.show.models import MadeModel

log = logging.getLogger("deck")


@dataclass(frozen=True, slots=True)
class Model:
    """A network's parts, read and checked."""

    card: Card
    tensors: Tensors
    directions: list[Direction]
    variant: Variant = WHOLE


def opened(model: str | MadeModel, folder: Path, today: date) -> Model:
    """The parts of a show's model, paths from `folder`.

    Raises ModelError; ConsentError where somebody in it does not agree."""
    if isinstance(model, MadeModel):
        return _made(model, folder, today)
    card, at = agreed_card(model, folder, today), folder / model
    tensors = load_weights(at, card)
    return Model(card, tensors, load_directions(at, card, tensors), _variant(at, card, 1))


def agreed_card(path: str, folder: Path, today: date) -> Card:
    """The card of a model, or of a moment of its training. Raises ModelError, ConsentError."""
    at = folder / model_folder(path)
    card = load_card(at)
    if why := refusal(card.consent, today):
        raise ConsentError(f"model {at} is not loaded: {why}")
    return card


def identity(model: str | MadeModel, folder: Path, today: date) -> str:
    """A number that differs where the pictures do. Raises ModelError, ConsentError."""
    if isinstance(model, str):
        return agreed_card(model, folder, today).sha256
    paths = list(model.of)
    told = [agreed_card(path, folder, today).sha256 for path in paths]
    rest = [model.at, model.amount, model.wide, paths]
    return hashlib.sha256(json.dumps([told, rest]).encode()).hexdigest()


def _made(made: MadeModel, folder: Path, today: date) -> Model:
    cards = [agreed_card(path, folder, today) for path in made.of]
    card, at = cards[0], folder / model_folder(made.of[0])
    tensors = _weights(made.of[0], folder, card)
    directions = load_directions(at, card, tensors)
    if len(cards) > 1:
        other = _weights(made.of[1], folder, cards[1])
        tensors = blended(tensors, other, made.at, made.amount, folder / made.of[1])
    names = list(dict.fromkeys(each.name for each in cards))
    told = {"name": " and ".join(names), "sha256": identity(made, folder, today)}
    variant = _variant(at, card, made.wide)
    return Model(card.model_copy(update=told), tensors, directions, variant)


def _weights(path: str, folder: Path, card: Card) -> Tensors:
    at = folder / path
    return load_weights(at, card) if model_folder(path) == path else load_moment(at, card)


def _variant(at: Path, card: Card, wide: int) -> Variant:
    arch = card.architecture.built()
    if isinstance(arch, Architecture):
        return Variant(wide=wide, clusters=_clusters(at, card, arch))
    if wide > 1:
        raise ModelError(f"model {at}: only a stylegan2 can be painted wider than it is")
    return WHOLE


def _clusters(at: Path, card: Card, arch: Architecture) -> Clusters:
    """The model's clusters, none where they are of other weights: that stops no show."""
    try:
        return load_clusters(at, card.sha256, arch)
    except ModelError as error:
        log.warning("%s; bends take all channels", error)
        return {}
