"""The sound input with a real capture process and, where it matters, a real sound system."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest

from installation.clock import FakeClock, MonotonicClock
from installation.inputs.audio import AudioFrame, AudioInput
from installation.inputs.audio_record import FEATURES, AudioRecord
from installation.memory import Arena, Mailbox
from installation.session import SECTIONS, Session
from tests.sound import RATE, VirtualMicrophone

MANY = 12.0  # seconds after which a test gives up waiting for a process


@pytest.fixture
def arena() -> Arena:
    return Arena.create(SECTIONS)


def session(arena: Arena) -> Session:
    return Session(arena_fd=arena.fd, parent=1, started=0.0, show_folder="/")


@contextmanager
def listening(arena: Arena, device: str = "default") -> Iterator[AudioInput]:
    sound = AudioInput(arena, session(arena), device, MonotonicClock())
    sound.start()
    with closing(sound):
        yield sound


def until(done: Callable[[AudioFrame], bool], sound: AudioInput) -> AudioFrame:
    """The first frame that is `done`, with rounds as the desk makes them."""
    end = time.monotonic() + MANY
    while time.monotonic() < end:
        frame = sound.latest()
        if frame and done(frame):
            return frame
        time.sleep(0.01)
    raise TimeoutError(f"last frame {sound.latest()}, status {sound.status()}")


def tone(hertz: float, seconds: float, loud: float = 0.3) -> np.ndarray:
    return loud * np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE)


def test_a_tone_in_the_room_raises_its_band(
    arena: Arena, virtual_microphone: VirtualMicrophone
) -> None:
    with listening(arena) as sound:
        until(lambda frame: frame.count > 10, sound)
        assert max(until(lambda frame: True, sound).values) == 0.0  # the room is silent
        virtual_microphone.play(tone(800, 4))
        until(lambda frame: mid_stands_out(frame) and frame.values[0] > 0.5, sound)
        until(lambda frame: sound.status()["updates_per_s"] > 0, sound)
        print("updates a second:", sound.status())
        assert sound.status()["updates_per_s"] >= 90
        assert sound.status()["error"] is None
        assert sound.status()["device"]


def mid_stands_out(frame: AudioFrame) -> bool:
    bass, low, mid, high, air = frame.values[1:6]
    return mid > max(bass, low, high, air) + 0.3


def test_clicks_in_the_room_are_onsets(arena: Arena, virtual_microphone: VirtualMicrophone) -> None:
    clicks = np.zeros(RATE * 5)
    clicks[RATE // 2 :: RATE // 2] = 0.8
    with listening(arena) as sound:
        until(lambda frame: frame.count > 10, sound)
        virtual_microphone.play(clicks)
        for _ in range(6):
            until(lambda frame: frame.values[6] > 0.7, sound)
            until(lambda frame: frame.values[6] == 0.0, sound)


def test_a_pulled_cable_brings_the_sound_to_rest_and_a_plugged_one_back(
    arena: Arena, virtual_microphone: VirtualMicrophone
) -> None:
    with listening(arena) as sound:
        virtual_microphone.play(tone(800, 20))
        before = until(lambda frame: frame.values[3] > 0.8, sound)
        virtual_microphone.pull_out()
        pulled = time.monotonic()
        until(lambda frame: max(frame.values) == 0.0, sound)
        print(f"at rest after {time.monotonic() - pulled:.2f} s; {sound.status()}")
        assert sound.status()["error"]
        assert sound.status()["updates_per_s"] == 0

        virtual_microphone.plug_in()
        plugged = time.monotonic()
        virtual_microphone.play(tone(200, 20))
        after = until(lambda frame: frame.values[2] > 0.8, sound)
        print(f"back after {time.monotonic() - plugged:.2f} s; {sound.status()}")
        assert after.count > before.count
        assert sound.status()["error"] is None


def test_an_unknown_device_is_named_with_those_there_are(
    arena: Arena, virtual_microphone: VirtualMicrophone
) -> None:
    with listening(arena, device="Scarlett") as sound:
        error = next_error(sound)
        assert "'Scarlett'" in error
        assert "default" in error
        assert "inputs.audio.device" in error
        assert "\n" not in error


def next_error(sound: AudioInput) -> str:
    """The next error that differs from the present one."""
    before = sound.status()["error"]
    end = time.monotonic() + MANY
    while time.monotonic() < end:
        sound.latest()
        error = sound.status()["error"]
        if error not in (before, None):
            return error
        time.sleep(0.01)
    raise TimeoutError(f"no error but {before!r}")


def test_a_machine_without_sound_says_so_and_tries_again(
    arena: Arena,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    config = tmp_path / "alsa.conf"
    config.write_text("</usr/share/alsa/alsa.conf>\npcm.!default { type null }\n")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    with listening(arena, device="no such thing") as sound:
        assert "no sound input" in next_error(sound)
        assert sound.latest() is None
        assert next_error(sound).endswith("next try in 2 s")
    assert len([record for record in caplog.records if record.name == "audio"]) == 1


def scripted(arena: Arena, clock: FakeClock, script: str) -> AudioInput:
    return AudioInput(arena, session(arena), "default", clock, (sys.executable, "-c", script))


def test_a_capture_that_crashes_is_tried_ever_more_rarely(arena: Arena) -> None:
    clock = FakeClock(100.0)
    sound = scripted(arena, clock, "import os; os.abort()")
    sound.start()
    delays = []
    for _ in range(5):
        error = next_error(sound)
        assert "signal 6" in error
        delays.append(float(error.split()[-2]))
        clock.advance(delays[-1])
    sound.close()
    assert delays == [1, 2, 5, 10, 30]


def test_a_capture_that_hangs_is_ended(arena: Arena) -> None:
    clock = FakeClock(100.0)
    sound = scripted(arena, clock, "import time; time.sleep(60)")
    sound.start()
    clock.advance(4.9)
    sound.latest()
    assert sound.status()["error"] is None
    clock.advance(0.2)
    assert "hung" in next_error(sound)
    sound.close()


def test_values_rest_while_the_sound_is_gone_and_the_count_never_goes_back(arena: Arena) -> None:
    clock = FakeClock(100.0)
    sound = scripted(arena, clock, "import time; time.sleep(60)")
    box = Mailbox(arena.section("audio"))
    box.write(AudioRecord(count=7, at=100.0, values=(1.0,) * FEATURES, device="desk mic").pack())
    frames = []
    for _ in range(25):
        frames.append(sound.latest())
        clock.advance(0.1)
    sound.close()
    levels = [frame.values[0] for frame in frames if frame]
    assert levels[:10] == [1.0] * 10
    assert levels == sorted(levels, reverse=True)
    assert levels[-4:] == [0.0] * 4
    assert len(levels) == 25
    assert {frame.count for frame in frames if frame} == {7}


def test_closing_ends_the_capture(arena: Arena, virtual_microphone: VirtualMicrophone) -> None:
    with listening(arena) as sound:
        until(lambda frame: frame.count > 3, sound)
        child = sound._helper.process
        assert child is not None
    assert child.poll() is not None
    sound.latest()
    assert sound._helper.process is None


DESK = """
import sys, time
from installation.clock import MonotonicClock
from installation.inputs.audio import AudioInput
from installation.session import Session
session = Session.from_environment()
sound = AudioInput(session.arena(), session, "default", MonotonicClock())
sound.start()
while True:
    frame = sound.latest()
    if frame and frame.count > 3:
        print(sound._helper.process.pid, flush=True)
        time.sleep(60)
    time.sleep(0.01)
"""


def test_a_killed_desk_takes_its_capture_with_it(
    arena: Arena, virtual_microphone: VirtualMicrophone
) -> None:
    environment = session(arena).environment()
    command = [sys.executable, "-c", DESK]
    with subprocess.Popen(
        command, env=environment, pass_fds=[arena.fd], stdout=subprocess.PIPE
    ) as desk:
        assert desk.stdout
        capture = psutil.Process(int(desk.stdout.readline()))
        desk.kill()
    _, alive = psutil.wait_procs([capture], timeout=MANY)
    assert not alive
