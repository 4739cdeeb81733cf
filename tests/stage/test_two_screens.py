"""Two monitors: each window on its own, with a window manager and without, through a lost cable."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.pictures import agree
from tests.screens import LEFT, RIGHT, XORG, light, two_monitors, unplug
from tests.stage.running_stage import HANG, grab, stage, xdotool

pytestmark = [
    pytest.mark.screen,
    pytest.mark.skipif(not XORG.exists(), reason="xserver-xorg-core is not installed"),
    pytest.mark.skipif(not shutil.which("xdotool"), reason="xdotool is not installed"),
]
SHOW = """
title: Rehearsal
models: {card: {test_card: {}}}
scenes: {plain: {model: card, look: []}}
house_colour: "#204060"
canvas: 640x240
outputs:
  - window: {screen: 0, fullscreen: true, crop: [0, 0, 0.6, 1], blend: {},
             corners: [[0.05, 0.1], [1, 0], [0.97, 1], [0, 0.9]]}
  - window: {screen: dummy1, fullscreen: true, crop: [0.4, 0, 0.6, 1], blend: {}}
"""


@pytest.fixture(params=["no window manager", "openbox"])
def display(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with two_monitors(tmp_path) as display:
        if request.param == "no window manager":
            yield display
            return
        if not shutil.which("openbox"):
            pytest.skip("openbox is not installed")
        environment = {**os.environ, "DISPLAY": display, "HOME": str(tmp_path)}
        quiet = subprocess.DEVNULL
        manager = subprocess.Popen(["openbox"], env=environment, stdout=quiet, stderr=quiet)
        time.sleep(1.0)  # it must manage before the windows come
        yield display
        manager.terminate()
        manager.wait(HANG)


def wall(display: str) -> tuple[np.ndarray, np.ndarray]:
    """What the two monitors show."""
    pixels = grab(display)
    right = LEFT[0] + RIGHT[0]
    return pixels[: LEFT[1], : LEFT[0]], pixels[: RIGHT[1], LEFT[0] : right]


def soon(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + HANG
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_every_window_finds_its_monitor_and_its_part_of_the_canvas(
    tmp_path: Path, display: str, request: pytest.FixtureRequest
):
    session: dict[str, Any] = {"width": 640, "height": 240, "state_folder": str(tmp_path)}
    with stage(tmp_path / "log", display, show=SHOW, **session) as stand:
        stand.until(lambda record: record["mode"] == "live", shade=180)
        assert stand.record["canvas"] == "640x240"
        assert "DUMMY1 480x270" in stand.record["screen"]
        stand.set(calibrate_grid=1)
        soon(lambda: grid_is_on(wall(display)[1]))
        calibrated(display, tmp_path)
        right = settled(display)
        agree(both(display), "two_screens", request)
        unplug(display)
        soon(lambda: "its window waits" in stand.log)
        soon(lambda: grab(display)[5:60, 5:20].max() < 60)  # nothing has come over the first one
        light(display)
        soon(lambda: "its window is back" in stand.log)
        soon(lambda: abs(wall(display)[1] - right).mean() < 1.0)
        stand.set(calibrate_grid=0)
        stand.until(lambda record: record["mode"] == "live", shade=180)
        soon(lambda: abs(wall(display)[1][40:200, 250:400] - 180).mean() < 1.0)
        assert "Traceback" not in stand.log
        assert stand.end() == 0


def both(display: str) -> np.ndarray:
    left, right = wall(display)
    return np.hstack([left[: RIGHT[1]], right])


def settled(display: str) -> np.ndarray:
    """The second monitor, once nothing on either has moved for a second."""
    before, since = both(display), time.monotonic()
    while time.monotonic() - since < 1.0:
        time.sleep(0.1)
        seen = both(display)
        if (seen != before).any():
            before, since = seen, time.monotonic()
    return wall(display)[1]


def grid_is_on(pixels: np.ndarray) -> bool:
    """Whether the right edge of the second monitor is the grid's red rim."""
    red, green, blue = pixels[100:110, -3:].transpose(2, 0, 1)
    return bool(((red > 60) & (green < 40) & (blue < 30)).any())


def calibrated(display: str, folder: Path) -> None:
    """Move the second window's lower right corner up by ten pixels and inwards, and save it."""
    window = xdotool(display, "search", "--onlyvisible", "--name", "Rehearsal").split()[0]
    for key in ("Tab", "space", "space"):
        xdotool(display, "key", "--window", window, key)
    xdotool(display, "keydown", "--window", window, "shift")
    for key in ("Up", "Up", "Left", "Left", "Left", "Left"):
        xdotool(display, "key", "--window", window, key)
        time.sleep(0.1)
    xdotool(display, "keyup", "--window", window, "shift")
    xdotool(display, "key", "--window", window, "Return")
    soon(lambda: (folder / "calibration").is_file())
