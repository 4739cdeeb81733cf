"""A whole show in processes of its own, as an operator would start it, for tests to look at."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40.0  # seconds for anything that a loaded two-core machine does in two

TEST_CARD = """
title: Rehearsal
models:
  card: {{test_card: {{size: 64x64{fault}}}}}
  other: {{test_card: {{size: 96x96}}}}
scenes:
  one: {{model: card, walk: {{kind: loop, period: 20s}}}}
  two: {{model: other, walk: {{kind: drift, period: 20s, seed: 5}}}}
inputs: {{osc: {{port: {osc}}}, audio: null}}
outputs: [{{window: {{size: 640x360}}}}]
panel: {{port: {panel}}}
"""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


class RunningShow:
    """The processes of one run, and what they say of themselves."""

    patience = PATIENCE  # seconds; more for what takes longer

    def __init__(self, folder: Path, text: str, osc: int, panel: int, *options: str) -> None:
        self.osc, self.panel = osc, panel
        self.report_file = folder / "report.json"
        self.log_file = folder / "show.log"
        (folder / "show.yaml").write_text(text)
        command = [sys.executable, "-m", "installation.cli", "run", str(folder / "show.yaml")]
        self._log = self.log_file.open("wb")
        self.process = subprocess.Popen(
            [*command, "--report", str(self.report_file), *options],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
        )

    @property
    def log(self) -> str:
        """Everything the run has printed."""
        return self.log_file.read_text(errors="replace")

    def status(self) -> dict[str, Any]:
        """The status record; {} while the panel is not there."""
        url = f"http://127.0.0.1:{self.panel}/status"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return {}

    def until(self, what: str, true: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
        """The status once `true(status)` holds. Fails, with the log, when that never comes."""
        deadline = time.monotonic() + self.patience
        status: dict[str, Any] = {}
        while time.monotonic() < deadline:
            status = self.status()
            if status and true(status):
                return status
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"never came: {what}\n{json.dumps(status, indent=1)}\n{self.log}")

    def says(self, words: str) -> None:
        """Wait until the log has these words."""
        deadline = time.monotonic() + self.patience
        while words not in self.log:
            assert time.monotonic() < deadline, f"never said: {words}\n{self.log}"
            assert self.process.poll() is None, self.log
            time.sleep(0.1)

    def live(self) -> dict[str, Any]:
        """Wait for the first live picture and for every process to have spoken."""
        names = ("desk", "deck_a", "deck_b", "stage")
        return self.until(
            "a live picture",
            lambda s: s["first_picture_s"] is not None and all(s["pids"][n] for n in names),
        )

    def end(self) -> dict[str, Any]:
        """Ctrl-C; the report."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        return json.loads(self.report_file.read_text())

    def close(self) -> None:
        """Let nothing be left, whatever the test did."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        self._log.close()


@contextmanager
def running(
    folder: Path, *options: str, fault: str = "", text: str | None = None
) -> Iterator[RunningShow]:
    """A headless show of test cards, or of `text` with {osc} and {panel} for the ports."""
    osc, panel = free_port(), free_port()
    words = (text or TEST_CARD).format(osc=osc, panel=panel, fault=fault)
    show = RunningShow(folder, words, osc, panel, *options)
    try:
        yield show
    finally:
        show.close()


def alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    """Send a signal to one process of the run."""
    os.kill(pid, number)
