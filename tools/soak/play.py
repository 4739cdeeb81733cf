"""The show under trial: a copy in a folder of its own, started again wherever systemd would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from installation.memory import Arena
from installation.presents import Present, PresentReader
from installation.session import ROOT, SECTIONS

RESTART = 1.0  # seconds: RestartSec of the unit that `installation kiosk` writes
CHILDREN = ("stage", "deck_a", "deck_b", "desk")  # of every show; some have outputs as well
WINDOW = "640x360"  # of a show that is not headless
_LOCAL = "127.0.0.1"


class Play:
    """A running show, and what it says of itself."""

    def __init__(
        self,
        show: Path,
        folder: Path,
        size: str,
        rate: float | None = None,
        osc: Mapping[str, Any] | None = None,
        inputs: Mapping[str, Any] | None = None,
        window: Mapping[str, str] | None = None,
    ) -> None:
        """`rate` is `decks.rate`, `osc` are further keys of `inputs.osc`, `inputs` further ones of
        `inputs`. `window` is the environment in which the show opens one; else it has none."""
        self.folder = folder
        self.osc, self.panel = _free_port(), _free_port()
        self.show = folder / "show.yaml"
        hands = {"audio": None, **(inputs or {}), "osc": {"port": self.osc, **(osc or {})}}
        self.text = _copy(show, hands, self.panel, rate, window=window is not None)
        self._window = window
        self.show.write_text(self.text, encoding="utf-8")
        self.state = folder / "state"
        self._size = size
        self._log = (folder / "log").open("wb")
        self._due = 0.0
        self._reader: PresentReader | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self._start()

    def __enter__(self) -> "Play":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
            self._process.kill()
            self._process.wait()
        self._log.close()

    @property
    def pid(self) -> int | None:
        """The supervisor's process, None between two lives."""
        return self._process.pid if self._process else None

    @property
    def log(self) -> str:
        """All it has printed."""
        return (self.folder / "log").read_text(errors="replace")

    def look(self) -> list[Present]:
        """Start what has ended; the presents since the last look."""
        seen = self._reader.fresh() if self._reader else []
        now = time.monotonic()
        if self._process and self._process.poll() is not None:
            self._process, self._reader, self._due = None, None, now + RESTART
        if self._process is None and now >= self._due:
            self._start()
        if self._reader is None and self.arena:
            self._reader = PresentReader(self.arena)
        return seen

    def status(self) -> dict[str, Any]:
        """The status record, {} while nobody answers."""
        try:
            with urllib.request.urlopen(f"http://{_LOCAL}:{self.panel}/status", timeout=3) as page:
                return json.load(page)
        except (OSError, ValueError):
            return {}

    @property
    def arena(self) -> Arena | None:
        """The run's shared memory."""
        return arena_of(self.pid) if self.pid else None

    def command(self) -> list[str]:
        """What starts the show."""
        run = [sys.executable, "-m", "installation.cli", "run", str(self.show)]
        headless = [] if self._window else ["--headless"]
        return [*run, "--resume", *headless, "--size", self._size]

    @property
    def environment(self) -> dict[str, str]:
        """Its own state and runtime folders, so that it disturbs no other show."""
        own = {"XDG_STATE_HOME": str(self.state), "XDG_RUNTIME_DIR": str(self.folder)}
        return {**os.environ, **(self._window or {}), **own}

    def _start(self) -> None:
        self.starts += 1
        self._process = subprocess.Popen(
            self.command(),
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
        )


def arena_of(supervisor: int) -> Arena | None:
    """A run's shared memory, by way of its supervisor's descriptor."""
    with suppress(OSError):
        for link in Path(f"/proc/{supervisor}/fd").iterdir():
            if os.readlink(link).startswith("/memfd:installation"):
                fd = os.open(link, os.O_RDWR)
                try:
                    return Arena(fd, SECTIONS)
                except ValueError:  # made, but not yet as long as it will be
                    os.close(fd)
    return None


def _copy(show: Path, inputs: dict[str, Any], panel: int, rate: float | None, window: bool) -> str:
    """The show with these inputs, its models where they were; in one small window if it has any."""
    data = yaml.safe_load(show.read_text(encoding="utf-8"))
    for name, model in data["models"].items():
        if isinstance(model, str):
            data["models"][name] = str((show.parent / model).resolve())
    data["inputs"], data["panel"] = inputs, {"port": panel}
    if window:
        data["outputs"] = [{"window": {"size": WINDOW}}]
    if rate:
        data["decks"] = {**data.get("decks", {}), "rate": rate}
    return yaml.safe_dump(data, sort_keys=False)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind((_LOCAL, 0))
        return door.getsockname()[1]
