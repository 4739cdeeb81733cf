"""The explorer of a show: where its shelf lies, which models it may paint, what is on the wall."""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from installation import folders
from installation.desk.link import Link
from installation.desk.standby import Standby, Waiting
from installation.latent.journeys import Journey
from installation.panel.explorer.routes import Explorer
from installation.panel.explorer.shelf import Shelf
from installation.session import Session
from installation.show.schema import Show
from installation.studio.client import Studio

log = logging.getLogger("panel")


class Wall:
    """What plays. See panel.explorer.table.Wall. `show` gives the edition that plays."""

    def __init__(self, show: Callable[[], Show], link: Link, standby: Standby) -> None:
        self._show, self._link, self._standby = show, link, standby

    def models(self) -> Mapping[str, Any]:
        """See panel.explorer.table.Wall.models."""
        models = self._show().models.items()
        return {
            name: one if isinstance(one, str) else one.model_dump(mode="json", by_alias=True)
            for name, one in models
        }

    def model(self) -> str:
        """The model of the scene that is wanted, of several the one on the wall; "" for a scene
        that an edit has just brought."""
        scene, place = self._show().scenes.get(self._wanted()), self._value("/scene")
        deck = "a" if self._value("/state/deck_a") == place else "b"
        member = self._value(f"/state/model_{deck}")
        cast = scene.cast if scene else []
        return cast[member].partition("/")[0] if member < len(cast) else ""

    def play(self, journeys: Sequence[Journey]) -> None:
        """See panel.link.DeskLink.play."""
        self._link.play(journeys)

    def stand_by(self, title: str, model: str, journeys: Sequence[Journey]) -> None:
        """Let GO send these, in the wanted scene if it is of this model, else in the first that
        is."""
        scenes = self._show().scenes
        fit = [name for name, scene in scenes.items() if model in scene.cast]
        scene = "" if self.model() == model or not fit else fit[0]
        self._standby.put(Waiting(title=title, scene=scene, journeys=list(journeys)))

    def _value(self, address: str) -> int:
        return int(self._link.values()[self._link.table.index(address)])

    def _wanted(self) -> str:
        choices, place = self._link.table["/scene"].choices, self._value("/scene")
        return choices[place] if place < len(choices) else ""


def explorer(show: Callable[[], Show], link: Link, standby: Standby, session: Session) -> Explorer:
    """Nothing is started here: the studio begins when it is first asked for a picture."""
    wall = Wall(show, link, standby)
    studio = Studio(Path(session.show_folder), wall.models(), log)
    shelf = Shelf(Path(session.state_folder) / "explorer" if session.state_folder else None)
    for problem in shelf.load():
        log.warning("%s; it is left where it is", problem)
    return Explorer(studio, shelf, folders.cache_home() / "films", log, wall)
