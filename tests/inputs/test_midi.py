"""The MIDI input with a real capture process, over mido's own interface to devices."""

import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("mido")

from installation.clock import MonotonicClock
from installation.inputs.midi import MidiInput
from installation.inputs.midi_clock import PULSE
from installation.inputs.midi_wire import Moved
from installation.memory import Arena
from installation.session import SECTIONS, Session

MANY = 20.0  # seconds after which a test gives up waiting for a process


class Devices:
    """What is plugged in, what its knobs do, and what it is told."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ends: list[socket.socket] = []
        self._end = self._socket()

    def _socket(self) -> socket.socket:
        self._ends.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        return self._ends[-1]

    def close(self) -> None:
        for end in self._ends:
            end.close()

    def plug_in(self, name: str) -> socket.socket:
        """The end at which what the device is told arrives."""
        told = self._socket()
        (self.folder / f"{name}.out").unlink(missing_ok=True)
        told.bind(str(self.folder / f"{name}.out"))
        told.settimeout(MANY)
        (self.folder / f"{name}.device").touch()
        return told

    def pull_out(self, name: str) -> None:
        (self.folder / f"{name}.device").unlink()

    def play(self, name: str, *message: int) -> None:
        self._end.sendto(bytes(message), str(self.folder / f"{name}.in"))


@pytest.fixture
def devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Devices]:
    monkeypatch.setenv("MIDO_BACKEND", "tests.midi_backend")
    monkeypatch.setenv("MIDI_TEST_FOLDER", str(tmp_path))
    with closing(Devices(tmp_path)) as there:
        yield there


@pytest.fixture
def arena() -> Arena:
    return Arena.create(SECTIONS)


def listening(arena: Arena, *wanted: str) -> MidiInput:
    session = Session(arena_fd=arena.fd, parent=os.getpid(), started=0.0, show_folder="/")
    midi = MidiInput(session, wanted, threading.Event(), MonotonicClock())
    midi.start()
    return midi


def until(true: Callable[[], object], midi: MidiInput, moves: list[Moved] | None = None) -> None:
    """Rounds as the desk makes them, until `true`."""
    end = time.monotonic() + MANY
    while not true():
        assert time.monotonic() < end, midi.status()
        drained = midi.drain()
        if moves is not None:
            moves += drained
        time.sleep(0.01)


def test_a_device_is_heard_told_pulled_out_and_found_again(devices: Devices, arena: Arena):
    told = devices.plug_in("nano KONTROL")
    devices.plug_in("Other")
    with closing(listening(arena, "nano")) as midi:
        moves: list[Moved] = []
        until(lambda: midi.open == ["nano KONTROL"], midi)
        devices.play("nano KONTROL", 0xB0, 7, 64)
        until(lambda: moves, midi, moves)
        assert (moves[0].knob, moves[0].raw) == ("cc/1/7", 64)
        assert midi.send([bytes((0xB0, 7, 100))])
        assert told.recv(100) == bytes((0xB0, 7, 100))

        start = time.monotonic()
        while midi.beat(time.monotonic()) is None:  # a clock, by and by
            devices.play("nano KONTROL", PULSE)
            time.sleep(0.02)
            midi.drain()
            assert time.monotonic() < start + MANY

        devices.pull_out("nano KONTROL")
        until(lambda: midi.status()["error"], midi)
        assert "nano" in midi.status()["error"]
        devices.plug_in("nano KONTROL")
        until(lambda: midi.open, midi)
        moves.clear()
        devices.play("nano KONTROL", 0x90, 36, 100)
        until(lambda: moves, midi, moves)
        assert moves[0].key
        assert midi.status()["error"] is None


def test_a_driver_that_crashes_or_refuses_costs_a_line(
    devices: Devices, arena: Arena, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.CRITICAL)
    devices.plug_in("Pads")
    with closing(listening(arena)) as midi:
        until(lambda: midi.open, midi)
        (devices.folder / "refuse").touch()
        until(lambda: "the driver says no" in (midi.status()["error"] or ""), midi)
        (devices.folder / "refuse").unlink()
        (devices.folder / "crash").touch()
        until(lambda: "ended with code 3" in (midi.status()["error"] or ""), midi)
        assert not midi.send([bytes((0xB0, 7, 100))]) or midi.drain() == []
        (devices.folder / "crash").unlink()
        until(lambda: midi.open and midi.status()["error"] is None, midi)


def test_without_the_library_it_says_what_to_install(
    arena: Arena, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.CRITICAL)
    (tmp_path / "mido.py").write_text("raise ImportError('No module', name='mido')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with closing(listening(arena)) as midi:
        until(lambda: "installation[midi]" in (midi.status()["error"] or ""), midi)


def test_a_flood_is_bounded_and_a_capture_that_stands_still_does_not_hold_us_up(arena: Arena):
    flood = (
        "import sys, time\n"
        "for n in range(5000): print(f'[1.0,\"x\",[176,7,{n % 128}]]')\n"
        "sys.stdout.flush(); time.sleep(60)\n"  # and reads nothing
    )
    session = Session(arena_fd=arena.fd, parent=os.getpid(), started=0.0, show_folder="/")
    capture = (sys.executable, "-c", flood)
    midi = MidiInput(session, (), threading.Event(), MonotonicClock(), capture)
    midi.start()
    with closing(midi):
        end = time.monotonic() + MANY
        while midi.messages < 5000:
            assert time.monotonic() < end
            time.sleep(0.01)
        assert len(midi.drain()) + midi.dropped == 5000
        messages = [bytes((0xB0, 7, 1))] * 100
        begun = time.monotonic()
        assert not all(midi.send(messages) for _ in range(200))
        assert time.monotonic() - begun < 5.0


@pytest.fixture
def alsa() -> Iterator[object]:
    """A virtual device of the kernel's sequencer."""
    if not os.path.exists("/dev/snd/seq"):
        pytest.skip("this kernel has no ALSA sequencer")
    import mido

    backend = mido.Backend("mido.backends.rtmidi")
    with backend.open_output("Virtual knobs", virtual=True) as port:
        yield port


def test_a_virtual_device_of_the_kernel_is_heard(alsa, arena: Arena):
    import mido

    with closing(listening(arena, "Virtual knobs")) as midi:
        moves: list[Moved] = []
        until(lambda: midi.open, midi)
        alsa.send(mido.Message("control_change", control=7, value=64))
        until(lambda: moves, midi, moves)
        assert moves[0].knob == "cc/1/7"
