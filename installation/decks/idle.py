"""Idle films: what a scene shows while its network cannot. A short walk that closes upon itself,
painted ahead of time by the scene's own model, kept in the cache by what it depends on.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import numpy as np

from installation import folders
from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.decks.editing import STILL, Editing, prepared
from installation.decks.loading import load
from installation.decks.models import identity
from installation.decks.player import Player, make_walk
from installation.errors import ConsentError, ModelError
from installation.frames import film
from installation.frames.film import Film
from installation.generators.protocol import Generator, Picture
from installation.generators.test_card import TestCard
from installation.latent.walks import MAX_STEP
from installation.progress import progress
from installation.show.models import AnyModel, TestCardModel
from installation.show.schema import Scene, Show

# The stage blends neighbours, so ten a second move smoothly; a walk takes no larger step.
SECONDS, RATE = 24.0, 1 / MAX_STEP
FASTEST = 4.0  # times the scene's own pace: a round so short may not be a chase
MOST = 1024**3  # bytes of all films together; the oldest go first
_VERSION = 1  # of how films are made
_EDITS = {"bend", "compose", "centre"}  # keys of a scene that change its pictures


def home() -> Path:
    """Where films lie."""
    return folders.cache_home() / "idle"


def place(show: Show, folder: Path, scene: str) -> Path:
    """Where the film of a scene lies, if it was made; model paths start at `folder`. It is another
    place for another model or walk. Raises ModelError if the model's card cannot be read, or if who
    is in it does not agree."""
    wanted, (_, who) = show.scenes[scene], _sitter(show, folder, scene)
    parts = [_VERSION, SECONDS, RATE, who, wanted.walk.model_dump(mode="json")]
    if edits := wanted.model_dump(mode="json", include=_EDITS, exclude_defaults=True):
        parts.append(edits)
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
    return home() / f"{scene}-{digest}"


def find(show: Show, folder: Path, scene: str) -> Film | None:
    """The film of a scene, None if there is none."""
    try:
        return film.find(place(show, folder, scene))
    except (ModelError, OSError):
        return None


def make(show: Show, folder: Path, scene: str) -> Film:
    """The film of a scene, painted if it is not there yet, with a bar where a person looks on.

    Raises ModelError when the model cannot be played, InstallationError when the disk is full."""
    where = place(show, folder, scene)
    if found := film.find(where):
        return found
    generator = _generator(show, folder, scene)
    count = round(SECONDS * RATE)
    closed = _closed(show.scenes[scene])
    table = Table(house_rows(list(show.scenes)))
    editing = prepared(closed, generator, table, folder, None)
    pictures = _pictures(Player(generator, make_walk(closed, generator)), table, editing, count)
    painted = progress(pictures, count, f"idle film {scene}")
    made = film.write(where, RATE, painted)
    generator.close()
    prune(where)
    return made


def prune(keep: Path, most: int = MOST) -> None:
    """Remove the oldest films until all together take no more than `most` bytes; never `keep`."""
    films = [each for each in home().iterdir() if each.is_dir() and each != keep]
    films.sort(key=lambda each: each.stat().st_mtime, reverse=True)
    left = most - _size(keep)
    for each in films:
        left -= _size(each)
        if left < 0:
            shutil.rmtree(each, ignore_errors=True)


def _sitter(show: Show, folder: Path, scene: str) -> tuple[AnyModel, str]:
    """The model that the film shows, and its identity: the first who agrees. Raises ModelError."""
    refused = None
    for name in show.scenes[scene].representatives:
        model = show.source(name)
        if isinstance(model, TestCardModel):
            return model, "test card {}x{}".format(*model.test_card.size)
        try:
            return model, identity(model, folder, date.today())
        except ConsentError as error:
            refused = refused or error
    assert refused
    raise refused


def _generator(show: Show, folder: Path, scene: str) -> Generator:
    model, _ = _sitter(show, folder, scene)
    if isinstance(model, TestCardModel):
        return TestCard(*model.test_card.size)  # without the fault it may have been told to commit
    decks = show.decks
    return load(model, folder, decks.backend, providers=decks.providers, patient=True)


def _pictures(player: Player, table: Table, editing: Editing, count: int) -> Iterator[Picture]:
    """With the scene's own edits, every control at its default."""
    generator, values = player.generator, np.array([row.default for row in table])
    out = np.zeros((generator.height, generator.width, 4), np.uint8)
    for _ in range(count):
        edit = editing.edit(values, player.place)
        if not player.draw(STILL, 1.0, MAX_STEP, out, edit):
            raise ModelError(f"{generator.name} gave a picture that is not finite")
        yield out


def _closed(scene: Scene) -> Scene:
    """The scene with a closed round of SECONDS, so much smaller that it is no chase."""
    share = min(1.0, FASTEST * SECONDS / scene.walk.period)
    walk = scene.walk.model_copy(
        update={"kind": "loop", "period": SECONDS, "spread": scene.walk.spread * share}
    )
    return scene.model_copy(update={"walk": walk})


def _size(folder: Path) -> int:
    files: Iterable[Path] = folder.rglob("*") if folder.is_dir() else ()
    return sum(file.stat().st_size for file in files if file.is_file())
