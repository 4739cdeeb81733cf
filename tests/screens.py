"""Screens without monitors, for tests that open real windows: one of Xvfb, or two of Xorg's."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SCREEN = "1280x720x24"
HANG = 20.0  # seconds
XORG = Path("/usr/lib/xorg/Xorg")  # the server itself: its wrapper wants a console
LEFT, RIGHT = (640, 360), (480, 270)  # the two monitors, side by side
_MODE = "640x360 18.00 640 656 720 800 360 361 364 375"
_SMALL = "small 10.00 480 496 544 600 270 271 274 280"
# The dummy driver (package xserver-xorg-video-dummy) has sixteen outputs and needs no console, no
# device and no rights.
_DUMMY = f"""
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
EndSection
Section "Monitor"
  Identifier "m"
  HorizSync 5-1000
  VertRefresh 5-200
  Modeline {_MODE.replace("640x360", '"640x360"', 1)}
EndSection
Section "Device"
  Identifier "d"
  Driver "dummy"
  VideoRam 64000
EndSection
Section "Screen"
  Identifier "s"
  Device "d"
  Monitor "m"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "640x360"
    Virtual 2048 1024
  EndSubSection
EndSection
"""


@contextmanager
def xvfb() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A display of its own, as the value that DISPLAY wants, and its server."""
    with _server(["Xvfb", "-screen", "0", SCREEN]) as running:
        yield running


@contextmanager
def two_monitors(folder: Path) -> Iterator[str]:
    """A display with two monitors: DUMMY0, and DUMMY1 to the right of it."""
    config, log = folder / "dummy.conf", folder / "xorg.log"
    config.write_text(_DUMMY)
    command = [str(XORG), "-config", str(config), "-logfile", str(log), "-sharevts", "-novtswitch"]
    with _server(command) as (display, _):
        xrandr(display, "--newmode", *_SMALL.split())
        xrandr(display, "--addmode", "DUMMY1", "small")
        light(display)
        yield display


def light(display: str) -> None:
    """Plug the second monitor in."""
    xrandr(display, "--output", "DUMMY1", "--mode", "small", "--right-of", "DUMMY0")


def unplug(display: str) -> None:
    """Pull the second monitor's cable."""
    xrandr(display, "--output", "DUMMY1", "--off")


def xrandr(display: str, *words: str) -> None:
    environment = {**os.environ, "DISPLAY": display}
    subprocess.run(["xrandr", *words], env=environment, check=True, capture_output=True)


@contextmanager
def _server(command: list[str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    reader, writer = os.pipe()
    options = ["-displayfd", str(writer), "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(
        [*command, *options],
        pass_fds=[writer],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:  # the server writes the number when it is ready
            yield f":{answer.readline().strip()}", server
    finally:
        server.terminate()
        server.wait(HANG)


@pytest.fixture
def virtual_screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A display, which DISPLAY names while the test runs; gone after it."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    with xvfb() as (display, _):
        monkeypatch.setenv("DISPLAY", display)
        yield display
