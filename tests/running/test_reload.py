"""show.yaml edited under a running show: what changes, and that nothing else is seen."""

import os
import re
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from installation.outputs.osc_packet import packet
from tests.running.show import RunningShow, free_port, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

SMALL = ("--headless", "--size", "320x180")
SHOW = """
title: {title}
models:
  card: {{{{test_card: {{{{size: {size}}}}}}}}}
  other: {{{{test_card: {{{{size: 96x96}}}}}}}}
scenes:
  one: {{{{model: card, walk: {{{{kind: loop, period: {period}}}}}, look: [finish]}}}}
{more}
schedule: {{{{fade: 1s}}}}
inputs: {{{{osc: {{{{port: {{osc}}}}}}, audio: null}}}}
panel: {{{{port: {{panel}}}}}}
"""
FIRST = {"title": "First", "size": "64x64", "period": "20s", "more": ""}
TWO = "  two: {{model: other, look: []}}"


class Edited:
    """A running show and its file."""

    def __init__(self, show: RunningShow, folder: Path) -> None:
        self.show, self.path = show, folder / "show.yaml"
        self.said = dict(FIRST)
        self.pids: dict[str, int] = {}

    def save(self, **changes: str) -> float:
        """Save with some words changed; seconds until every process plays it."""
        self.said |= changes
        text = SHOW.format(**self.said).format(osc=self.show.osc, panel=self.show.panel)
        before = self.status["show"]["edition"]
        begun = time.monotonic()
        self.path.write_text(text)
        self.show.until("the new edition", lambda s: _everywhere(s) > before)
        return time.monotonic() - begun

    @property
    def status(self) -> dict[str, Any]:
        return self.show.until("an answer", lambda s: True)

    def until(self, what: str, true) -> dict[str, Any]:
        return self.show.until(what, true)

    def value(self, address: str) -> float:
        return self.status["values"][address]


def _everywhere(status: dict[str, Any]) -> int:
    health = status["health"]
    return min(health[name].get("edition") or 0 for name in ("desk", "deck_a", "deck_b"))


def _send(port: int, address: str, value: float) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.sendto(packet(address, value), ("127.0.0.1", port))


def test_an_edited_show_goes_on_and_a_broken_one_costs_a_line(tmp_path: Path):
    text = SHOW.format(**FIRST)
    with running(tmp_path, *SMALL, text=text) as show:
        edited = Edited(show, tmp_path)
        pids = show.live()["pids"]
        _send(show.osc, "/walk/tide", 2.5)
        edited.until("the value", lambda s: abs(s["values"]["/walk/tide"] - 2.5) < 0.01)

        took = edited.save(title="Second", period="7s", more=TWO)
        print(f"taken up by every process after {took:.2f} s")
        assert took < 3.0
        status = edited.status
        assert status["pids"] == pids
        assert abs(status["values"]["/walk/tide"] - 2.5) < 0.01
        assert "scenes.one.walk.period, scenes.two" in show.log

        _send(show.osc, "/scene/fade", 0.5)
        _send(show.osc, "/scene", 1)
        edited.until("the added scene", lambda s: s["values"]["/state/crossfade"] == 1)
        # The live scene goes: its last picture stands until the first scene is crossed to.
        edited.save(more="")
        edited.until("the first scene", lambda s: s["values"]["/state/crossfade"] == 0)
        edited.until("the other asleep", lambda s: s["values"]["/state/deck_b"] == -1)
        # The live scene's network becomes another: crossed to on the other deck.
        edited.save(size="80x80")
        edited.until("the other network", lambda s: s["values"]["/state/crossfade"] == 1)
        assert edited.status["values"]["/state/deck_a"] == -1
        assert edited.status["pids"] == pids

        _break(edited)
        status = edited.status
        assert status["pids"] == pids
        assert status["restarts"] == {"desk": 0, "deck": 0, "stage": 0}
        assert status["health"]["stage"]["black"] == 0

        _send(show.osc, "/day/open", 2)  # closed by hand
        status = edited.until("darkness", lambda s: s["health"]["stage"]["luma"] == 0)
        assert (status["day"]["open"], status["day"]["why"]) == (False, "closed by hand")
        _send(show.osc, "/day/open", 0)
        edited.until("light", lambda s: s["values"]["/state/light"] == 1)

        port = free_port()
        text = edited.path.read_text().replace(f"port: {show.osc}", f"port: {port}")
        edited.path.write_text(text)
        status = edited.until("a new desk", lambda s: s["pids"]["desk"] != pids["desk"])
        assert abs(status["values"]["/walk/tide"] - 2.5) < 0.01
        _send(port, "/walk/tide", 0.5)
        edited.until("the new port", lambda s: abs(s["values"]["/walk/tide"] - 0.5) < 0.01)
        report = show.end()
    assert report["restarts"] == {"desk": 0, "deck": 0, "stage": 0}
    assert report["presented"]["black"] == 0
    assert "Traceback" not in show.log
    assert re.search(r"desk starts again", show.log)


def _break(edited: Edited) -> None:
    """Everything that can happen to a file; after each the same show plays on."""
    good, edition = edited.path.read_text(), edited.status["show"]["edition"]
    edited.path.write_text(good.replace("finish", "finnish"))
    told = edited.until("the complaint", lambda s: s["show"]["show_error"])
    assert "did you mean finish?" in told["show"]["show_error"]
    assert any("the old show goes on" in one["text"] for one in told["complaints"])
    for content in (os.urandom(4000), b"# \n" * 3_500_000, b"title: ["):
        edited.path.write_bytes(content)
        time.sleep(0.3)
    edited.path.unlink()
    edited.until("the file gone", lambda s: "No such file" in (s["show"]["show_error"] or ""))
    for number in range(100):
        edited.path.write_text(
            good.replace("Second", f"Number {number}")[: None if number % 2 else 90]
        )
        time.sleep(0.01)
    edited.path.write_text(good)
    edited.until("all well", lambda s: s["show"]["show_error"] is None)
    assert edited.status["show"]["edition"] - edition <= 8
