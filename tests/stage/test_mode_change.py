"""Row 11 of docs/reliability.md: the screen changes its resolution under a running stage."""

import time
from pathlib import Path

import pytest

from tests.screens import RIGHT, XORG, two_monitors, xrandr
from tests.stage.running_stage import grab, stage

pytestmark = [
    pytest.mark.screen,
    pytest.mark.faults,
    pytest.mark.skipif(not XORG.exists(), reason="xserver-xorg-core is not installed"),
]
PROMISED = 0.5  # seconds
SLACK = 10.0  # times as long, on a machine that does other work
SHADE = 180


def filled(display: str, width: int, height: int) -> bool:
    """Whether a monitor at the desktop's corner shows the picture, from edge to edge."""
    seen = grab(display)[:height, :width]
    return bool(abs(seen - SHADE).max() <= 2)


def test_another_mode_is_followed_and_the_picture_fills_it(tmp_path: Path):
    with two_monitors(tmp_path) as display:
        xrandr(display, "--output", "DUMMY1", "--off")
        xrandr(display, "--addmode", "DUMMY0", "small")
        with stage(tmp_path / "log", display, full=True) as stand:
            stand.until(lambda record: record["mode"] == "live", shade=SHADE)
            for mode, size in (("small", RIGHT), ("640x360", (640, 360))):
                before = stand.record["beat"]
                xrandr(display, "--output", "DUMMY0", "--mode", mode)
                begun = time.monotonic()
                words = "{}x{}".format(*size)
                stand.until(lambda record, words=words: words in record["screen"], shade=SHADE)
                while not filled(display, *size):
                    assert time.monotonic() - begun < PROMISED * SLACK, stand.log
                    stand.show(SHADE)
                print(f"{words}: {time.monotonic() - begun:.2f} s")
                assert stand.record["beat"] > before, "it presented all the while"
            assert "Traceback" not in stand.log, stand.log
            assert stand.process.poll() is None
