"""The hands of a rehearsal: a sender of OSC, a MIDI controller, a keyboard, and clicks in a file.

All press a control that does nothing, so that the show stays the same.
"""

import os
import shutil
import socket
import subprocess
import time
import wave
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from installation.outputs.osc_packet import packet

NOTHING = "cue/clear"  # takes away what waits for GO: nothing does
KEY, NOTE, DEVICE = "F9", 36, "latency"
RATE, BLOCK = 48_000, 480  # samples a second, and in a block of the capture
EVERY, CLICK_AT = 61, 30  # blocks of the sound file, and which of them, from 0, has the click
SCREEN = "1280x720x24"

Sends = dict[str, Callable[[], float]]


def inputs(folder: Path) -> Mapping[str, Any]:
    """What `inputs` of show.yaml says of all hands but OSC; writes the clicks into `folder`."""
    return {
        "audio": {"file": str(_clicks(folder / "clicks.wav"))},
        "keys": {KEY.lower(): NOTHING},
        "midi": {"devices": [DEVICE], "bind": {f"note/1/{NOTE}": NOTHING}},
    }


def plug_in(folder: Path) -> Mapping[str, str]:
    """A MIDI controller that is a file in `folder`; the environment in which mido finds it."""
    (folder / f"{DEVICE}.device").touch()
    return {"MIDO_BACKEND": "tests.midi_backend", "MIDI_TEST_FOLDER": str(folder)}


@contextmanager
def screen() -> Iterator[str]:
    """The display of a real window: DISPLAY's, or one that Xvfb simulates."""
    if display := os.environ.get("DISPLAY"):
        yield display
        return
    needs("Xvfb")
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:  # the server writes its number when it is ready
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


@contextmanager
def hands(folder: Path, osc: int, display: str) -> Iterator[Sends]:
    """What moves each hand, and tells when. Sound is not among them: it plays by itself.

    `osc` is the show's port; its window must be the only one on the display."""
    needs("xdotool")
    environment = {**os.environ, "DISPLAY": display}
    with (
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as udp,
        closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as midi,
        subprocess.Popen(
            ["xdotool", "-"], stdin=subprocess.PIPE, bufsize=0, env=environment
        ) as typing,
    ):
        assert typing.stdin
        type_ = typing.stdin.write
        type_(b"search --onlyvisible --class . windowfocus\n")
        press = bytes((0x90, NOTE, 100, 0x80, NOTE, 0))
        yield {
            "osc": _timed(lambda: udp.sendto(packet(f"/{NOTHING}"), ("127.0.0.1", osc))),
            "midi": _timed(lambda: midi.sendto(press, str(folder / f"{DEVICE}.in"))),
            "keys": _timed(lambda: type_(f"key {KEY}\n".encode())),
        }


def needs(program: str) -> None:
    """Raises SystemExit where a program is not installed."""
    if not shutil.which(program):
        raise SystemExit(f"{program} is not installed; apt install {program.lower()}")


def _timed(send: Callable[[], object]) -> Callable[[], float]:
    def sent() -> float:
        at = time.monotonic()
        send()
        return at

    return sent


def _clicks(path: Path) -> Path:
    """Silence and one short burst of noise, which are heard over and over."""
    burst = np.random.default_rng(0).uniform(-0.8, 0.8, BLOCK // 2)
    samples = np.zeros(EVERY * BLOCK)
    samples[CLICK_AT * BLOCK :][: len(burst)] = burst
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((32767 * samples).astype("<i2").tobytes())
    return path
