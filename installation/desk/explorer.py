"""The explorer of a show: where its shelf lies, which models it may paint, what is on the wall."""

import logging
from collections.abc import Sequence
from pathlib import Path

from installation import folders
from installation.desk.link import Link
from installation.latent.journeys import Journey
from installation.panel.explorer.routes import Explorer
from installation.panel.explorer.shelf import Shelf
from installation.session import Session
from installation.show.schema import Show
from installation.studio.client import Studio

log = logging.getLogger("panel")


class Wall:
    """What plays. See panel.explorer.table.Wall."""

    def __init__(self, show: Show, link: Link) -> None:
        self._link = link
        self._models = {name: scene.model for name, scene in show.scenes.items()}

    def model(self) -> str:
        """The model of the scene that is wanted; "" for a scene that came with an edit."""
        row = self._link.table["/scene"]
        place = int(self._link.values()[self._link.table.index("/scene")])
        return self._models.get(row.choices[place], "") if place < len(row.choices) else ""

    def play(self, journeys: Sequence[Journey]) -> None:
        """See panel.link.DeskLink.play."""
        self._link.play(journeys)


def explorer(show: Show, link: Link, session: Session) -> Explorer:
    """Nothing is started here: the studio begins when it is first asked for a picture."""
    models = show.model_dump(mode="json", by_alias=True)["models"]
    studio = Studio(Path(session.show_folder), models, log)
    shelf = Shelf(Path(session.state_folder) / "explorer" if session.state_folder else None)
    for problem in shelf.load():
        log.warning("%s; it is left where it is", problem)
    return Explorer(studio, shelf, folders.cache_home() / "films", log, Wall(show, link))
