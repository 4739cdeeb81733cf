"""A microphone without a sound card: PulseAudio's null sink, heard through ALSA and PortAudio."""

import os
import shutil
import subprocess
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

RATE = 48000

# Without norewinds=1 the sink hands its sound on in blocks of up to two seconds.
DAEMON = """
load-module module-native-protocol-unix socket={folder}/pulse.sock auth-anonymous=1
load-module module-null-sink sink_name=wall norewinds=1 rate=48000 channels=1 channel_map=mono
set-default-sink wall
set-default-source wall.monitor
"""
ALSA = """
</usr/share/alsa/alsa.conf>
pcm.!default {{ type pulse server "unix:{folder}/pulse.sock"
               hint {{ show on description "Virtual microphone" }} }}
ctl.!default {{ type pulse server "unix:{folder}/pulse.sock" }}
"""


class VirtualMicrophone:
    """What is played by `play` is what the system's default microphone hears."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "runtime").mkdir(mode=0o700)
        (folder / "state").mkdir()
        (folder / "daemon.pa").write_text(DAEMON.format(folder=folder))
        (folder / "alsa.conf").write_text(ALSA.format(folder=folder))
        self.environment = {
            "ALSA_CONFIG_PATH": f"{folder}/alsa.conf",
            "PULSE_SERVER": f"unix:{folder}/pulse.sock",
            "PULSE_RUNTIME_PATH": f"{folder}/runtime",
            "PULSE_STATE_PATH": f"{folder}/state",
            "XDG_CONFIG_HOME": f"{folder}/config",  # where the daemon leaves a cookie
        }
        self._daemon: subprocess.Popen[bytes] | None = None
        self._players: list[subprocess.Popen[bytes]] = []

    def plug_in(self) -> None:
        """Start the sound daemon and wait until it answers."""
        command = ["pulseaudio", "-n", "-F", f"{self._folder}/daemon.pa", "--daemonize=no"]
        self._daemon = self._start([*command, "--exit-idle-time=-1"])
        for _ in range(100):
            if self._start(["pactl", "info"]).wait() == 0:
                return
            time.sleep(0.05)
        raise TimeoutError("pulseaudio does not answer")

    def pull_out(self) -> None:
        """Kill the sound daemon, as if the cable were pulled."""
        if self._daemon:
            self._daemon.kill()
            self._daemon.wait()
            self._daemon = None

    def play(self, samples: npt.NDArray[np.floating]) -> None:
        """Play `samples`, mono at RATE, full scale 1; returns at once."""
        path = self._folder / f"{len(self._players)}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        self._players.append(self._start(["paplay", "--device=wall", str(path)]))

    def quiet(self) -> None:
        """Stop everything that plays."""
        for player in self._players:
            player.kill()
            player.wait()

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **self.environment}
        sink = subprocess.DEVNULL
        return subprocess.Popen(command, env=environment, stdout=sink, stderr=sink)


@pytest.fixture
def virtual_microphone(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualMicrophone]:
    """The default microphone of this test and of the processes it starts, plugged in."""
    if not shutil.which("pulseaudio"):
        pytest.skip("pulseaudio is not installed")
    folder = Path(tempfile.mkdtemp(prefix="microphone"))  # short: a socket's path has 108 bytes
    microphone = VirtualMicrophone(folder)
    for name, value in microphone.environment.items():
        monkeypatch.setenv(name, value)
    try:
        microphone.plug_in()
        yield microphone
    finally:
        microphone.quiet()
        microphone.pull_out()
        shutil.rmtree(folder, ignore_errors=True)
