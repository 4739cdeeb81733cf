"""Which monitor a window belongs to, by number and by name. Pure, but for one look at a display."""

import logging
import os

import pytest

from installation.show.outputs import Window
from installation.stage.monitors import Monitor, Monitors, find
from tests.screens import xvfb

LEFT = Monitor("HDMI-1", 0, 0, 1920, 1080)
RIGHT = Monitor("DP-2", 1920, 0, 1280, 720)
LIT = (RIGHT, LEFT)  # as a server may list them


@pytest.fixture
def place(caplog: pytest.LogCaptureFixture):
    pytest.importorskip("pyglet")
    from installation.stage.windows import _Place

    def make(window: Window, alone: bool = False, lit: tuple[Monitor, ...] = LIT) -> _Place:
        return _Place(window, alone, lit, logging.getLogger("stage"))

    return make


def test_numbers_count_from_the_left_and_names_have_no_case():
    assert find(LIT, 0) is LEFT
    assert find(LIT, 1) is RIGHT
    assert find(LIT, 2) is None
    assert find(LIT, "dp-2") is RIGHT
    assert find(LIT, "DP-1") is None


def test_a_number_becomes_a_name_so_that_nothing_moves_when_a_monitor_goes(place):
    bound = place(Window(screen=1, fullscreen=True))
    assert bound.monitor(LIT) is RIGHT
    assert bound.monitor((LEFT,)) is None
    third = Monitor("VGA-1", 3200, 0, 800, 600)
    assert bound.monitor((LEFT, third)) is None


def test_a_full_screen_waits_for_its_monitor_unless_it_is_alone(
    place, caplog: pytest.LogCaptureFixture
):
    assert place(Window(screen="DP-9", fullscreen=True)).monitor(LIT) is None
    assert "0 HDMI-1, 1 DP-2" in caplog.text
    alone = place(Window(screen="DP-9", fullscreen=True), alone=True)
    assert alone.monitor(LIT) is RIGHT
    coming = Monitor("DP-9", 5000, 0, 640, 480)
    assert alone.monitor((*LIT, coming)) is coming


def test_a_window_with_a_frame_is_shown_anywhere_rather_than_nowhere(place):
    assert place(Window(screen=5)).monitor(LIT) is RIGHT
    assert place(Window(screen=5)).monitor(()) is None


@pytest.mark.screen
def test_a_real_display_tells_its_monitor(monkeypatch: pytest.MonkeyPatch):
    if not os.path.exists("/usr/bin/Xvfb"):
        pytest.skip("Xvfb is not installed")
    with xvfb() as (display, _):
        monkeypatch.setenv("DISPLAY", display)
        monitors = Monitors()
        monitors.start()
        assert [(m.x, m.y, m.width, m.height) for m in monitors.lit] == [(0, 0, 1280, 720)]
        monitors.close()
