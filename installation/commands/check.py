"""`installation check`: every problem of a show and its models, before the doors open."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from installation.decks.models import opened
from installation.desk.strangers import named_places, strangers
from installation.errors import EXIT_BAD_INPUT, DeviceError, ModelError, PlaceError
from installation.generators.anatomy import ONE_PLACE, Anatomy
from installation.generators.architecture import Architecture
from installation.generators.card import Card, load_card
from installation.generators.clusters import load_clusters
from installation.generators.consent import refusal
from installation.generators.taps import WHOLE
from installation.inputs.sound_file import SoundFile
from installation.latent.files import read_journey, read_place
from installation.session import SHADERS
from installation.show.loader import load
from installation.show.models import MadeModel, TestCardModel, folders
from installation.show.outputs import only
from installation.show.schema import Scene, Show
from installation.stage.masks import load as load_mask


def run(options: Namespace, begun: float) -> int:
    """0 when the show can open, 2 when something has to be mended."""
    show, table = load(options.show, SHADERS)
    folder = options.show.resolve().parent
    problems = model_problems(show, folder) + file_problems(show, folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return EXIT_BAD_INPUT
    for note in strangers(show, folder):
        print(f"note: {note}", file=sys.stderr)
    scenes = f"{len(show.scenes)} scene{'s' * (len(show.scenes) != 1)}"
    models = f"{len(show.models)} model{'s' * (len(show.models) != 1)}"
    print(f"{options.show}: {scenes}, {models}, {len(table)} controls: all is well")
    return 0


def model_problems(show: Show, folder: Path, today: date | None = None) -> list[str]:
    """What is wrong with the show's models, one line each; model paths start at `folder`."""
    today = today or date.today()
    problems: list[str] = []
    for name in show.sources:
        model = show.source(name)
        if isinstance(model, TestCardModel):
            continue
        try:
            cards = [load_card(folder / at) for at in folders(model)]
            found = [why for card in cards if (why := refusal(card.consent, today))]
            problems += [f"models.{name}: {why}; its scenes are skipped" for why in found]
            if not found:
                parts = opened(model, folder, today)
                problems += _axes(show, name, parts.card)
                problems += _composing(show, name, parts.card)
                _check_clusters(model, folder, cards[0])
        except ModelError as error:
            problems.append(f"models.{name}: {error}")
    return problems


def _check_clusters(model: str | MadeModel, folder: Path, card: Card) -> None:
    """Raises ModelError where clusters.json is no such file, or of other weights."""
    arch = card.architecture.built()
    if isinstance(arch, Architecture):
        load_clusters(folder / folders(model)[0], card.sha256, arch)


def file_problems(show: Show, folder: Path) -> list[str]:
    """What is wrong with the journeys, masks and sounds that the show names, one line each, and
    what to do; their paths start at `folder`."""
    return _journey_problems(show, folder) + list(_other_problems(show, folder))


def _other_problems(show: Show, folder: Path) -> Iterator[str]:
    for number, window in enumerate(only(show.outputs)):
        if window.mask:
            try:
                load_mask(folder / window.mask)
            except DeviceError as error:
                yield f"window {number}: {error}; put a PNG there, or take mask out"
    if (audio := show.inputs.audio) and audio.file:
        try:
            SoundFile(folder / audio.file)
        except DeviceError as error:
            yield f"inputs.audio.file: {error}, or take file out"


def _journey_problems(show: Show, folder: Path) -> list[str]:
    paths = {f"journeys.{name}": path for name, path in show.journeys.items()}
    for name, scene in show.scenes.items():
        if scene.walk.path:
            paths[f"scenes.{name}.walk.path"] = scene.walk.path
    journeys = [(where, path, read_journey) for where, path in paths.items()]
    places = [(where, path, read_place) for where, path in named_places(show)]
    problems = []
    for where, path, read in [*journeys, *places]:
        try:
            read(folder / path)
        except PlaceError as error:
            problems.append(f"{where}: {error}")
    return problems


def _axes(show: Show, model: str, card: Card) -> list[str]:
    """Axes that the scenes of a model push and its card does not have."""
    known = ", ".join(card.latent.axes) or "none"
    wanted = [
        (f"scenes.{name}.{place}", axis)
        for name, scene in show.scenes.items()
        if model in scene.cast
        for place, axis in _pushed(scene)
    ]
    return [
        f"{place}: model {model} has no axis {axis!r}; it has: {known}"
        for place, axis in wanted
        if axis not in card.latent.axes
    ]


def _composing(show: Show, model: str, card: Card) -> list[str]:
    """Scenes that ask a model for several places in one picture, if it cannot hold them."""
    scenes = [name for name, scene in show.scenes.items() if scene.compose and model in scene.cast]
    if Anatomy(card.architecture.built(), WHOLE).composes:
        return []
    return [f"scenes.{name}.compose: model {model}: {ONE_PLACE}; take it out" for name in scenes]


def _pushed(scene: Scene) -> list[tuple[str, str]]:
    leant = [(f"walk.lean.{axis}", axis) for axis in scene.walk.lean]
    leant += [("walk.pulse.axis", scene.walk.pulse.axis)] if scene.walk.pulse else []
    return leant + [(f"axes.{hand}", axis) for hand, axis in scene.axes.items()]
