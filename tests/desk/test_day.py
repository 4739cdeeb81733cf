"""A day at the desk, with a clock that the test sets."""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from installation.control.schedule import BY_HAND_CLOSED, BY_HAND_OPEN, CLOCK
from installation.desk.day import Day
from installation.desk.switching import Switching
from installation.outputs.power import FakeSwitch
from installation.show.loader import loads
from installation.show.schema import Show

SHOW = """
models: {{m: {{test_card: {{}}}}}}
scenes: {{one: {{model: m, look: []}}}}
schedule: {{open: "10:00", close: "{close}", timezone: UTC, fade: 10s}}
"""


def read(folder: Path, close: str = "18:00") -> Show:
    return loads(SHOW.format(close=close), folder)[0]


class Watch:
    """A day, its screens, and the wall clock, which may be set."""

    def __init__(self, folder: Path, hour: float, show: Show | None = None) -> None:
        self.now, self.wall = 1000.0, datetime(2026, 6, 1, tzinfo=UTC).timestamp() + hour * 3600
        self.screen = FakeSwitch()
        self.switching = Switching([self.screen])
        self.day = Day(show or read(folder), lambda: self.wall, self.switching)
        self.over = False

    def run(self, seconds: float, order: int = CLOCK, dt: float = 0.1) -> float:
        light = 0.0
        for _ in range(round(seconds / dt)):
            self.now, self.wall = self.now + dt, self.wall + dt
            light, over = self.day.step(order, self.now, dt)
            self.over = self.over or over
        return light


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5.0
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_show_that_starts_by_day_or_by_night_is_at_once_as_it_should_be(tmp_path: Path):
    assert Watch(tmp_path, 12).run(0.1) == 1.0
    assert Watch(tmp_path, 3).run(0.1) == 0.0


def test_it_closes_by_a_fade_and_then_the_screens_go_off(tmp_path: Path):
    watch = Watch(tmp_path, 18 - 5 / 3600)
    assert watch.run(4) == 1.0
    until(lambda: watch.screen.on is True)
    assert 0.3 < watch.run(6) < 0.7
    assert watch.screen.turned == [True]
    assert watch.run(6) == 0.0
    until(lambda: watch.screen.on is False)
    status = watch.day.status()
    assert (status["open"], status["until"]) == (False, "2026-06-02T10:00:00+00:00")
    assert watch.run(16 * 3600 - 20, dt=10.0) == 0.0
    assert watch.run(60) == 1.0
    until(lambda: watch.screen.turned == [True, False, True])


def test_opened_by_hand_until_the_hours_next_change(tmp_path: Path):
    watch = Watch(tmp_path, 22)
    watch.run(1)
    assert watch.run(20, BY_HAND_OPEN) == 1.0
    assert watch.day.status()["why"] == "opened by hand"
    watch.run(12 * 3600, BY_HAND_OPEN, dt=10.0)
    assert watch.over
    watch = Watch(tmp_path, 12)
    assert watch.run(20, BY_HAND_CLOSED) == 0.0


@pytest.mark.parametrize("jump", [-56 * 365 * 24 * 3600.0, 4 * 3600, 24 * 3600, 7200])
def test_a_jump_is_remarked_once_and_reckoned_anew_not_replayed(tmp_path: Path, jump, caplog):
    caplog.set_level(logging.INFO)
    watch = Watch(tmp_path, 12)
    watch.run(2)
    until(lambda: watch.screen.turned == [True])
    watch.wall += jump
    watch.run(40)
    assert [r.levelname for r in caplog.records].count("WARNING") == 1
    fresh = Day(read(tmp_path), lambda: watch.wall, Switching([]))
    assert watch.run(1) == fresh.step(CLOCK, watch.now, 0.1)[0]
    assert len(watch.screen.turned) <= 2


def test_another_schedule_is_taken_up_and_the_light_goes_on_from_where_it_was(tmp_path: Path):
    watch = Watch(tmp_path, 17)
    assert watch.run(2) == 1.0
    watch.day.adopt(read(tmp_path, close="16:00"))
    assert 0.7 < watch.run(2) < 0.9
    assert watch.run(10) == 0.0


def test_without_a_schedule_it_is_always_open_but_for_a_hand(tmp_path: Path):
    show = loads(SHOW.format(close="1:00").rsplit("schedule", 1)[0], tmp_path)[0]
    watch = Watch(tmp_path, 3, show)
    assert watch.run(1) == 1.0
    assert watch.run(6, BY_HAND_CLOSED) == 0.0
    assert watch.run(6) == 1.0
    assert watch.screen.turned == []


def test_a_screen_that_does_not_answer_is_tried_again_and_costs_one_line(caplog, monkeypatch):
    monkeypatch.setattr("installation.inputs.backoff.DELAYS", (0.01,))
    screen, other = FakeSwitch("far", failures=2), FakeSwitch("near")
    switching = Switching([screen, other])
    begun = time.monotonic()
    switching.order(True)
    assert time.monotonic() - begun < 0.5
    until(lambda: other.on is True)
    until(lambda: any(one["error"] for one in switching.status()) or screen.on is True)
    until(lambda: screen.on is True)
    assert [record.getMessage() for record in caplog.records if "far" in record.getMessage()] == [
        "far: does not answer; it is tried again"
    ]
    assert switching.status() == [
        {"name": "far", "on": True, "error": None},
        {"name": "near", "on": True, "error": None},
    ]
    switching.close()
