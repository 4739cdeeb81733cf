"""The doctor, asked as a person and as a program would."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from installation import folders
from installation.cli import main
from installation.commands import _machine as machine
from installation.commands._finding import State
from installation.errors import EXIT_FAILED
from installation.generators.card import CARD
from tests.screens import XORG, two_monitors
from tests.small_models import write_model

SHOW = "models: {m: {test_card: {}}}\nscenes: {one: {model: m}}\n"


def test_the_findings_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    show = tmp_path / "show.yaml"
    show.write_text(SHOW)
    code = main(["doctor", str(show), "--json"])
    findings = json.loads(capsys.readouterr().out)
    assert {"program", "machine", "GL", "disk", "logs", "show"} <= {f["what"] for f in findings}
    assert all(set(f) == {"what", "state", "words", "remedy"} for f in findings)
    assert {f["state"] for f in findings} <= {"ok", "note", "BAD"}
    assert code == (EXIT_FAILED if any(f["state"] == "BAD" for f in findings) else 0)


def test_every_ill_has_a_remedy_or_says_where(tmp_path: Path, monkeypatch, capsys):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    (tmp_path / "show.yaml").write_text("scenes: {}\n")
    assert main(["doctor", str(tmp_path / "show.yaml"), "--json"]) == EXIT_FAILED
    findings = {f["what"]: f for f in json.loads(capsys.readouterr().out)}
    assert findings["logs"]["state"] == "note"
    assert str(folders.state_home()) in findings["logs"]["words"]
    assert findings["logs"]["remedy"]
    assert findings["show"]["state"] == "BAD"
    assert "show.yaml" in findings["show"]["words"]


def test_the_day_the_clock_and_the_consent_of_the_models(tmp_path: Path, capsys):
    folder = write_model(tmp_path / "ada")
    card = yaml.safe_load((folder / CARD).read_text())
    soon = str(date.today() + timedelta(days=9))
    card["consent"] = {"who": "Ada", "until": soon}
    (folder / CARD).write_text(yaml.safe_dump(card))
    text = SHOW.replace("m: {test_card: {}}", "m: ada")
    (tmp_path / "show.yaml").write_text(text + "schedule: {open: '0:00', close: '23:59:59'}\n")
    main(["doctor", str(tmp_path / "show.yaml"), "--json"])
    findings = {f["what"]: f for f in json.loads(capsys.readouterr().out)}
    assert "9 days left" in findings["consent"]["words"]
    assert findings["consent"]["state"] == "note"
    assert findings["day"]["words"].startswith(("open until", "closed until"))
    assert {"GPU", "rights", "clock", "heat"} <= findings.keys()


@pytest.mark.screen
@pytest.mark.skipif(not XORG.exists(), reason="xserver-xorg-core is not installed")
def test_every_screen_with_its_place_and_rate(tmp_path: Path, monkeypatch):
    with two_monitors(tmp_path) as display:
        monkeypatch.setenv("DISPLAY", display)
        (finding,) = machine._screens()
    assert finding.words == "DUMMY0 640x360 at 0,0 60 Hz; DUMMY1 480x270 at 640,0 59.52 Hz"


@pytest.mark.parametrize(
    ("synced", "state"), [("yes", State.WELL), ("no", State.NOTE), (None, State.NOTE)]
)
def test_a_clock_that_nobody_sets_is_said(synced, state, monkeypatch):
    monkeypatch.setattr(machine, "answer", lambda command: synced)
    (finding,) = machine._clock()
    assert finding.state is state


def test_a_flat_battery_is_bad(monkeypatch):
    (finding,) = machine._clock(lambda: datetime(1970, 1, 1, 0, 7))
    assert finding.state is State.BAD
    assert "battery" in finding.remedy


def test_a_graphics_card_in_its_drivers_words(monkeypatch):
    words = "NVIDIA H200, 570.1, 143771 MiB, 41\nNVIDIA T4, 570.1, 15360 MiB, 39"
    monkeypatch.setattr(machine, "answer", lambda command: words)
    found = list(machine._graphics())
    assert [str(f.state) for f in found] == ["ok", "ok"]
    assert found[0].words == "NVIDIA H200, driver 570.1, 143771 MiB, 41 °C"
