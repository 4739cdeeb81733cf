"""The screen goes away under a running show, and comes back."""

import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageGrab

from tests.running.show import running
from tests.screens import xvfb

pytestmark = [pytest.mark.faults, pytest.mark.screen, pytest.mark.timeout(180)]


def _light(display: str) -> float:
    return float(np.asarray(ImageGrab.grab(xdisplay=display)).mean())


def test_a_screen_that_goes_and_comes_back_has_its_picture_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    with xvfb() as (display, server):
        monkeypatch.setenv("DISPLAY", display)
        with running(tmp_path, "--size", "320x180") as show:
            first = show.live()
            deck = first["pids"]["deck_a"]
            server.send_signal(signal.SIGKILL)
            server.wait()
            lost = show.until("a stage", lambda s: s["pids"]["stage"] != first["pids"]["stage"])
            show.until("it plays on", lambda s: s["health"]["stage"]["beat"] > 5)
            with xvfb() as (again, _):
                begun = time.monotonic()
                if again != display:
                    pytest.skip("another program has taken the display meanwhile")
                while _light(display) < 5:
                    assert time.monotonic() - begun < 3 * 4, show.log
                    time.sleep(0.05)
                print(f"display + {time.monotonic() - begun:.2f} s")
                back = show.until("a window", lambda s: "window" in s["health"]["stage"]["screen"])
                report = show.end()
    assert "going on without a window" in show.log
    assert lost["health"]["stage"]["mode"] in ("live", "house", "held")
    assert back["pids"]["deck_a"] == deck, "the walk went on meanwhile"
    assert report["presented"]["black"] == 0
    assert report["restarts"] == {"desk": 0, "deck": 0, "stage": 2}
