"""A file in place of a microphone, through the real capture process."""

import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from installation.clock import MonotonicClock
from installation.errors import DeviceError
from installation.inputs.audio import AudioInput, capture_options
from installation.inputs.sound_file import SoundFile
from installation.memory import Arena
from installation.session import SECTIONS, Session
from installation.show.inputs import Audio

RATE = 44100


def write(path: Path) -> np.ndarray:
    """0.1 s of two channels."""
    samples = 0.3 * np.sin(2 * np.pi * 800 * np.arange(RATE // 10) / RATE)
    soundfile.write(path, np.stack([samples, 0.5 * samples], axis=1), RATE)
    return 0.75 * samples


@pytest.mark.parametrize("name", ["room.wav", "room.flac"])
def test_a_file_is_heard_over_and_over_mixed_to_mono(tmp_path: Path, name: str) -> None:
    samples = write(tmp_path / name)
    file = SoundFile(tmp_path / name)
    blocks = file.blocks(441)
    heard = np.concatenate([next(blocks) for _ in range(20)])
    np.testing.assert_allclose(heard, np.tile(samples, 2), atol=1e-4)
    assert (file.rate, heard.dtype) == (RATE, np.float32)


def test_what_is_no_sound_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    for name in ("text.wav", "empty.wav", "none.wav"):
        with pytest.raises(DeviceError, match=name):
            SoundFile(tmp_path / name)


def test_a_file_steers_like_a_microphone_at_its_own_pace(tmp_path: Path) -> None:
    write(tmp_path / "room.wav")
    arena = Arena.create(SECTIONS)
    session = Session(arena_fd=arena.fd, parent=1, started=0.0, show_folder=str(tmp_path))
    options = capture_options(Audio(file="room.wav"), tmp_path)
    sound = AudioInput(arena, session, "default", MonotonicClock(), options=options)
    sound.start()
    with closing(sound):
        end = time.monotonic() + 12
        while not ((frame := sound.latest()) and frame.count > 250):
            assert time.monotonic() < end, sound.status()
            time.sleep(0.01)
        assert frame.values[3] > 0.8  # mid
        assert sound.status()["device"] == "room.wav"
        assert 80 <= sound.status()["updates_per_s"] <= 120
