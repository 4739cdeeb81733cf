"""The desk's end of the sound input: keeps the capture process alive and reads its newest update.

No thread: everything happens in `latest`, which the desk calls in each of its rounds. The kernel
ends a child with the thread that started it, so those calls must come from the desk's main thread.
"""

import contextlib
import logging
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from installation.clock import Clock
from installation.inputs.audio_record import AudioRecord
from installation.inputs.backoff import Backoff
from installation.memory import Arena, Mailbox
from installation.session import Session
from installation.show.schema import Audio

STALE = 1.0  # seconds without an update after which the sound counts as gone
EASE = 1.0  # seconds it then takes to come to rest
HUNG = 5.0  # seconds without an update after which the capture is ended; opening a device took 0.4
STEADY = 10.0  # seconds a capture must have lived for its end to be tried again at once
CAPTURE = (sys.executable, "-m", "installation.inputs.capture")

_log = logging.getLogger("audio")


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

    `options` are the capture's: a file in place of the device, the envelope's times, the gate.
    A capture that ends or hangs is started again after 1, 2, 5, 10, then every 30 seconds."""

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
        self._session = session
        self._command = (*capture, *options, device)
        self._clock = clock
        self._backoff = Backoff()
        self._child: subprocess.Popen[bytes] | None = None
        self._due = 0.0
        self._alive = self._launched = 0.0
        self._record = AudioRecord()
        self._frame: AudioFrame | None = None
        self._error: str | None = None

    def start(self) -> None:
        """Start the capture."""
        self._launch(self._clock.now())

    def latest(self) -> AudioFrame | None:
        """The features now, eased to rest when the sound is gone; None before the first.

        Also looks after the capture; takes microseconds, and 1 ms when it starts one."""
        now = self._clock.now()
        self._listen()
        self._tend(now)
        return self._frame.eased(now) if self._frame else None

    def status(self) -> dict[str, Any]:
        """The `device`, its `updates_per_s` and `blocks`, and the `error` text or None."""
        fresh = self._frame is not None and self._clock.now() - self._frame.at < STALE
        return {
            "device": self._record.device,
            "updates_per_s": round(self._record.updates_per_s, 1) if fresh else 0.0,
            "blocks": self._record.blocks,
            "error": self._error,
        }

    def close(self) -> None:
        """End the capture."""
        if self._child:
            _end(self._child)
            self._child = None
        self._due = float("inf")

    def _listen(self) -> None:
        payload = self._box.read()
        if payload is None:
            return
        self._record = AudioRecord.unpack(payload)
        if self._record.at > (self._frame.at if self._frame else 0.0):
            self._frame = AudioFrame(self._record.values, self._record.at, self._record.count)

    def _tend(self, now: float) -> None:
        if self._child is None:
            if now >= self._due:
                self._launch(now)
            return
        if self._frame and self._frame.at > self._alive:
            self._heard(self._frame.at)
        code = self._child.poll()
        if code is not None:
            self._listen()  # its last words may have come since
            self._lost(self._record.error or _ending(code), now)
        elif now - self._alive > HUNG:
            self._child.kill()  # and not waited for: a driver may hold it beyond its death
            self._alive = now

    def _launch(self, now: float) -> None:
        """The capture is told this process as its parent, so that it ends with the desk."""
        session = replace(self._session, parent=os.getpid())
        try:
            self._child = subprocess.Popen(
                self._command,
                env=session.environment(),
                pass_fds=(session.arena_fd,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # ALSA writes a page about each device it cannot find
            )
        except OSError as error:
            self._lost(f"the sound capture does not start: {error}", now)
        self._alive = self._launched = now

    def _heard(self, at: float) -> None:
        self._alive = at
        if at - self._launched > STEADY:
            self._backoff.reset()
        if self._error is not None:
            _log.info("the sound input is back")
        self._error = None

    def _lost(self, why: str, now: float) -> None:
        if self._error is None:  # once in the log; the panel shows it as long as it lasts
            _log.error("%s", why)
        self._child = None
        delay = self._backoff.next()
        self._due = now + delay
        self._error = f"{why}; next try in {delay:.0f} s"


def _ending(code: int) -> str:
    """Words for the end of a capture that left none."""
    if code == -signal.SIGKILL:
        return "the sound capture hung, or was killed"
    how = f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"the sound capture {how}"


def _end(process: subprocess.Popen[bytes]) -> None:
    for end in (process.terminate, process.kill):
        end()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1.0)
            return
