"""The show for a while, short enough for every test run; `make soak` is the long form."""

import math
import os
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.running.show import TEST_CARD
from tools.soak.__main__ import ENDS, end_by_signal
from tools.soak.faults import FAULTS
from tools.soak.growth import Growth
from tools.soak.play import CHILDREN, Play
from tools.soak.report import Report, as_markdown
from tools.soak.trial import SAMPLE, Soak

CALM, BROKEN = 16.0, 15.0  # seconds
SETTLED = 10.0  # seconds by which every process has touched what it needs
GROWTH = 10.0  # megabytes; the promise for ten minutes
DRAWN = {"deck-killed", "desk-killed", "osc-flood", "ring-noise", "show-broken", "osc-garbage"}


@pytest.mark.soak
@pytest.mark.timeout(180)
def test_memory_stands_still_and_random_faults_show_nothing_black(tmp_path: Path) -> None:
    show = tmp_path / "rehearsal.yaml"
    show.write_text(TEST_CARD.format(osc=1, panel=1, fault=""))
    drawn = [fault for fault in FAULTS if fault.name in DRAWN]
    with Play(show, tmp_path, "320x180") as play:
        calm = Soak(play, [], seed=1, every=0.0).run(CALM)
        broken = _ended_after(BROKEN, Soak(play, drawn, seed=1, every=1.0))
        assert "Traceback" not in play.log
    print(as_markdown(broken))
    skipped = round(SETTLED / SAMPLE)
    for name in CHILDREN:
        (life,) = calm.growth[name].lives
        assert life.megabytes[-1] - life.megabytes[skipped] < GROWTH, name
    assert calm.black == 0
    assert len(broken.strikes) > 3
    assert broken.kept, as_markdown(broken)


def _ended_after(seconds: float, soak: Soak) -> Report:
    """Ended early by a signal, as one would that runs for a night, behind a shell's back."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDS}
    end_by_signal(soak)
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    report = soak.run(3600.0)
    for number, handler in before.items():
        signal.signal(number, handler)
    assert report.seconds < 60.0
    return report


def grown(
    slope: float, noise: float, lives: int = 1, minutes: float = 10.0, seed: int = 3
) -> Growth:
    """Lives of so many minutes that grow by `slope` megabytes an hour, each from another size."""
    growth, chance = Growth(), np.random.default_rng(seed)
    for life in range(lives):
        for second in range(0, round(minutes * 60), 5):
            now = life * minutes * 60 + second
            size = 100 * (life + 1) + slope * second / 3600 + noise * chance.standard_normal()
            growth.note(now, 1000 + life, size, 7, 3)
    return growth


def test_the_slope_of_a_steady_leak_is_found() -> None:
    slope, error = grown(60.0, noise=0.0).slope()
    assert slope == pytest.approx(60, abs=0.1)
    assert error < 1


@pytest.mark.parametrize("true", [0.0, 5.0, -5.0])
def test_restarts_at_another_size_are_no_growth_and_the_confidence_holds_the_truth(
    true: float,
) -> None:
    found = [grown(true, noise=0.2, lives=6, seed=seed).slope() for seed in range(60)]
    held = sum(abs(slope - true) < error for slope, error in found)
    assert held / len(found) > 0.88, "of 95 %"
    assert max(error for _, error in found) < 1.0


def test_lives_too_short_to_settle_say_nothing() -> None:
    assert math.isnan(grown(60.0, noise=0.1, lives=20, minutes=0.4).slope()[0])
    assert math.isnan(Growth().slope()[0])


def test_files_and_threads_that_pile_up_are_told() -> None:
    growth = Growth()
    for second in range(10):
        growth.note(second, 7, 10.0, 5 + second, 3)
    assert growth.most("files") == (5, 14)
    assert growth.most("threads") == (3, 3)
