"""The show for a while, short enough for every test run; tools/soak.py is the long form."""

from pathlib import Path

import pytest

from tests.running.show import running
from tools.soak import Watch

pytestmark = [pytest.mark.soak, pytest.mark.timeout(180)]

SECONDS = 40
SETTLED = 12  # seconds by which every process has touched what it needs
GROWTH = 10.0  # megabytes; the promise for ten minutes


def test_memory_stands_still_and_nothing_falls(tmp_path: Path) -> None:
    watch = Watch()
    with running(tmp_path, "--headless", "--size", "320x180") as show:
        show.live()
        while not watch.seconds or watch.seconds[-1] < SECONDS:
            watch.note(show.until("another second", lambda s: s["seconds"] > _after(watch)))
        report = show.end()
    late = [size for at, size in zip(watch.seconds, watch.megabytes, strict=True) if at > SETTLED]
    print(f"{late[0]:.1f} MB after {SETTLED} s, {late[-1]:.1f} MB after {SECONDS} s")
    assert late[-1] - late[0] < GROWTH
    assert report["restarts"] == {"desk": 0, "deck": 0, "stage": 0}
    assert report["presented"]["black"] == 0


def _after(watch: Watch) -> float:
    return watch.seconds[-1] + 1 if watch.seconds else 0.0


def test_the_slope_of_a_steady_leak_is_found() -> None:
    watch = Watch()
    for second in range(0, 600, 5):
        watch.note({"seconds": float(second), "memory_mb": {"total": 100 + second / 60}})
    slope, error = watch.slope()
    assert slope == pytest.approx(60, abs=0.1)
    assert error < 1
    assert watch.growth() == pytest.approx(8.0, abs=0.6)
