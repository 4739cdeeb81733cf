"""The texts that make a machine open the show: read back by their own systems, or their parsers."""

import plistlib
import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from installation.supervise.advice import DESKTOPS, advice, desktop
from installation.supervise.autostart import PLATFORMS, plan
from installation.supervise.units import LABEL, Kiosk, agent, task, unit

KIOSK = Kiosk(Path("/opt/a venv/bin/python"), Path('/srv/100% "sea" $HOME/show.yaml'))
TASKS = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def _entry(text: str, key: str) -> str:
    lines = [line for line in text.splitlines() if line.startswith(f"{key}=")]
    assert len(lines) == 1, key
    return lines[0].partition("=")[2]


def _verified(folder: Path, text: str) -> str:
    """What systemd itself finds wrong with the unit; '' when nothing is."""
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not installed")
    file = folder / "installation-kiosk.service"
    file.write_text(text)
    command = ["systemd-analyze", "--user", "verify", str(file)]
    folders = {"XDG_RUNTIME_DIR": str(folder), "HOME": str(folder), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, env=folders)
    return done.stderr


@pytest.mark.parametrize("headless", [False, True])
def test_systemd_itself_finds_nothing_wrong_with_the_unit(tmp_path: Path, headless: bool):
    python = tmp_path / "a venv" / "python"
    python.parent.mkdir()
    python.symlink_to("/bin/true")
    show = tmp_path / '100% "sea" $HOME' / "show.yaml"
    show.parent.mkdir()
    text = unit(Kiosk(python, show, headless))
    assert _verified(tmp_path, text) == ""
    assert "WatchdogSeconds" in _verified(tmp_path, text.replace("WatchdogSec", "WatchdogSeconds"))
    assert "python" in _verified(tmp_path, text.replace("a venv", "no venv"))


def test_systemd_never_gives_the_show_up():
    text = unit(KIOSK)
    assert _entry(text, "Type") == "notify"
    assert _entry(text, "Restart") == "always"
    assert _entry(text, "StartLimitIntervalSec") == "0"
    assert text.index("StartLimitIntervalSec") < text.index("[Service]"), "it belongs to [Unit]"
    assert int(_entry(text, "WatchdogSec")) <= 10
    assert int(_entry(text, "RestartSec")) <= 1
    assert _entry(text, "OOMPolicy") == "continue"
    assert _entry(text, "KillMode") == "mixed"


def test_no_character_of_a_path_is_taken_for_a_command():
    command = _entry(unit(KIOSK), "ExecStart")
    assert shlex.split(command.replace("%%", "%").replace("$$", "$")) == KIOSK.command
    assert _entry(unit(KIOSK), "WorkingDirectory") == '/srv/100%% "sea" $HOME'


def test_a_show_with_a_window_waits_for_the_desktop_and_one_without_does_not():
    windowed, headless = unit(KIOSK), unit(Kiosk(KIOSK.python, KIOSK.show, headless=True))
    assert _entry(windowed, "WantedBy") == _entry(windowed, "After") == "graphical-session.target"
    assert _entry(headless, "WantedBy") == "default.target"
    assert "graphical" not in headless
    assert "--headless" in headless
    assert "--resume" in windowed


def test_the_launchd_agent_is_read_back():
    told = plistlib.loads(agent(KIOSK))
    assert told["Label"] == LABEL
    assert told["ProgramArguments"] == KIOSK.command
    assert told["KeepAlive"] is True
    assert told["RunAtLoad"] is True


def test_the_task_is_read_back():
    root = ElementTree.fromstring(task(KIOSK))
    exec_ = root.find(f"{TASKS}Actions/{TASKS}Exec")
    assert exec_ is not None
    assert exec_.findtext(f"{TASKS}Command") == KIOSK.command[0]
    arguments = exec_.findtext(f"{TASKS}Arguments")
    assert arguments == subprocess.list2cmdline(KIOSK.command[1:])
    assert root.findtext(f"{TASKS}Settings/{TASKS}ExecutionTimeLimit") == "PT0S"
    assert root.findtext(f"{TASKS}Settings/{TASKS}RestartOnFailure/{TASKS}Interval") == "PT1M"


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_plan_stays_in_the_users_folders(platform: str, tmp_path: Path):
    steps = plan(platform, KIOSK, tmp_path, tmp_path / ".config")
    for path in (*steps.files, *steps.links):
        assert path.is_relative_to(tmp_path)
    assert all(goal in steps.files for goal in steps.links.values())
    assert steps.install
    assert steps.before_removal


@pytest.mark.parametrize(
    ("current", "known"),
    [
        ("ubuntu:GNOME", "gnome"),
        ("KDE", "kde"),
        ("XFCE", "xfce"),
        ("LXDE-pi", "raspberry"),
        ("labwc:wlroots", "raspberry"),
        ("i3", "bare"),
        ("", "bare"),
    ],
)
def test_the_desktop_is_known_by_what_it_calls_itself(current: str, known: str):
    assert desktop(current) == known
    assert advice("linux", current, headless=False)[:-1] == list(DESKTOPS[known])


def test_advice_is_about_this_machine():
    assert "linger" in advice("linux", "GNOME", headless=True)[0]
    assert any("pmset" in line for line in advice("darwin", "", headless=False))
    assert any("powercfg" in line for line in advice("windows", "", headless=False))
