"""A real stage in a process of its own, and the deck, the desk and the screen it meets."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from installation.control.keys import KeyReader
from installation.control.state import StateReader, StateWriter
from installation.frames.header import Header
from installation.frames.ring import RingWriter
from installation.health import HealthReader
from installation.memory import Arena
from installation.session import SECTIONS, SHADERS, Session
from installation.show.loader import loads
from installation.show.shared import publish
from tests.stage.conftest import flat

HANG = 60.0  # seconds; on an idle machine all of this takes two
SHOW = """
title: Rehearsal
models: {card: {test_card: {}}}
scenes: {plain: {model: card, look: []}}
house_colour: "#204060"
outputs: [{window: {size: 640x360, fullscreen: FULL}}]
"""


class StageProcess:
    """A real stage, and a deck that shows one shade to it."""

    def __init__(self, log: Path, environment: dict[str, str], show: str, **session: Any) -> None:
        self.arena = Arena.create(SECTIONS)
        read, self.table = loads(show, SHADERS)
        publish(self.arena, read, self.table)
        self.health, self.keys = HealthReader(self.arena), KeyReader(self.arena.section("keys"))
        self._ring, self._log = RingWriter(self.arena.section("ring_a")), log
        run = Session(self.arena.fd, os.getpid(), time.monotonic(), "/", **session)
        with log.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "installation.stage"],
                env={**run.environment(), **environment},
                pass_fds=[self.arena.fd],
                stderr=file,
            )

    @property
    def record(self) -> dict[str, Any]:
        return dict(self.health.record("stage"))

    @property
    def log(self) -> str:
        return self._log.read_text()

    def set(self, **values: float) -> None:
        """Be the desk: `calibrate_grid=1` is /calibrate/grid."""
        section = self.arena.section("control")
        state = StateReader(section, self.table).refresh().values.copy()
        for name, value in values.items():
            state[self.table.index("/" + name.replace("_", "/", 1))] = value
        StateWriter(section, self.table).write(state, {}, time.monotonic())

    def show(self, shade: int) -> None:
        self._ring.frame(64, 36)[:] = flat(shade)
        self._ring.publish(Header(64, 36, made_at=time.monotonic()))

    def until(self, true: Callable[[dict[str, Any]], bool], shade: int | None = None) -> None:
        """Wait for a health record, showing pictures meanwhile."""
        deadline = time.monotonic() + HANG
        while not ((record := self.record) and true(record)):
            assert time.monotonic() < deadline, f"{record}\n{self.log}"
            assert self.process.poll() is None, self.log
            if shade is not None:
                self.show(shade)
            time.sleep(0.02)

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(HANG)


@contextmanager
def stage(
    log: Path, display: str = "", full: bool = False, show: str = SHOW, **session: Any
) -> Iterator[StageProcess]:
    text = show.replace("FULL", str(full).lower())
    running = StageProcess(log, {"DISPLAY": display}, text, **session)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait(HANG)


def xdotool(display: str, *words: str) -> str:
    command = ["xdotool", *words]
    done = subprocess.run(
        command, env={**os.environ, "DISPLAY": display}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def grab(display: str) -> np.ndarray:
    from PIL import ImageGrab

    return np.asarray(ImageGrab.grab(xdisplay=display).convert("RGB")).astype(int)
