"""Rows 6, 7, 8 and 26 of the faults: what a deck needs runs out while a show plays."""

import resource
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import psutil
import pytest
from pythonosc.udp_client import SimpleUDPClient

from installation.presents import Present, PresentReader
from tests.running.show import TEST_CARD, running
from tools.soak.play import arena_of

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


def test_26_a_deck_that_leaks_is_replaced_unseen_before_its_limit(tmp_path: Path) -> None:
    text = TEST_CARD + "decks: {{memory: 450MB, rate: 30}}\n"
    with running(tmp_path, *SMALL, text=text, fault=", fault: leak, after: 60") as show:
        first = show.live()["pids"]
        with closing(SimpleUDPClient("127.0.0.1", show.osc)) as client:
            client.send_message("/scene/fade", 1.0)
        arena = arena_of(show.process.pid)
        assert arena
        presents = PresentReader(arena)
        presents.fresh()
        show.until("another deck A", lambda s: s["pids"]["deck_a"] not in (None, first["deck_a"]))
        seen = presents.fresh()
        report = show.end()
    gap = max(later.at - present.at for present, later in pairwise(seen))
    print(f"row 26: longest gap between presents {1e3 * gap:.0f} ms, modes {set_of(seen)}")
    assert "deck_a starts again: it takes" in show.log
    assert report["restarts"] == {"desk": 0, "deck": 0, "stage": 0}, "none of them counts as a fall"
    assert set_of(seen) == {"live"}
    assert not any(present.black for present in seen)
    assert report["pids"]["stage"] == first["stage"]


def set_of(presents: list[Present]) -> set[str]:
    return {present.mode for present in presents}
