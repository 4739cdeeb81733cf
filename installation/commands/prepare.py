"""`installation prepare`: what takes long, done before the doors open.

Each model is loaded once, which fills the caches of compiled kernels, and each scene's idle film is
painted: what the wall shows while its network cannot. What is there already is left alone.
"""

import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from installation.decks import idle
from installation.decks.loading import load as load_model
from installation.errors import EXIT_FAILED, InstallationError
from installation.session import SHADERS
from installation.show.loader import load
from installation.show.schema import Show

Work = Callable[[Show, Path, str, bool], str]


def run(options: Namespace, begun: float) -> int:
    """Prepare all that can be; 1 when something could not, which is said."""
    show, _ = load(options.show, SHADERS)
    folder = options.show.resolve().parent
    dry = options.dry_run
    prepared = [_told(f"model {name}", _model, show, folder, name, dry) for name in show.models]
    prepared += [_told(f"idle film {name}", _film, show, folder, name, dry) for name in show.scenes]
    return 0 if all(prepared) else EXIT_FAILED


def _told(what: str, work: Work, show: Show, folder: Path, name: str, dry: bool) -> bool:
    try:
        print(f"{what}: {work(show, folder, name, dry)}", flush=True)
    except InstallationError as error:
        print(f"{what}: {error}", flush=True)
        return False
    return True


def _model(show: Show, folder: Path, name: str, dry: bool) -> str:
    if dry:
        return "would be loaded once, for its kernels"
    begun = time.monotonic()
    decks = show.decks
    generator = load_model(show.models[name], folder, decks.backend, providers=decks.providers)
    backend = generator.backend
    generator.close()
    return f"plays on {backend}, loaded in {time.monotonic() - begun:.1f} s"


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
