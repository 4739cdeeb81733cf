"""A cue list in a running show: called by OSC, loaded ahead, and alive after whatever falls."""

from pathlib import Path
from typing import Any

import pytest
from pythonosc.udp_client import SimpleUDPClient

from tests.running.show import RunningShow, kill, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

SMALL = ("--headless", "--size", "320x180")
SHOW = """
title: Evening
models:
  card: {{test_card: {{size: 64x64}}}}
  other: {{test_card: {{size: 96x96}}}}
scenes:
  one: {{model: card, walk: {{kind: loop, period: 20s}}}}
  two: {{model: other, walk: {{kind: drift, period: 20s, seed: 5}}}}
cues:
  - {{name: doors, scene: one, set: {{walk/speed: 2}}, fade: 0.5s}}
  - {{name: storm, scene: two, set: {{walk/speed: 4}}, fade: 30s, easing: linear, follow: 1h}}
  - {{name: calm, scene: one, fade: 1s}}
inputs: {{osc: {{port: {osc}}}, audio: null}}
panel: {{port: {panel}}}
"""


def _send(show: RunningShow, address: str, *value: Any) -> None:
    with SimpleUDPClient("127.0.0.1", show.osc) as client:
        client.send_message(address, value)


def test_the_list_is_walked_and_survives_its_desk_and_its_machine(tmp_path: Path):
    with running(tmp_path, *SMALL, text=SHOW) as show:
        first = show.live()["cues"]
        assert first["list"] == ["doors", "storm", "calm"]
        assert (first["current"], first["next"], first["progress"]) == (None, "doors", 1.0)
        _send(show, "/cue/go")
        show.until("doors stands", lambda s: s["cues"]["progress"] == 1 and s["cues"]["current"])
        ahead = show.until("the next model is ready", lambda s: s["health"]["deck_b"]["standby"])
        assert ahead["health"]["deck_b"]["model"] == "other"
        assert ahead["health"]["deck_b"]["frames"] == 0
        _send(show, "/cue/jump", "storm")
        half = show.until("storm is under way", lambda s: 0.1 < s["cues"]["progress"] < 1)
        assert 0 < half["values"]["/state/crossfade"] < 1
        _send(show, "/cue/hold")
        held = show.until("held", lambda s: s["cues"]["held"])
        kill(held["pids"]["desk"])
        heir = show.until(
            "another desk", lambda s: s["restarts"]["desk"] == 1 and s["cues"]["held"]
        )
        assert heir["cues"]["current"] == "storm"
        assert heir["cues"]["progress"] == pytest.approx(held["cues"]["progress"], abs=0.03)
        assert heir["values"]["/walk/speed"] == pytest.approx(
            held["values"]["/walk/speed"], abs=0.1
        )
        _send(show, "/cue/go")
        left = show.until("it runs on", lambda s: s["cues"]["progress"] > 0.3)["cues"]["progress"]
        report = show.end()
        assert report["presented"]["black"] == 0
    with running(tmp_path, *SMALL, "--resume", text=SHOW) as show:
        again = show.until("the same cue", lambda s: s["cues"]["current"] == "storm")
        assert again["cues"]["progress"] >= left - 0.05
        wall = show.live()["health"]
        assert [wall["deck_a"]["scene"], wall["deck_b"]["scene"]] == [1, -1]
        values = show.until("the value", lambda s: s["values"]["/walk/speed"] > 3.9)["values"]
        assert values["/state/cue_follows"] > 3000
