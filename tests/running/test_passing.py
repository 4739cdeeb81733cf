"""A scene of several models in a running show: it passes on, skips who may not, is found again."""

from contextlib import closing
from pathlib import Path

import pytest
import yaml
from pythonosc.udp_client import SimpleUDPClient
from safetensors.numpy import save

from installation.generators.card import CARD
from tests.running.show import RunningShow, kill, running
from tests.small_models import TINY, random_tensors, write_model
from tools.snapshots import enter

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

SHOW = """
title: Passing
models: {{ada: ada, bea: bea, cid: cid}}
scenes:
  people:
    models: [ada, bea, cid, ada/00]
    passing: {{each: 1s, fade: 0.5s}}
    walk: {{kind: loop, period: 20s}}
    look: []
  bea: {{model: bea, walk: {{kind: loop, period: 20s}}, look: []}}
decks: {{backend: openvino}}
inputs: {{osc: {{port: {osc}}}, audio: null}}
panel: {{port: {panel}}}
"""


def _people(folder: Path) -> None:
    """Three models, one of them with a moment of its training, one taken back."""
    for seed, name in enumerate(("ada", "bea", "cid")):
        write_model(folder / name, TINY, random_tensors(TINY, seed))
    (folder / "ada" / "snapshots").mkdir()
    (folder / "ada" / "snapshots" / "00.safetensors").write_bytes(save(random_tensors(TINY, 9)))
    enter(folder / "ada")
    card = yaml.safe_load((folder / "cid" / CARD).read_text())
    card["consent"] = {"who": "Cid", "for": "art", "withdrawn": True}
    (folder / "cid" / CARD).write_text(yaml.safe_dump(card))


def _alone(show: RunningShow, member: int) -> dict[str, float]:
    """Wait until one of the cast is on the wall, and nobody else."""

    def stands(status: dict) -> bool:
        values = status["values"]
        a, b = (values[f"/state/deck_{deck}"] for deck in "ab")
        deck = {(0.0, -1.0): "a", (-1.0, 0.0): "b"}.get((a, b))
        return deck is not None and values[f"/state/model_{deck}"] == member

    return show.until(f"member {member} alone", stands)["values"]


def test_the_scene_passes_from_one_to_the_next(tmp_path: Path) -> None:
    _people(tmp_path)
    with running(tmp_path, "--headless", "--size", "320x180", text=SHOW) as show:
        show.live()
        for member in (0, 1, 3, 0, 1):  # Cid is left out
            _alone(show, member)
        with closing(SimpleUDPClient("127.0.0.1", show.osc)) as client:
            client.send_message("/master/freeze", 1)  # which stops the turns, too
            desk = show.status()["pids"]["desk"]
            client.send_message("/scene", "bea")
            there = show.until(
                "bea", lambda s: 1 in (s["values"]["/state/deck_a"], s["values"]["/state/deck_b"])
            )
            assert there["values"]["/state/crossfade"] in (0, 1)  # the same network plays on
            client.send_message("/scene", "people")
            _alone(show, 1)
            kill(desk)
            show.until("another desk", lambda s: s["restarts"]["desk"] == 1)
            _alone(show, 1)
            client.send_message("/scene/pass", [])
            _alone(show, 3)
        report = show.end()
    assert report["presented"]["black"] == 0
    assert "model cid is not shown: Cid has withdrawn consent" in show.log
    assert "scene people is skipped" not in show.log
    assert "the test card plays instead" not in show.log
