"""Installing and removing the kiosk, in a home of the test's own."""

import subprocess
import sys
from pathlib import Path

import pytest

from installation import folders
from installation.cli import main
from installation.commands import kiosk
from installation.errors import EXIT_BAD_INPUT, EXIT_FAILED
from installation.session import ROOT
from installation.supervise.instance import playing

SHOW = "models: {m: {test_card: {}}}\nscenes: {one: {model: m}}\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, whose systemd does not answer: there is none to be had by a test."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(home / "run"))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    return home


@pytest.fixture
def show(tmp_path: Path) -> str:
    path = tmp_path / "the show" / "show.yaml"
    path.parent.mkdir()
    path.write_text(SHOW)
    return str(path)


def _tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_installed_and_removed_leaves_nothing(home: Path, show: str, capsys):
    assert main(["kiosk", "status", show]) == EXIT_FAILED
    assert main(["kiosk", "install", show]) == 0
    told = capsys.readouterr().out
    unit = home / ".config/systemd/user/installation-kiosk.service"
    link = unit.parent / "graphical-session.target.wants/installation-kiosk.service"
    assert unit.read_text().count(show) == 1
    assert link.resolve() == unit
    assert "gsettings" in told
    assert "systemctl --user start installation-kiosk" in told
    assert main(["kiosk", "status", show]) == 0
    folders.state(Path(show)).mkdir(parents=True)
    (folders.cache_home() / "openvino").mkdir(parents=True)
    with playing(Path(show)):
        assert main(["kiosk", "status", show]) == 0
        assert "played by process" in capsys.readouterr().out
    assert main(["kiosk", "uninstall", show]) == 0
    left = {name for name in _tree(home) if "installation" in name or "systemd" in name}
    assert left == set()
    assert main(["kiosk", "uninstall", show]) == 0


def test_installing_for_another_target_leaves_no_link_of_the_former(home: Path, show: str):
    assert main(["kiosk", "install", show]) == 0
    assert main(["kiosk", "install", show, "--headless"]) == 0
    assert main(["kiosk", "status", show]) == 0
    assert not list(home.rglob("graphical-session.target.wants"))
    assert main(["kiosk", "uninstall", show]) == 0
    assert not [name for name in _tree(home) if "systemd" in name]


@pytest.mark.parametrize("platform", ["linux", "darwin", "windows"])
@pytest.mark.parametrize("action", ["install", "uninstall"])
def test_a_dry_run_says_everything_and_changes_nothing(
    home: Path, show: str, platform: str, action: str, capsys
):
    assert main(["kiosk", action, show, "--dry-run", "--platform", platform]) == 0
    assert list(home.iterdir()) == []
    told = capsys.readouterr().out
    if action == "install":
        assert show in told
        assert "would write" in told
    assert "would " in told


def test_another_platform_can_only_be_looked_at(home: Path, show: str, capsys):
    assert main(["kiosk", "install", show, "--platform", "windows"]) == EXIT_FAILED
    assert "--dry-run" in capsys.readouterr().err


def test_a_show_that_cannot_open_is_not_installed(home: Path, tmp_path: Path, capsys):
    (tmp_path / "broken.yaml").write_text("scenes: {}\n")
    assert main(["kiosk", "install", str(tmp_path / "broken.yaml")]) == EXIT_BAD_INPUT
    assert list(home.iterdir()) == []


def test_the_status_says_when_the_unit_is_of_another_show(home: Path, show: str, capsys):
    assert main(["kiosk", "install", show]) == 0
    other = Path(show).with_name("other.yaml")
    other.write_text(SHOW)
    assert main(["kiosk", "status", str(other)]) == EXIT_FAILED
    assert "another show" in capsys.readouterr().out


def test_a_system_that_does_not_answer_is_said(home: Path, show: str, capsys, monkeypatch):
    def missing(*words, **how):
        raise FileNotFoundError(words[0])

    monkeypatch.setattr(kiosk.subprocess, "run", missing)
    assert main(["kiosk", "install", show]) == 0
    assert "did not work here: systemctl" in capsys.readouterr().out


def test_help_teaches():
    command = [sys.executable, "-m", "installation.cli", "kiosk", "--help"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "uninstall" in done.stdout
    assert "--dry-run" in done.stdout
