"""From what the child left to a model folder: checked, completed, and put in place in one step."""

import hashlib
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from torch import Tensor

from installation.errors import ModelError
from installation.generators import stylegan2, stylegan3
from installation.generators.architecture3 import Architecture3
from installation.generators.card import CARD, WEIGHTS, Card
from installation.generators.directions import dump
from installation.generators.weights import Tensors, check_shapes
from installation.show.directions import FILE as DIRECTIONS
from tools.conversion.directions import AnyGenerator, directions, sampled
from tools.conversion.painter import Painter
from tools.conversion.sheet import Sheet, png, sheet

SHEET = "sheet.png"
AVERAGE = "mapping.w_avg"

Tell = Callable[[str], None]


def write(
    target: Path,
    tensors_file: Path,
    told: dict[str, Any],
    words: dict[str, str],
    pictures: int,
    tell: Tell,
) -> Card:
    """Make the model folder `target`. `words` are what a person states: name, licence, file;
    as many `pictures`, in whole rows, go on the contact sheet.

    Raises ModelError when the tensors are not those of the architecture they claim."""
    try:
        tensors = load_file(tensors_file)
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{words['file']}: its tensors could not be taken over ({error})"
        ) from None
    card = _card(told, words)
    generator, label = _generator(card, tensors, words["file"]), _label(card)
    tensors = {name: tensors[name] for name in generator.state_dict() if name in tensors}
    tell("measuring the space of styles")
    ws = sampled(generator, label)
    if not torch.isfinite(ws).all():
        raise ModelError(f"{words['file']}: its mapping network gives no finite numbers")
    if AVERAGE not in tensors:
        tensors[AVERAGE] = ws.mean(0).numpy()
    files = {DIRECTIONS: dump(directions(generator, ws))}
    del generator  # what paints the sheet takes as much again
    if pictures:
        files[SHEET] = png(_sheet(card, tensors, pictures, partial(_count, tell, pictures)))
    files[WEIGHTS] = save(tensors)
    card = _completed(card, files)
    _put(target, {**files, CARD: _text(card)})
    return card


def _sheet(card: Card, tensors: Tensors, pictures: int, tell: Callable[[int], None]) -> Sheet:
    weights = {name: array.astype(np.float32, copy=False) for name, array in tensors.items()}
    return sheet(Painter(card, weights), card.architecture.z_dim, pictures, tell)


def _count(tell: Tell, pictures: int, done: int) -> None:
    tell(f"painted {done} of {pictures}")


def _card(told: dict[str, Any], words: dict[str, str]) -> Card:
    """A card that says what is known, and 'unknown' of what is not."""
    source = {key: str(told[key]) for key in ("sha256", "format", "note")}
    try:
        return Card.model_validate({
            "name": words["name"],
            "depicts": "unknown",
            "provenance": "unknown",
            "consent": "unknown",
            "licence": words["licence"],
            "architecture": told["architecture"],
            "sha256": "0" * 64,
            "source": {"file": words["file"], **source},
        })  # fmt: skip
    except (ValidationError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ModelError(
            f"{words['file']}: describes itself in a way that cannot be: {reason}"
        ) from None


def _generator(card: Card, tensors: Tensors, file: str) -> AnyGenerator:
    """The network that the tensors are for, once every shape was found right."""
    try:
        arch = card.architecture.built()
        average = {} if AVERAGE in tensors else {AVERAGE: torch.zeros(arch.w_dim).numpy()}
        check_shapes({**tensors, **average}, arch, Path(file))
    except ModelError as error:
        known = str(error).replace("the card says", "expected")
        raise ModelError(known if known.startswith(file) else f"{file}: {known}") from None
    three = isinstance(arch, Architecture3)
    network = stylegan3.Generator(arch) if three else stylegan2.Generator(arch)
    network.load_state_dict({n: torch.from_numpy(t) for n, t in tensors.items()}, strict=False)
    return network.float().eval().requires_grad_(False)


def _label(card: Card) -> Tensor | None:
    """The class shown, the first until the card says another."""
    classes = card.architecture.c_dim
    return torch.eye(classes)[card.latent.label][None] if classes else None


def _completed(card: Card, files: dict[str, bytes]) -> Card:
    digest = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    told = card.model_dump()
    told |= {"sha256": digest[WEIGHTS], "directions": {"sha256": digest[DIRECTIONS]}}
    return Card.model_validate(told)


def _text(card: Card) -> bytes:
    contents = card.model_dump(mode="json")
    text = yaml.safe_dump(contents, sort_keys=False, width=100, allow_unicode=True)
    return text.encode()


def _put(target: Path, files: dict[str, bytes]) -> None:
    """All files or none: they are written beside the target, which then takes its name."""
    part = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        part.mkdir(parents=True)
        for name, data in files.items():
            (part / name).write_bytes(data)
        os.replace(part, target)
    except OSError as error:
        raise ModelError(f"{target}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
