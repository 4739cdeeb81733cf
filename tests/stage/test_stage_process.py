"""The stage as the supervisor starts it: a process of its own, headless and on a virtual screen."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from installation.control.keys import Stroke
from tests.screens import xvfb
from tests.stage.running_stage import HANG, StageProcess, grab, stage, xdotool


def test_a_headless_stage_goes_live_and_ends_when_asked(tmp_path: Path):
    with stage(tmp_path / "log", headless=True, width=320, height=180) as running:
        running.until(lambda record: record["mode"] == "house")
        running.until(lambda record: record["first_live_at"] is not None, shade=180)
        record = running.record
        assert record["canvas"] == "320x180"
        assert record["headless"]
        assert record["black"] == 0
        assert record["renderer"]
        assert record["shader_error"] is None
        assert record["pid"] == running.process.pid
        assert running.end() == 0
        assert "Traceback" not in running.log


def test_without_a_display_the_stage_plays_on_and_says_so_in_a_line(tmp_path: Path):
    with stage(tmp_path / "log", width=64, height=36) as running:
        running.until(lambda record: record["mode"] == "live", shade=100)
        assert running.record["headless"]
    lines = [line for line in running.log.splitlines() if "no window" in line]
    assert len(lines) == 1
    assert "DISPLAY" in lines[0]


def test_a_stage_whose_supervisor_dies_does_not_stay(tmp_path: Path):
    with stage(tmp_path / "log", headless=True, width=64, height=36) as running:
        running.until(lambda record: record["mode"] == "house")
        os.kill(running.process.pid, signal.SIGTERM)
        assert running.process.wait(HANG) == 0


def test_the_stage_never_imports_a_network():
    code = "import sys, installation.stage.process; print('torch' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    assert answer.stdout.strip() == "False"


def strokes(running: StageProcess, count: int) -> list[Stroke]:
    """The next `count` strokes that arrive."""
    found: list[Stroke] = []
    deadline = time.monotonic() + HANG
    while len(found) < count:
        assert time.monotonic() < deadline, found
        found += running.keys.strokes()
        time.sleep(0.02)
    return found


@pytest.mark.screen
@pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed")
def test_a_window_shows_the_picture_and_passes_keys_on(tmp_path: Path, virtual_screen: str):
    with stage(tmp_path / "log", virtual_screen) as running:
        running.until(lambda record: record["mode"] == "house")
        pixels = grab(virtual_screen)
        assert (abs(pixels - [0x20, 0x40, 0x60]).max(axis=-1) <= 2).sum() >= 640 * 360
        running.until(lambda record: abs((record["luma"] or 0) - 180 / 255) < 0.01, shade=180)
        running.show(180)
        shown = abs(grab(virtual_screen) - 180).max(axis=-1) <= 2
        assert shown.sum() >= 640 * 360
        window = xdotool(virtual_screen, "search", "--onlyvisible", "--name", "Rehearsal")
        xdotool(virtual_screen, "key", "--window", window, "a", "Right", "F1", "1")
        assert [(s.key, s.pressed) for s in strokes(running, 8)] == [
            (key, pressed) for key in ("a", "right", "f1", "1") for pressed in (True, False)
        ]
        xdotool(virtual_screen, "key", "--window", window, "question")
        assert ("?", True) in [(s.key, s.pressed) for s in strokes(running, 4)]
        xdotool(virtual_screen, "keydown", "--window", window, "Escape")
        assert [(s.key, s.pressed) for s in strokes(running, 1)] == [("escape", True)]
        assert running.process.poll() is None  # the desk decides, not the window
        assert not running.record["headless"]
        assert running.end() == 0


@pytest.mark.screen
@pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed")
def test_a_full_screen_covers_the_screen(tmp_path: Path, virtual_screen: str):
    with stage(tmp_path / "log", virtual_screen, full=True) as running:
        running.until(lambda record: abs((record["luma"] or 0) - 180 / 255) < 0.01, shade=180)
        running.show(180)
        assert (abs(grab(virtual_screen) - 180).max(axis=-1) <= 2).all()
        assert running.record["canvas"] == "640x360"  # software paints no more
        assert "full screen" in running.record["screen"]


@pytest.mark.screen
@pytest.mark.skipif(not shutil.which("Xvfb"), reason="Xvfb is not installed")
def test_a_display_that_goes_away_ends_the_stage_so_that_another_can_be_started(tmp_path: Path):
    with xvfb() as (display, server), stage(tmp_path / "log", display) as running:
        running.until(lambda record: record["mode"] == "live", shade=100)
        server.kill()
        assert running.process.wait(HANG) != 0
