"""The codes of a run, where somebody needs one: told on the terminal, which no log keeps, and on
the wall under the figures."""

import logging
import sys
from collections.abc import Iterable
from pathlib import Path

from installation.memory import Arena, Mailbox
from installation.panel.pairing import Pairing, machine_key
from installation.panel.security import is_local
from installation.session import Session
from installation.show.schema import Panel
from installation.store import Store

log = logging.getLogger("panel")


class Forgotten:
    """The devices that were forgotten, one a line beside the machine's key."""

    def __init__(self, state_folder: str) -> None:
        self._store = Store(Path(state_folder) / "panel.forgotten") if state_folder else None

    def read(self) -> list[str]:
        """Those of former runs."""
        body = self._store.read().body if self._store else None
        return (body or b"").decode("ascii", "replace").split()

    def keep(self, devices: Iterable[str]) -> None:
        """Write all of them. A full disk costs a line, and the next run knows them again."""
        if self._store is None:
            return
        try:
            self._store.write("\n".join(devices).encode())
        except OSError as error:
            log.error("forgotten devices cannot be kept: %s", error)


def pairing(panel: Panel, session: Session, arena: Arena) -> Pairing | None:
    """The pairing of this run's panel; None where only this machine can reach it."""
    network = panel.pair == "network"
    if network and is_local(panel.listen):
        return None
    forgotten = Forgotten(session.state_folder)
    codes = Pairing(
        machine_key(session.state_folder),
        str(session.started),
        local=network,
        forgotten=forgotten.read(),
        keep=forgotten.keep,
    )
    if Mailbox(arena.section("pairing")).write(codes.words().encode()) == 1:
        print(f"codes for the panel on other devices:\n{codes.words()}", file=sys.stderr)
    return codes
