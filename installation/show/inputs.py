"""What show.yaml may say about what steers the show: OSC, sound, MIDI, Link, keys."""

from typing import Annotated

from pydantic import Field

from installation.show.midi import Midi
from installation.show.network import Endpoints, Networks, Port, Source
from installation.show.strict import Strict
from installation.show.units import Duration


class Osc(Strict):
    """OSC over UDP. Listens on this machine alone unless told otherwise."""

    port: Port = 9000
    listen: str = "127.0.0.1"
    feedback: Endpoints = Field(
        default=[], description="who is told every value, as 127.0.0.1:7000; one or a list"
    )
    allow: Networks = Field(
        default=[], description="who may send, as 192.168.1.0/24; without it whoever can"
    )
    lock: Source | None = Field(default=None, description="the only one who may send")
    rate: int = Field(
        default=2000, ge=1, description="most datagrams a second from one sender, else dropped"
    )


class Audio(Strict):
    """A sound input, found by a part of its name, or a file for rehearsal."""

    device: str = "default"
    file: str = Field(
        default="",
        max_length=400,
        description="a WAV or FLAC, from show.yaml's own folder, heard over and over: no device",
    )
    attack: Duration = Field(default=0.0, le=10, description="time constant of growing loudness")
    release: Duration = Field(default=0.1, le=10, description="time constant of falling loudness")
    gate: float = Field(default=-54.0, ge=-90, le=0, description="dBFS: what is softer is silence")


class Inputs(Strict):
    """What may steer the show."""

    osc: Osc | None = Osc()
    audio: Audio | None = Audio()
    midi: Midi | None = Field(default=None, description="controllers, pads, clocks")
    link: bool = Field(
        default=False, description="follow Ableton Link; needs pip install LinkPython-extern"
    )
    keys: dict[str, str] = Field(
        default={
            "space": "cue/go",
            "backspace": "cue/back",
            "right": "scene/next",
            "left": "scene/previous",
            "b": "master/blackout",
            "f": "master/freeze",
            "s": "scene/safe",
            "h": "hud/visible",
            "?": "hud/help",
            "g": "calibrate/grid",
            "escape": "quit",
        },
        description="a key's name: the control it presses or toggles, or quit (held 2 s)",
    )
    hold: dict[str, Annotated[Duration, Field(le=10)]] = Field(
        default={},
        description="a control: how long its key is held until it acts, 0 for at once; without "
        "it 2 s for quit, 1 s to restart a deck, 0.5 s for blackout, safe and the grid",
    )
