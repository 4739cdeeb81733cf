"""Rows 6, 7, 8 and 26 of the faults: what a deck needs runs out while a show plays."""

import resource
import time
from pathlib import Path

import psutil
import pytest

from tests.running.show import TEST_CARD, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

SMALL = ("--headless", "--size", "320x180")
WITH_SMALLER = TEST_CARD + "decks: {{smaller: {{card: other}}}}\n"
MEGA = 1024 * 1024


def test_06_a_deck_out_of_host_memory_plays_a_smaller_model(tmp_path: Path) -> None:
    with running(tmp_path, *SMALL, text=WITH_SMALLER, fault=", fault: leak, after: 60") as show:
        deck = show.live()["pids"]["deck_a"]
        limit = psutil.Process(deck).memory_info().vms + 40 * MEGA
        resource.prlimit(deck, resource.RLIMIT_AS, (limit, limit))
        begun = time.monotonic()
        status = show.until(
            "the smaller model",
            lambda s: (
                s["health"]["deck_a"].get("model") == "other"
                and s["health"]["stage"]["mode"] == "live"
                and s["health"]["stage"]["picture_age"] < 0.5
            ),
        )
        seconds = time.monotonic() - begun
        report = show.end()
    print(f"row 6: {seconds:.1f} s from the limit to the smaller model, live")
    assert status["pids"]["deck_a"] == deck, "the same process plays on"
    assert "memory is short: other plays" in status["health"]["deck_a"]["error"]
    assert report["presented"]["black"] == 0
    assert seconds < 3 * 15


def test_08_a_lost_card_is_left_alone_and_the_processor_plays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    with running(tmp_path, *SMALL, fault=", fault: card, after: 60") as show:
        show.live()
        begun = time.monotonic()
        status = show.until(
            "the processor",
            lambda s: (
                s["health"]["supervisor"].get("card_lost")
                and s["health"]["deck_a"].get("frames", 0) > 90
                and s["health"]["stage"]["mode"] == "live"
            ),
        )
        seconds = time.monotonic() - begun
        report = show.end()
    print(f"row 8: {seconds:.1f} s from the first picture, over two losses, to the processor")
    assert status["restarts"]["deck"] == 2
    assert "exit code 75" in show.log
    assert report["presented"]["black"] == 0
    assert seconds < 3 * 15
