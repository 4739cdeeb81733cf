"""Ableton Link's end, with a stand-in for the library and, where it is installed, the real one."""

import importlib.util
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from installation.clock import MonotonicClock
from installation.inputs.link_input import LinkInput
from installation.memory import Arena
from installation.session import SECTIONS, Session

MANY = 20.0  # seconds after which a test gives up waiting for a process
STAND_IN = """
import time
class State:
    def tempo(self): return 100.0
    def beatAtTime(self, micros, quantum): return micros / 600_000
class Link:
    def __init__(self, bpm): pass
    def captureAppSessionState(self): return State()
    def numPeers(self): return PEERS
    def clock(self): return self
    def micros(self): return time.monotonic_ns() // 1000
"""


def joined() -> LinkInput:
    arena = Arena.create(SECTIONS)
    session = Session(arena_fd=arena.fd, parent=os.getpid(), started=0.0, show_folder="/")
    session_input = LinkInput(session, MonotonicClock())
    session_input.start()
    session_input.arena = arena  # type: ignore[attr-defined]  # kept open as long as the child
    return session_input


def until(true: Callable[[], object], link: LinkInput) -> None:
    end = time.monotonic() + MANY
    while not true():
        assert time.monotonic() < end, link.status()
        link.beat(time.monotonic())
        time.sleep(0.01)


@pytest.mark.parametrize("peers", [0, 2])
def test_the_session_s_beat_counts_when_somebody_else_is_in_it(
    peers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "link.py").write_text(STAND_IN.replace("PEERS", str(peers)))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with closing(joined()) as link:
        until(lambda: link.status()["tempo"] == 100.0, link)
        now = time.monotonic()
        beat = link.beat(now)
        if not peers:
            assert beat is None
            return
        assert beat
        assert (beat.tempo, beat.confidence) == (100.0, 1.0)
        error = (beat.phase - now / 0.6 + 0.5) % 1.0 - 0.5
        assert abs(error) < 0.1
        assert link.beat(now + 1.0) is None  # no word for a second


def test_without_the_library_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.CRITICAL)
    (tmp_path / "link.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with closing(joined()) as link:
        until(lambda: "LinkPython-extern" in (link.status()["error"] or ""), link)


@pytest.mark.skipif(not importlib.util.find_spec("link"), reason="LinkPython-extern is the user's")
def test_a_real_session_is_followed():
    peer = (
        "import time; from link import Link; link = Link(97.0); link.enabled = True; time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", peer])
    try:
        with closing(joined()) as link:
            until(lambda: link.beat(time.monotonic()), link)
            assert 90 < link.status()["tempo"] < 125
    finally:
        other.kill()
        other.wait()
