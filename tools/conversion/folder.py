"""From what the child left to a model folder: checked, completed, and put in place in one step."""

import hashlib
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from installation.errors import ModelError
from installation.generators.card import CARD, WEIGHTS, Card
from installation.generators.directions import dump
from installation.generators.weights import Tensors, check_shapes, expected_shapes
from installation.show.directions import FILE as DIRECTIONS
from tools.conversion.directions import directions, sampled
from tools.conversion.painter import Painter
from tools.conversion.sheet import png, sheet

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
    tensors = _checked(card, tensors, words["file"])
    tell("measuring the space of styles")
    weights = {name: array.astype(np.float32, copy=False) for name, array in tensors.items()}
    ws = _styles(card, weights, words["file"])
    if AVERAGE not in tensors:
        tensors[AVERAGE] = weights[AVERAGE] = ws.mean(0)
    files = {DIRECTIONS: dump(directions(weights, ws))}
    if pictures:
        paint, told_of = Painter(card, weights), partial(_count, tell, pictures)
        files[SHEET] = png(sheet(paint, card.architecture.z_dim, pictures, told_of))
        del paint  # it takes as much as the weights again
    files[WEIGHTS] = save(tensors)
    card = _completed(card, files)
    _put(target, {**files, CARD: _text(card)})
    return card


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


def _checked(card: Card, tensors: Tensors, file: str) -> Tensors:
    """Those that the architecture asks for, once every shape was found right; without the average,
    which has to be measured, if it is missing."""
    try:
        arch = card.architecture.built()
        average = {} if AVERAGE in tensors else {AVERAGE: np.zeros(arch.w_dim, np.float32)}
        check_shapes({**tensors, **average}, arch, Path(file))
    except ModelError as error:
        known = str(error).replace("the card says", "expected")
        raise ModelError(known if known.startswith(file) else f"{file}: {known}") from None
    return {name: tensors[name] for name in expected_shapes(arch) if name in tensors}


def _styles(card: Card, weights: Tensors, file: str) -> npt.NDArray[np.floating]:
    """w of a sample of places, of the class shown: the first until the card says another."""
    arch = card.architecture.built()
    average = weights.get(AVERAGE, np.zeros(arch.w_dim, np.float32))
    with np.errstate(all="ignore"):  # what is no number is told in a line
        ws = sampled({**weights, AVERAGE: average}, arch, card.latent.label)
    if not np.isfinite(ws).all():
        raise ModelError(f"{file}: its mapping network gives no finite numbers")
    return ws


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
