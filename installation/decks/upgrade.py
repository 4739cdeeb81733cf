"""What would play a model faster, made ready while something else plays it.

That is a TensorRT engine. When it is there the deck says so, and the supervisor has the desk cross
over to the other deck, which loads the model anew and takes the engine.
"""

import logging
from pathlib import Path

from installation.decks import hardware
from installation.decks.building import Building, Start, start
from installation.decks.choosing import NOT_BUILT, installed
from installation.errors import ModelError
from installation.generators.card import load_card

log = logging.getLogger("deck")


class Upgrade:
    """At most one at a time. Nothing here waits, and nothing leaves it."""

    def __init__(self, started: Start = start) -> None:
        self._started = started
        self._building: Building | None = None
        self._name = ""
        self.ready = ""  # why the same model would play faster if it were loaded now

    def begin(self, name: str, folder: Path, backend: str) -> None:
        """Build what the model in `folder` lacks, if show.yaml's `backend` allows it, this machine
        could play it and it was not tried before."""
        self.end()
        try:
            if wanted(folder, backend):
                self._name, self._building = name, Building(folder, self._started)
                log.info("%s: its TensorRT engine is being built meanwhile", name)
        except (ModelError, OSError) as error:
            log.warning("%s: no TensorRT engine is built: %s", name, error)

    def look(self) -> str:
        """`ready`, after a look whether the builder is done."""
        building = self._building
        if building and building.look():
            self._building = None
            if building.ready:
                self.ready = f"{self._name}: its TensorRT engine is {building.words}"
                log.info("%s", self.ready)
            else:
                log.error("%s: no TensorRT engine: %s", self._name, building.words)
        return self.ready

    def end(self) -> None:
        """Another model plays now."""
        if self._building:
            self._building.close()
        self._building, self.ready = None, ""


def possible(backend: str) -> bool:
    """Whether engines are of use: a card, TensorRT, and a show that leaves the choice."""
    if backend not in ("auto", "tensorrt") or not installed("tensorrt"):
        return False
    return hardware.nvidia() is not None


def wanted(folder: Path, backend: str) -> bool:
    """Whether an engine of the model in `folder` is to be built. Raises ModelError."""
    if not possible(backend):
        return False
    from installation.decks import engines

    return engines.state(load_card(folder)) == NOT_BUILT
