"""A real explorer behind a real panel server, over the shipped model or the test card."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from installation.latent.journeys import Journey
from installation.panel.explorer.routes import Explorer
from installation.panel.explorer.shelf import Shelf
from installation.panel.link import FakeLink
from installation.panel.pairing import Pairing
from installation.panel.server import PanelServer
from installation.session import ROOT
from installation.studio.client import Studio
from tests.panel.conftest import wait_until

LOG = logging.getLogger("panel")
CARD = {"card": {"test_card": {"size": [64, 64]}}}
SEA = {"sea": "models/waves", **CARD}


class FakeWall:
    """A wall that plays the test card, and whose link remembers what it was sent."""

    def __init__(self, link: FakeLink, models: Mapping[str, object]) -> None:
        self.play = link.play
        self.named = models
        self.waits: list[tuple[str, str]] = []

    def models(self) -> Mapping[str, object]:
        return self.named

    def model(self) -> str:
        return "card"

    def stand_by(self, title: str, model: str, journeys: Sequence[Journey]) -> None:
        self.waits.append((title, model))


@contextmanager
def served(
    link: FakeLink,
    folder: Path,
    models: Mapping[str, object],
    port: int = 0,
    pairing: Pairing | None = None,
    wall: FakeWall | None = None,
) -> Iterator[PanelServer]:
    """A panel with an explorer whose shelf and films lie in `folder`."""
    shelf = Shelf(folder / "shelf")
    assert shelf.load() == []
    studio = Studio(ROOT, models, LOG)
    table = Explorer(studio, shelf, folder / "films", LOG, wall or FakeWall(link, models))
    server = PanelServer(link, port, "127.0.0.1", LOG, explorer=table, pairing=pairing)
    server.start()
    wait_until(lambda: server.serving, "the server starts")
    try:
        yield server
    finally:
        server.close()
