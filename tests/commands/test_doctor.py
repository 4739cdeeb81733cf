"""The doctor, asked as a person and as a program would."""

import json
from pathlib import Path

import pytest

from installation import folders
from installation.cli import main
from installation.errors import EXIT_FAILED

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
