"""Row 18 of the faults: the wall clock jumps under a whole show, and the steady one goes on."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.running.show import TEST_CARD, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

SHIM = Path(__file__).parent / "wall_clock"
SMALL = ("--headless", "--size", "320x180")
DAY = """
schedule: {{open: "10:00", close: "18:00", restart: "15:00", timezone: UTC, fade: 1s}}
"""
LONGEST = 1000.0  # ms that no present may take, on two cores that others use


class WallClock:
    """What the show's processes read as the time of day."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._file = folder / "off_by"
        paths = [str(SHIM), *filter(None, [os.environ.get("PYTHONPATH")])]
        patch.setenv("PYTHONPATH", os.pathsep.join(paths))
        patch.setenv("WALL_CLOCK_IS_OFF_BY", str(self._file))

    def set(self, day: str) -> None:
        """The day and time of day that it is at this moment, UTC."""
        wanted = datetime.fromisoformat(day).replace(tzinfo=UTC)
        self._file.write_text(f"{wanted.timestamp() - time.time():.0f}")


def test_18_a_clock_that_jumps_moves_the_day_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    clock = WallClock(tmp_path, monkeypatch)
    clock.set("2026-03-28 12:00:00")
    with running(tmp_path, *SMALL, text=TEST_CARD + DAY) as show:
        pids = show.live()["pids"]
        assert show.until("the day", lambda s: s["day"]["until"])["day"]["open"]
        clock.set("2026-03-28 17:59:58")  # over the hour of the nightly restart, too
        show.until("closing time", lambda s: not s["day"]["open"])
        dark = show.until("darkness", lambda s: s["health"]["stage"]["luma"] == 0)
        assert dark["health"]["stage"]["mode"] == "live"
        clock.set("1970-01-01 11:00:00")  # a flat battery
        show.until("the doors open", lambda s: s["day"]["open"])
        show.until("light", lambda s: s["values"]["/state/light"] == 1)
        report = show.end()
    print(f"intervals between presents, in ms: {report['presented']['interval_ms']}")
    assert report["pids"] == pids
    assert report["presented"]["black"] == 0
    assert report["presented"]["interval_ms"]["max"] < LONGEST
    assert show.log.count("the clock jumped by") == 2
