"""Row 33 of the faults: an update that is cut off between any two of its steps."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from installation.session import ROOT
from tools import update
from tools.update import CHECKED, UpdateError

STEPS = ["cleared", "made", "installed", "tried", "checked", "linked", "turned"]
VERSION = "version"  # what the fake installer leaves in a slot


class Installer:
    """Stands in for venv, pip and the show: quick, and honest about what it was asked."""

    def __init__(self, black: int = 0, fails: str = "") -> None:
        self.asked: list[str] = []
        self._black, self._fails = black, fails

    def __call__(self, command: Sequence[str]) -> None:
        words = " ".join(command)
        self.asked.append(words)
        if self._fails and self._fails in words:
            raise UpdateError(f"{words} failed")
        if "venv" in command:
            (Path(command[-1]) / "bin").mkdir(parents=True)
        elif "pip" in command:
            (Path(command[0]).parents[1] / VERSION).write_text(command[-1])
        elif "run" in command:
            report = Path(command[command.index("--report") + 1])
            shown = {"presented": {"frames": 200, "black": self._black}}
            report.write_text(json.dumps(shown))


@pytest.fixture
def show(tmp_path: Path) -> Path:
    path = tmp_path / "show.yaml"
    path.write_text("title: any")
    return path


def playing(home: Path) -> str:
    """The version behind the link; fails if it was never tried or is not whole."""
    slot = home / "current"
    assert (slot / CHECKED).is_file()
    return (slot / VERSION).read_text()


def test_versions_take_turns_and_one_can_go_back(tmp_path: Path, show: Path):
    home = tmp_path / "home"
    assert [update.update(home, f"v{n}", show, Installer()) for n in (1, 2, 3)] == ["a", "b", "a"]
    assert playing(home) == "v3"
    update.back(home)
    assert playing(home) == "v2"


# A process that ends itself, as by a power cut, at one step of an update to v2.
CUT = """
import os, sys
from pathlib import Path
from tests.tools.test_update import Installer
from tools import update
home, show, at = map(Path, sys.argv[1:])
update.update(home, "v2", show, Installer(), lambda name: os._exit(9) if name == at.name else None)
"""


@pytest.mark.parametrize("at", STEPS)
def test_33_an_update_cut_off_at_any_step_leaves_a_version_that_plays(
    tmp_path: Path, show: Path, at: str
):
    home = tmp_path / "home"
    update.update(home, "v1", show, Installer())
    command = [sys.executable, "-c", CUT, str(home), str(show), at]
    assert subprocess.run(command, cwd=ROOT).returncode == 9
    assert playing(home) == ("v2" if at == "turned" else "v1")
    update.update(home, "v3", show, Installer())
    assert playing(home) == "v3", "the next update is not in its own way"


@pytest.mark.parametrize("fails", ["venv", "pip", "check", "run"])
def test_a_version_that_does_not_install_or_play_changes_nothing(
    tmp_path: Path, show: Path, fails: str
):
    home = tmp_path / "home"
    update.update(home, "v1", show, Installer())
    with pytest.raises(UpdateError):
        update.update(home, "v2", show, Installer(fails=fails))
    assert playing(home) == "v1"
    assert sorted(each.name for each in show.parent.iterdir()) == ["home", "show.yaml"]
    with pytest.raises(UpdateError, match="no version that was tried"):
        update.back(home)


def test_a_version_that_shows_black_is_refused(tmp_path: Path, show: Path):
    home = tmp_path / "home"
    update.update(home, "v1", show, Installer())
    with pytest.raises(UpdateError, match="3 black"):
        update.update(home, "v2", show, Installer(black=3))
    assert playing(home) == "v1"


def test_the_show_is_tried_beside_the_one_that_plays(tmp_path: Path, show: Path):
    installer = Installer()
    update.update(tmp_path / "home", "v1", show, installer)
    (played,) = [words for words in installer.asked if " run " in words]
    assert f"{show.parent}/.update-show.yaml --headless" in played


def test_a_link_that_points_elsewhere_is_no_slot(tmp_path: Path):
    os.symlink("/etc", tmp_path / "current")
    assert update.current(tmp_path) is None
