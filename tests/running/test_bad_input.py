"""What a person may get wrong: each gives one clear line, and the show goes on where it can."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("cut", [None, 4, 2000])
def test_a_missing_or_truncated_model_plays_the_test_card(tmp_path: Path, cut: int | None) -> None:
    if cut is not None:
        model = tmp_path / "sea"
        model.mkdir()
        for name in ("card.yaml", "model.safetensors"):
            (model / name).write_bytes((ROOT / "models/waves" / name).read_bytes())
        weights = model / "model.safetensors"
        weights.write_bytes(weights.read_bytes()[:cut])
    text = TEST_CARD.replace("card: {{test_card: {{size: 64x64{fault}}}}}", "card: sea")
    with running(tmp_path, *SMALL, text=text) as show:
        status = show.live()
        report = show.end()
    assert "no such folder" in show.log if cut is None else "is cut off" in show.log
    assert status["health"]["deck_a"]["error"]
    assert report["presented"]["black"] == 0
    assert report["generated"]["frames"] > 0


def test_taken_ports_cost_only_what_they_were_for(tmp_path: Path) -> None:
    osc, panel = free_port(), free_port()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        udp.bind(("127.0.0.1", osc))
        tcp.bind(("127.0.0.1", panel))
        tcp.listen()
        text = TEST_CARD.replace("{osc}", str(osc)).replace("{panel}", str(panel))
        with running(tmp_path, *SMALL, "--seconds", "8", text=text) as show:
            show.process.wait(60)
            report = show.end()
    assert report["presented"]["frames"] > 0
    assert str(osc) in show.log
    assert str(panel) in show.log
    assert "Traceback" not in show.log


def test_a_report_that_could_not_be_written_is_known_before_the_show(tmp_path: Path) -> None:
    done = _command("run", "show.yaml", "--report", str(tmp_path / "no" / "report.json"))
    assert done.returncode == 1
    assert "its folder does not exist" in done.stderr
