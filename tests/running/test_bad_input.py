"""What a person may get wrong: each gives one clear line, and the show goes on where it can."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pythonosc.udp_client import SimpleUDPClient

from tests.running.show import ROOT, TEST_CARD, free_port, running

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

SMALL = ("--headless", "--size", "320x180")


def _command(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "installation.cli", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_a_broken_show_does_not_open_and_says_every_reason(tmp_path: Path) -> None:
    show = tmp_path / "show.yaml"
    show.write_text("models: {sea: models/waves}\nscenes:\n  a: {model: see, lok: [finish]}\n")
    done = _command("run", str(show))
    assert done.returncode == 2
    assert f"{show}:3: scenes.a.lok: unknown key; did you mean look?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_show_that_is_not_there(tmp_path: Path) -> None:
    done = _command("run", str(tmp_path / "none.yaml"))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "No such file" in done.stderr


def _model(folder: Path, cut: int | None = None) -> None:
    """The shipped sea, its weights cut after so many bytes."""
    folder.mkdir()
    for name in ("card.yaml", "directions.safetensors"):
        (folder / name).write_bytes((ROOT / "models/waves" / name).read_bytes())
    weights = (ROOT / "models/waves/model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[:cut])


def test_22_a_missing_model_begins_with_the_test_card(tmp_path: Path) -> None:
    text = TEST_CARD.replace("card: {{test_card: {{size: 64x64{fault}}}}}", "card: sea")
    with running(tmp_path, *SMALL, text=text) as show:
        status = show.live()
        report = show.end()
    assert "no such folder" in show.log
    assert status["health"]["deck_a"]["stand_in"]
    assert report["presented"]["black"] == 0
    assert report["generated"]["frames"] > 0


MODELS = """
models: {{sea: sea, gone: gone, cut: cut, stump: stump}}
scenes:
  sea: {{model: sea, look: []}}
  gone: {{model: gone, look: []}}
  cut: {{model: cut, look: []}}
  stump: {{model: stump, look: []}}
inputs: {{osc: {{port: {osc}}}, audio: null}}
panel: {{port: {panel}}}
"""


def test_22_a_bad_model_leaves_the_one_before_and_a_withdrawn_consent_is_seen_while_it_runs(
    tmp_path: Path,
) -> None:
    for name, cut in (("sea", None), ("cut", 2000), ("stump", 4)):
        _model(tmp_path / name, cut)
    with running(tmp_path, *SMALL, text=MODELS) as show:
        show.live()
        with SimpleUDPClient("127.0.0.1", show.osc) as client:
            client.send_message("/scene/fade", 0.0)
            for scene, why in (
                ("gone", "no such folder"),
                ("cut", "is cut off"),
                ("stump", "is cut off"),
            ):
                client.send_message("/scene", scene)
                status = show.until(why, lambda s, w=why: w in s["health"]["deck_b"]["error"])
                assert status["values"]["/state/crossfade"] == 0
                assert any(why in one["text"] for one in status["complaints"])
        status = show.until("pictures of it", lambda s: s["health"]["deck_b"]["frames"] > 20)
        assert status["values"]["/state/crossfade"] == 0
        assert status["health"]["deck_a"]["scene"] == 0
        _withdraw(tmp_path)
        status = show.until("the scene skipped", lambda s: s["barred"])
        report = show.end()
    assert "has withdrawn consent" in status["barred"]["sea"]
    assert report["presented"]["black"] == 0
    assert report["restarts"] == {"desk": 0, "deck": 0, "stage": 0}


def _withdraw(folder: Path) -> None:
    """In the model's card; a saved show.yaml has the desk look at once."""
    card = yaml.safe_load((folder / "sea/card.yaml").read_text())
    card["consent"] = {"who": "Ada", "for": "this show", "withdrawn": True}
    (folder / "sea/card.yaml").write_text(yaml.safe_dump(card))
    show = folder / "show.yaml"
    show.write_text(show.read_text() + "title: Another\n")


def test_taken_ports_cost_only_what_they_were_for(tmp_path: Path) -> None:
    osc, panel = free_port(), free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        udp.bind(("127.0.0.1", osc))
        tcp.bind(("127.0.0.1", panel))
        tcp.listen()
        text = TEST_CARD.replace("{osc}", str(osc)).replace("{panel}", str(panel))
        with running(tmp_path, *SMALL, text=text) as show:
            show.says("first picture after")  # nobody else would tell: there is no panel
            report = show.end()
    assert report["presented"]["frames"] > 0
    assert str(osc) in show.log
    assert str(panel) in show.log
    assert "Traceback" not in show.log


def test_a_report_that_could_not_be_written_is_known_before_the_show(tmp_path: Path) -> None:
    done = _command("run", "show.yaml", "--report", str(tmp_path / "no" / "report.json"))
    assert done.returncode == 1
    assert "its folder does not exist" in done.stderr
