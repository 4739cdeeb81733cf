"""Places that show.yaml names and that were kept in other weights than their scene plays.

They are played, for a model that was trained on shows much the same there; but somebody should
know. Read on a thread of its own, once an edition: places and cards lie on a disk.
"""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

from installation.errors import InstallationError
from installation.generators.card import load_card
from installation.latent.files import read_journey, read_place
from installation.latent.places import Place
from installation.show.models import folders
from installation.show.schema import Show

log = logging.getLogger("desk")


class Strangers:
    """`words` has a line for each of them. `folder` is show.yaml's."""

    def __init__(self, show: Show, folder: Path) -> None:
        self._folder = folder
        self.words: list[str] = []
        self.adopt(show)

    def adopt(self, show: Show) -> None:
        """Look through another edition of the show; returns at once."""
        threading.Thread(target=self.look, args=(show,), name="strangers", daemon=True).start()

    def look(self, show: Show) -> None:
        """Read all places of a show."""
        found = strangers(show, self._folder)
        for line in found:
            if line not in self.words:
                log.warning("%s; the wall shows another picture there", line)
        self.words = found


def strangers(show: Show, folder: Path) -> list[str]:
    """A line for each place that was kept in other weights than its scene plays.

    What cannot be read is left out: whoever plays it says so."""
    found: dict[str, None] = {}
    for name, scene in show.scenes.items():
        try:
            cards = [
                load_card(folder / at) for one in scene.cast for at in folders(show.source(one))
            ]
            for where, place in _kept(show, name, folder):
                if cards and not any(place.suits(card.sha256) for card in cards):
                    words = f"{place.name} was kept in another model, or another version of it"
                    found[f"{where}: {words}"] = None
        except InstallationError:
            continue
    return list(found)


def named_places(show: Show) -> Iterator[tuple[str, str]]:
    """Where the scenes name files of places, and the files."""
    for name, scene in show.scenes.items():
        named = {"mix": [scene.mix], "centre": scene.centre}
        named["compose.with"] = scene.compose.places if scene.compose else []
        named["walk.around"] = [scene.walk.around]
        named["fence.within"] = [region.place for region in scene.fence.within]
        named["fence.ban"] = [region.place for region in scene.fence.ban]
        for key, places in named.items():
            files = (place for place in places if isinstance(place, str))
            yield from ((f"scenes.{name}.{key}", file) for file in files)


def _kept(show: Show, scene: str, folder: Path) -> Iterator[tuple[str, Place]]:
    """The places that a scene names by their files, and where."""
    path = show.scenes[scene].walk.path
    for stop in read_journey(folder / path).stops if path else []:
        yield f"scenes.{scene}.walk.path", stop.place
    alone = show.model_copy(update={"scenes": {scene: show.scenes[scene]}})
    for where, file in named_places(alone):
        yield where, read_place(folder / file)
