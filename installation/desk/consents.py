"""Which scenes may not be shown today: the cards' consent terms, read again every minute.

On a thread of its own, for a card lies on a disk. Midnight, and a consent that is withdrawn in the
card while the show runs, are noticed within a minute.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from installation.errors import ModelError
from installation.generators.card import load_card
from installation.generators.consent import refusal
from installation.logs import Guard
from installation.show.models import MadeModel, TestCardModel, folders
from installation.show.schema import Show

PERIOD = 60.0  # seconds

log = logging.getLogger("desk")


class Consents:
    """`barred` names the scenes that are skipped, with the reason; `refused` the models, of which a
    scene that has others goes on without. `today` gives the local date."""

    def __init__(self, show: Show, folder: Path, today: Callable[[], date] = date.today) -> None:
        self._folder, self._today = folder, today
        self.barred: Mapping[str, str] = {}
        self.refused: Mapping[str, str] = {}
        self._guard = Guard(log, every=600.0)
        self._call, self._ended = threading.Event(), False
        self._show = show
        self.look()
        self._thread = threading.Thread(target=self._run, name="consent", daemon=True)

    def start(self) -> None:
        """Begin to look every minute."""
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._ended = True
        self._call.set()

    def adopt(self, show: Show) -> None:
        """Go by another edition of the show, as soon as its cards are read."""
        self._show = show
        self._call.set()

    def look(self) -> None:
        """Read the cards and reckon by today's date."""
        show, today = self._show, self._today()
        played = {name for scene in show.scenes.values() for name in scene.cast}
        asked = {name: self._refusal(show.source(name), today) for name in sorted(played)}
        refused = {name: why for name, why in asked.items() if why}
        barred = {
            name: refused[scene.cast[0]]
            for name, scene in show.scenes.items()
            if refused.keys() >= set(scene.cast)
        }
        for name in refused.keys() - self.refused.keys():
            log.error("model %s is not shown: %s", name, refused[name])
        for name in barred.keys() - self.barred.keys():
            log.error("scene %s is skipped: %s", name, barred[name])
        for name in self.barred.keys() - barred.keys():
            log.info("scene %s may be shown again", name)
        self.barred, self.refused = barred, refused

    def instead(self, wanted: int) -> int | None:
        """The wanted scene, or the next that may be shown; None when none may."""
        names = list(self._show.scenes)
        for place in range(len(names)):
            scene = (wanted + place) % len(names)
            if names[scene] not in self.barred:
                return scene
        return None

    def _refusal(self, model: str | TestCardModel | MadeModel, today: date) -> str | None:
        """Why somebody in the model refuses; of a blend everybody must agree."""
        found = (self._of_card(folder, today) for folder in folders(model))
        return next(filter(None, found), None)

    def _of_card(self, folder: str, today: date) -> str | None:
        try:
            return refusal(load_card(self._folder / folder).consent, today)
        except ModelError:  # the deck says so, and plays the test card
            return None

    def _run(self) -> None:
        while True:
            self._call.wait(PERIOD)
            self._call.clear()
            if self._ended:
                return
            with self._guard("reading the consent of the models"):
                self.look()
