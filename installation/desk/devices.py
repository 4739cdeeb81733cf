"""What the desk listens to, as show.yaml asks for it: OSC, MIDI, the sound, beats, the panel."""

import logging
import threading
from pathlib import Path
from typing import Any

from installation.clock import Clock
from installation.control.parameters import Table
from installation.desk.hands import Hands
from installation.desk.link import Link
from installation.desk.midi import MidiDesk
from installation.desk.pairing import pairing
from installation.inputs.audio import AudioInput, capture_options
from installation.inputs.link_input import LinkInput
from installation.inputs.midi import MidiInput
from installation.inputs.osc import OscInput
from installation.inputs.osc_sources import Sources
from installation.memory import Arena
from installation.panel.announce import Announcement
from installation.panel.explorer.routes import Explorer
from installation.panel.server import PanelServer
from installation.session import Session
from installation.show.schema import Show

Device = OscInput | AudioInput | MidiDesk | LinkInput | PanelServer | Announcement


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


def midi_desk(
    show: Show, table: Table, session: Session, wake: threading.Event, clock: Clock
) -> MidiDesk | None:
    """MIDI, and what was learned on this machine."""
    midi = show.inputs.midi
    if midi is None:
        return None
    source = MidiInput(session, midi.devices, wake, clock)
    return MidiDesk(midi, table, source, session.state_folder)


def link_input(show: Show, session: Session, clock: Clock) -> LinkInput | None:
    """Ableton Link."""
    return LinkInput(session, clock) if show.inputs.link else None


def announcement(show: Show) -> Announcement | None:
    """What the network is told of the panel and the OSC port."""
    panel, osc = show.panel, show.inputs.osc
    if panel is None or not panel.announce:
        return None
    return Announcement(show.title, panel.listen, panel.port, osc.port if osc else None)


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


def status(device: Device | None) -> dict[str, Any]:
    """What a device says of itself for the desk's record; no error where there is none."""
    if device is None:
        return {"error": None}
    if isinstance(device, PanelServer):
        return {"url": device.url, "clients": device.clients, "error": device.error}
    if isinstance(device, Announcement):
        return {"error": device.error}
    return device.status()
