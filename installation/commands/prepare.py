"""`installation prepare`: what takes long, done before the doors open.

Each model is loaded once, which fills the caches of compiled kernels; each scene's idle film is
painted, which the wall shows while its network cannot, and of each model the thumbnails that the
explorer's map begins with. What is there already is left alone.
"""

import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from installation.decks import idle
from installation.decks.building import Building
from installation.decks.loading import load as load_model
from installation.decks.upgrade import possible
from installation.errors import EXIT_FAILED, InstallationError
from installation.generators.card import load_card
from installation.progress import progress
from installation.session import SHADERS
from installation.show.loader import load
from installation.show.models import TestCardModel
from installation.show.schema import Show
from installation.studio import thumbnails
from installation.studio.easel import Easel
from installation.studio.painter import load as load_painter

Work = Callable[[Show, Path, str, bool], str]


def run(options: Namespace, begun: float) -> int:
    """Prepare all that can be; 1 when something could not, which is said."""
    show, _ = load(options.show, SHADERS)
    folder = options.show.resolve().parent
    dry = options.dry_run
    prepared = [_told(f"model {name}", _model, show, folder, name, dry) for name in show.sources]
    prepared += [_told(f"idle film {name}", _film, show, folder, name, dry) for name in show.scenes]
    names = [name for name, model in show.models.items() if not isinstance(model, TestCardModel)]
    prepared += [_told(f"thumbnails {n}", _thumbnails, show, folder, n, dry) for n in names]
    return 0 if all(prepared) else EXIT_FAILED


def _told(what: str, work: Work, show: Show, folder: Path, name: str, dry: bool) -> bool:
    try:
        print(f"{what}: {work(show, folder, name, dry)}", flush=True)
    except InstallationError as error:
        print(f"{what}: {error}", flush=True)
        return False
    return True


def _model(show: Show, folder: Path, name: str, dry: bool) -> str:
    decks, model = show.decks, show.source(name)
    engine = folder / model if isinstance(model, str) and possible(decks.backend) else None
    if dry:
        return f"would be loaded once, for its kernels{', its engine built' if engine else ''}"
    told = _engine(engine) if engine else ""
    begun = time.monotonic()
    generator = load_model(model, folder, decks.backend, providers=decks.providers)
    played = f"{generator.backend} ({generator.why})" if generator.why else generator.backend
    generator.close()
    return f"plays on {played}, loaded in {time.monotonic() - begun:.1f} s{told}"


def _engine(model: Path) -> str:
    """Build a model's TensorRT engine, also where that was tried before; words on it."""
    from installation.decks import engines

    card = load_card(model)
    if not engines.state(card):
        return "; its engine is there"
    engines.forget(engines.key(card))
    print(f"building the TensorRT engine of {card.name}, which may take minutes", flush=True)
    building = Building(model)
    try:
        building.wait()
    finally:
        building.close()
    return f"; {'its engine was' if building.ready else 'no engine:'} {building.words}"


def _film(show: Show, folder: Path, scene: str, dry: bool) -> str:
    if film := idle.find(show, folder, scene):
        return f"is there: {film.folder}"
    where = idle.place(show, folder, scene)
    if dry:
        return f"would be painted: {where}"
    begun = time.monotonic()
    film = idle.make(show, folder, scene)
    size = sum(file.stat().st_size for file in film.folder.iterdir()) / 2**20
    return f"{film.count} pictures, {size:.1f} MB, {time.monotonic() - begun:.0f} s: {film.folder}"


def _thumbnails(show: Show, folder: Path, name: str, dry: bool) -> str:
    painter = load_painter(show.models[name], folder)
    wanted = thumbnails.missing(painter.sha256)
    where = thumbnails.folder(painter.sha256)
    if not wanted:
        return f"are there: {where}"
    if dry:
        return f"would be painted: {where}"
    begun = time.monotonic()
    try:
        thumbnails.make(Easel(painter), progress(wanted, len(wanted), name))
    except OSError as error:
        raise InstallationError(f"{where}: {error.strerror}") from None
    return f"{len(wanted)} painted, {time.monotonic() - begun:.0f} s: {where}"
