"""The codes of a run, where somebody needs one: told on the terminal, which no log keeps, and on
the wall under the figures."""

import sys

from installation.memory import Arena, Mailbox
from installation.panel.pairing import Pairing, machine_key
from installation.panel.security import is_local
from installation.session import Session
from installation.show.schema import Panel


def pairing(panel: Panel, session: Session, arena: Arena) -> Pairing | None:
    """The pairing of this run's panel; None where only this machine can reach it."""
    network = panel.pair == "network"
    if network and is_local(panel.listen):
        return None
    codes = Pairing(machine_key(session.state_folder), str(session.started), local=network)
    if Mailbox(arena.section("pairing")).write(codes.words().encode()) == 1:
        print(f"codes for the panel on other devices:\n{codes.words()}", file=sys.stderr)
    return codes
