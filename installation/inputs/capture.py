"""The sound capture: a process of its own, started by the desk, that turns sound into features.

PortAudio may abort its process, and knows only the devices that were there when it started; so it
lives here, and is started again whenever its device is lost. The samples stay in this process's
memory for 171 ms; they are never stored, sent or logged.

    python -m installation.inputs.capture [--file F] [--attack S] [--release S] [--gate DB] DEVICE
"""

import argparse
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from installation import child
from installation.clock import Clock, MonotonicClock
from installation.errors import EXIT_FAILED, DeviceError
from installation.inputs.audio_features import Envelope, FeatureFrame, Features, Samples
from installation.inputs.audio_record import AudioRecord
from installation.inputs.sound_file import SoundFile
from installation.memory import Mailbox

RATE = 48000  # samples a second, else the device's own
CHANNELS = 2  # the first two at most, mixed: on a large interface the microphone is among them
BLOCKS = 32  # of 10 ms kept for the loop; older ones are skipped
SILENCE = 1.0  # seconds without a callback after which the device counts as lost
DEFAULT = "default"


class BlockRing:
    """Blocks from PortAudio's thread to the loop, in memory taken once."""

    def __init__(self, hop: int, channels: int) -> None:
        self._blocks = np.zeros((BLOCKS, hop, channels), np.float32)
        self._times = np.zeros(BLOCKS)
        self._written = self._read = 0
        self._fresh = threading.Event()

    def put(self, block: npt.NDArray[np.float32], at: float) -> None:
        """Copy a block, (hop, channels), that was handed over at `at`."""
        place = self._written % BLOCKS
        self._blocks[place, : len(block)] = block
        self._times[place] = at
        self._written += 1
        self._fresh.set()

    def take(self, timeout: float) -> Iterator[tuple[Samples, float]]:
        """The blocks since the last call as mono float32 (hop,); waits for the first one."""
        self._fresh.wait(timeout)
        self._fresh.clear()
        written = self._written
        self._read = max(self._read, written - BLOCKS // 2)  # the others may be overwritten by now
        while self._read < written:
            place = self._read % BLOCKS
            self._read += 1
            yield self._blocks[place].mean(axis=1), float(self._times[place])


class Rate:
    """Updates a second, over the last whole second."""

    def __init__(self) -> None:
        self._began, self._count = 0.0, 0
        self.per_second = 0.0

    def tick(self, now: float) -> None:
        """One more update."""
        self._began = self._began or now
        if now - self._began >= 1.0:
            self.per_second = self._count / (now - self._began)
            self._began, self._count = now, 0
        self._count += 1


class Publisher:
    """Writes each update into shared memory, where the desk reads the newest."""

    def __init__(self, view: memoryview) -> None:
        self._box = Mailbox(view)
        self._rate = Rate()
        payload = self._box.read()
        self._last = AudioRecord(AudioRecord.unpack(payload).count if payload else 0)
        self._box.write(self._last.pack())  # an earlier capture's last words are not ours

    def publish(self, frame: FeatureFrame, at: float, device: str) -> None:
        """One more update of `device`, from samples handed over at `at`."""
        self._rate.tick(at)
        self._last = AudioRecord(
            count=self._last.count + 1,
            at=at,
            values=frame.values,
            blocks=self._last.blocks + 1,
            updates_per_s=self._rate.per_second,
            device=device,
        )
        self._box.write(self._last.pack())

    def fail(self, error: str) -> None:
        """Say why the capture ends."""
        self._box.write(replace(self._last, error=error).pack())


def main() -> int:
    """Capture until told to stop (0) or until the device is lost (1)."""
    _, arena, stop, _ = child.enter("capture")
    publisher = Publisher(arena.section("audio"))
    given = _arguments(sys.argv[1:])
    envelope = Envelope(given.attack, given.release, given.gate)
    try:
        if given.file:
            rehearse(SoundFile(given.file), envelope, publisher, stop, MonotonicClock())
        else:
            with portaudio() as sounddevice:
                capture(sounddevice, given.device, envelope, publisher, stop)
    except DeviceError as error:
        publisher.fail(str(error))
        return EXIT_FAILED
    return 0


def _arguments(words: list[str]) -> argparse.Namespace:
    usual, parser = Envelope(), argparse.ArgumentParser(prog="capture")
    parser.add_argument("device")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--attack", type=float, default=usual.attack)
    parser.add_argument("--release", type=float, default=usual.release)
    parser.add_argument("--gate", type=float, default=usual.gate)
    return parser.parse_args(words)


def rehearse(
    file: SoundFile, envelope: Envelope, publisher: Publisher, stop: child.Stop, clock: Clock
) -> None:
    """Publish the features of `file`, at the pace it is played. Raises DeviceError."""
    features = Features(file.rate, envelope)
    due = clock.now()
    for block in file.blocks(features.hop):
        if stop:
            return
        due += features.hop / file.rate
        clock.sleep(max(due - clock.now(), 0.0))
        due = max(due, clock.now() - SILENCE)  # a machine that slept does not hurry after
        publisher.publish(features.step(block), clock.now(), file.name)


def capture(
    sounddevice: ModuleType,
    wanted: str,
    envelope: Envelope,
    publisher: Publisher,
    stop: child.Stop,
) -> None:
    """Publish the features of the input named `wanted`. Raises DeviceError when it is lost."""
    clock = MonotonicClock()
    device = find_device(sounddevice, wanted)
    stream, features, ring = _open(sounddevice, device, envelope, clock)
    stream.start()  # and never closed: closing may hang on a device that was pulled out
    heard = clock.now()
    while not stop:
        for block, at in ring.take(timeout=SILENCE / 4):
            publisher.publish(features.step(block), at, device["name"])
            heard = at
        if not stream.active or clock.now() - heard > SILENCE:
            raise DeviceError(f"the sound input {device['name']!r} was lost; check its cable")


def _open(
    sounddevice: ModuleType, device: dict[str, Any], envelope: Envelope, clock: Clock
) -> tuple[Any, Features, BlockRing]:
    rate, channels = _format(sounddevice, device)
    features = Features(rate, envelope)
    ring = BlockRing(features.hop, channels)
    stream = sounddevice.InputStream(
        device=device["index"],
        samplerate=rate,
        channels=channels,
        blocksize=features.hop,
        dtype="float32",
        latency="low",
        callback=lambda block, frames, time, status: ring.put(block, clock.now()),
    )
    return stream, features, ring


@contextmanager
def portaudio() -> Iterator[ModuleType]:
    """The module sounddevice; whatever goes wrong with it becomes a DeviceError."""
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(f"no sound input: {error}; install PortAudio (libportaudio2)") from error
    try:
        yield sounddevice
    except (sounddevice.PortAudioError, ValueError) as error:
        said = " ".join(str(error).split())
        raise DeviceError(f"the sound input cannot be used: {said}; check its cable") from error


def find_device(sounddevice: ModuleType, wanted: str) -> dict[str, Any]:
    """The input whose name contains `wanted`, or the system's own choice for "default".

    Raises DeviceError with the names there are."""
    inputs = [device for device in sounddevice.query_devices() if device["max_input_channels"] > 0]
    if not inputs:
        raise DeviceError("no sound input is there; connect one, it will be found by itself")
    if wanted == DEFAULT:
        return sounddevice.query_devices(kind="input")
    for device in inputs:
        if wanted.casefold() in device["name"].casefold():
            return device
    names = ", ".join(device["name"] for device in inputs)
    raise DeviceError(f"no sound input is named {wanted!r}; set inputs.audio.device to: {names}")


def _format(sounddevice: ModuleType, device: dict[str, Any]) -> tuple[float, int]:
    """The rate and the channels to open `device` with."""
    channels = min(device["max_input_channels"], CHANNELS)
    try:
        sounddevice.check_input_settings(device["index"], channels, "float32", samplerate=RATE)
    except sounddevice.PortAudioError:
        return device["default_samplerate"], channels
    return RATE, channels


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # without PortAudio's own ending, which may hang with the device
