import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from installation.desk.papers import HIDDEN, Papers, without_secrets
from installation.session import Session

SHOW = {
    "title": "Tides",
    "models": {"sea": "models/sea", "card": {"test_card": {}}},
    "screens": [{"host": "10.0.0.4", "password": "hunter2"}],
}


def line(at: int, message: str) -> str:
    record = {"at": f"2026-06-01T20:00:{at:02d}", "process": "x", "level": "INFO"}
    return json.dumps({**record, "message": message}) + "\n"


@pytest.fixture
def papers(tmp_path: Path) -> Papers:
    logs, model = tmp_path / "state", tmp_path / "models" / "sea"
    logs.mkdir()
    model.mkdir(parents=True)
    (model / "card.yaml").write_text("name: sea\n")
    (logs / "desk.jsonl").write_text(line(1, "one") + line(3, "three") + '{"cut')
    (logs / "stage.jsonl").write_bytes(b"\xff\n" + line(2, "two").encode())
    session = Session(0, 0, 0.0, str(tmp_path), state_folder=str(logs))
    return Papers(session, lambda: json.dumps(SHOW), lambda: {"seconds": 7})


def test_the_newest_lines_of_all_processes_are_in_order(papers: Papers):
    assert [each["message"] for each in papers.lines(9)] == ["one", "two", "three"]
    assert [each["message"] for each in papers.lines(1)] == ["three"]


def test_a_run_that_keeps_no_log_has_no_lines(tmp_path: Path):
    assert Papers(Session(0, 0, 0.0, str(tmp_path)), str, dict).lines(9) == []


def test_the_bundle_holds_what_helps_and_no_secret(papers: Papers):
    with zipfile.ZipFile(io.BytesIO(papers.bundle())) as archive:
        files = {name: archive.read(name).decode(errors="replace") for name in archive.namelist()}
    assert {"status.json", "show.json", "doctor.json", "models.txt", "logs/desk.jsonl"} <= {*files}
    assert json.loads(files["status.json"]) == {"seconds": 7}
    assert json.loads(files["show.json"])["title"] == "Tides"
    assert json.loads(files["doctor.json"])
    assert files["models.txt"].endswith("models/sea/card.yaml\n")
    assert not any("hunter2" in body for body in files.values())


@pytest.mark.parametrize("key", ["password", "pass", "api_token", "secret", "code"])
def test_a_secret_is_known_by_its_name(key: str):
    told: Any = without_secrets({"a": [{key: "x", "host": "y"}]})
    assert told["a"][0][key] == HIDDEN
    assert told["a"][0]["host"] == "y"
