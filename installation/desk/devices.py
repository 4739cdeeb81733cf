"""What the desk listens to, as show.yaml asks for it: OSC, the sound, the panel."""

import logging
import threading
from pathlib import Path
from typing import Any

from installation.clock import Clock
from installation.control.parameters import Table
from installation.desk.hands import Hands
from installation.desk.link import Link
from installation.desk.pairing import pairing
from installation.inputs.audio import AudioInput, capture_options
from installation.inputs.osc import OscInput
from installation.inputs.osc_sources import Sources
from installation.memory import Arena
from installation.panel.explorer.routes import Explorer
from installation.panel.server import PanelServer
from installation.session import Session
from installation.show.schema import Show


def osc_input(
    show: Show, table: Table, hands: Hands, wake: threading.Event, clock: Clock
) -> OscInput | None:
    """The OSC socket, which sets `wake` when something came in."""
    osc = show.inputs.osc
    if osc is None:
        return None
    sources = Sources(osc.allow, osc.lock, osc.rate)
    return OscInput(osc.port, osc.listen, table, hands.osc_sources, wake, clock, sources)


def audio_input(show: Show, session: Session, arena: Arena, clock: Clock) -> AudioInput | None:
    """The sound's features, captured by a child process."""
    audio = show.inputs.audio
    if audio is None:
        return None
    options = capture_options(audio, Path(session.show_folder))
    return AudioInput(arena, session, audio.device, clock, options=options)


def panel_server(
    show: Show, link: Link, table: Explorer, session: Session, arena: Arena
) -> PanelServer | None:
    """The operator's page and the explorer."""
    panel, osc = show.panel, show.inputs.osc
    if panel is None:
        return None
    return PanelServer(
        link,
        panel.port,
        panel.listen,
        logging.getLogger("panel"),
        trusted=([osc.lock] if osc.lock else osc.allow) if osc else [],
        explorer=table,
        pairing=pairing(panel, session, arena),
    )


def status(device: OscInput | AudioInput | PanelServer | None) -> dict[str, Any]:
    """What a device says of itself for the desk's record; no error where there is none."""
    if device is None:
        return {"error": None}
    if isinstance(device, PanelServer):
        return {"url": device.url, "clients": device.clients, "error": device.error}
    return device.status()
