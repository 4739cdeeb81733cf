import json
from pathlib import Path

import pytest

from installation import __version__
from installation.cli import main, parser
from installation.commands.schema import text
from installation.session import ROOT
from installation.show import yaml12

COMMANDS = ["run", "check", "render", "doctor", "bench", "kiosk", "prepare", "replay", "schema"]


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "usage: installation " + command in capsys.readouterr().out


def test_every_command_has_its_module():
    names = {path.stem for path in (ROOT / "installation" / "commands").glob("[a-z]*.py")}
    assert names == set(COMMANDS)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == __version__


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["paint"],
        ["run", "--seconds", "0"],
        ["run", "--seconds", "-1"],
        ["run", "--seconds", "nan"],
        ["run", "--seconds", "inf"],
        ["run", "--seconds", "soon"],
        ["run", "--size", "0x0"],
        ["run", "--size", "640"],
        ["render", "show.yaml"],
        ["check", "a.yaml", "b.yaml"],
        ["bench", "--random", "512,4096"],
        ["bench", "--random", "512,4096,many"],
    ],
    ids=" ".join,
)
def test_bad_arguments_are_refused_in_words(arguments, capsys: pytest.CaptureFixture[str]):
    assert "usage: installation" in refused(arguments, capsys)


def test_arguments_arrive_as_they_are_meant():
    options = parser().parse_args(["run", "a.yaml", "--size", "640x360", "--seconds", "2.5"])
    assert (options.show, options.size, options.seconds) == (Path("a.yaml"), (640, 360), 2.5)
    assert not options.headless
    assert parser().parse_args(["run"]).show == Path("show.yaml")


def test_a_report_that_could_not_be_written_is_told_before_the_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    report = tmp_path / "no" / "report.json"
    assert main(["run", str(ROOT / "show.yaml"), "--report", str(report)]) == 1
    assert str(report) in capsys.readouterr().err


def test_the_printed_schema_is_the_documented_one():
    documented = ROOT / "docs" / "show.schema.json"
    assert documented.read_text(encoding="utf-8").strip() == text().strip()


def test_the_schema_knows_the_keys_of_the_shipped_show():
    schema = json.loads(text())
    assert schema["additionalProperties"] is False
    shipped = yaml12.read(ROOT / "show.yaml").data
    assert shipped.keys() <= schema["properties"].keys()
    assert set(schema["required"]) == {"models", "scenes"}
