"""The desk's end of the sound input: keeps the capture process alive and reads its newest update.

No thread: everything happens in `latest`, which the desk calls in each of its rounds; see `helper`.
"""

import logging
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from installation.clock import Clock
from installation.inputs.audio_record import AudioRecord
from installation.inputs.helper import Helper
from installation.memory import Arena, Mailbox
from installation.session import Session
from installation.show.inputs import Audio

STALE = 1.0  # seconds without an update after which the sound counts as gone
EASE = 1.0  # seconds it then takes to come to rest
CAPTURE = (sys.executable, "-m", "installation.inputs.capture")


def capture_options(audio: Audio, folder: Path) -> tuple[str, ...]:
    """What show.yaml says about the sound, for the capture; files are in the show's `folder`."""
    given = {"attack": audio.attack, "release": audio.release, "gate": audio.gate}
    options = tuple(f"--{name}={value}" for name, value in given.items())
    return (*options, f"--file={folder / audio.file}") if audio.file else options


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """The features of one moment: values of the `/audio` rows in the table's order."""

    values: tuple[float, ...]
    at: float  # when the samples were received, monotonic seconds
    count: int  # updates so far

    def eased(self, now: float) -> "AudioFrame":
        """The frame as it counts at `now`: whole while fresh, at rest two seconds after."""
        gain = min(max(1.0 - (now - self.at - STALE) / EASE, 0.0), 1.0)
        return replace(self, values=tuple(gain * value for value in self.values))


class AudioInput:
    """The sound of `device` (a part of its name, or "default") as AUDIO_FEATURES.

    `options` are the capture's: a file in place of the device, the envelope's times, the gate."""

    def __init__(
        self,
        arena: Arena,
        session: Session,
        device: str,
        clock: Clock,
        capture: tuple[str, ...] = CAPTURE,
        options: tuple[str, ...] = (),
    ) -> None:
        self._box = Mailbox(arena.section("audio"))
        self._clock = clock
        command = (*capture, *options, device)
        log = logging.getLogger("audio")
        self._helper = Helper("the sound capture", command, session, clock, log)
        self._record = AudioRecord()
        self._frame: AudioFrame | None = None

    def start(self) -> None:
        """Start the capture."""
        self._helper.start()

    def latest(self) -> AudioFrame | None:
        """The features now, eased to rest when the sound is gone; None before the first.

        Also looks after the capture; takes microseconds, and 1 ms when it starts one."""
        self._listen()
        self._helper.tend(self._frame.at if self._frame else 0.0, self._last_words)
        return self._frame.eased(self._clock.now()) if self._frame else None

    def status(self) -> dict[str, Any]:
        """The `device`, its `updates_per_s` and `blocks`, and the `error` text or None."""
        fresh = self._frame is not None and self._clock.now() - self._frame.at < STALE
        return {
            "device": self._record.device,
            "updates_per_s": round(self._record.updates_per_s, 1) if fresh else 0.0,
            "blocks": self._record.blocks,
            "error": self._helper.error,
        }

    def close(self) -> None:
        """End the capture."""
        self._helper.close()

    def _listen(self) -> None:
        payload = self._box.read()
        if payload is None:
            return
        self._record = AudioRecord.unpack(payload)
        if self._record.at > (self._frame.at if self._frame else 0.0):
            self._frame = AudioFrame(self._record.values, self._record.at, self._record.count)

    def _last_words(self) -> str:
        self._listen()  # they may have come since
        return self._record.error
