"""What makes a machine open the show by itself: the texts each system wants. Pure.

systemd's user unit is checked by systemd itself in the tests; the launchd agent and the Task
Scheduler's XML follow their documentation and have not been run.
"""

import plistlib
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

NAME = "installation-kiosk"
LABEL = "art.installation.kiosk"  # launchd wants a reversed domain
PLATFORMS = ("linux", "darwin", "windows")
_TASKS = "http://schemas.microsoft.com/windows/2004/02/mit/task"

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Kiosk:
    """Which show, played by which Python. Paths are absolute."""

    python: Path
    show: Path
    headless: bool = False

    @property
    def command(self) -> list[str]:
        """How the show is started: going on where it was."""
        words = [str(self.python), "-m", "installation.cli", "run", "--resume", str(self.show)]
        return [*words, "--headless"] if self.headless else words


@dataclass(frozen=True, slots=True)
class Plan:
    """What installing does: files to write, a link to make, then commands; and the way back."""

    files: Mapping[Path, bytes]
    links: Mapping[Path, Path] = field(default_factory=dict)
    install: Sequence[Command] = ()
    before_removal: Sequence[Command] = ()
    after_removal: Sequence[Command] = ()
    start: str = ""  # what a person types to start it at once


def plan(platform: str, kiosk: Kiosk, home: Path, config: Path) -> Plan:
    """The plan for one of PLATFORMS, for the user whose folders these are."""
    plans = {"linux": _linux, "darwin": _darwin, "windows": _windows}
    return plans[platform](kiosk, home, config)


def unit(kiosk: Kiosk) -> str:
    """The systemd user unit. Man pages: systemd.unit(5), systemd.service(5), systemd.exec(5)."""
    session = "" if kiosk.headless else _SESSION
    return _UNIT.format(
        session=session,
        folder=_percent(str(kiosk.show.parent)),
        command=" ".join(map(_quoted, kiosk.command)),
        target=_target(kiosk),
    )


# The default start limit, five in ten seconds, would stop the show for good. After an
# out-of-memory kill of one process the rest goes on: the supervisor replaces what fell.
_UNIT = """\
[Unit]
Description=The installation's show, from morning to night
StartLimitIntervalSec=0
{session}
[Service]
Type=notify
ExecStart={command}
WorkingDirectory={folder}
WatchdogSec=10
Restart=always
RestartSec=1
TimeoutStartSec=120
TimeoutStopSec=10
KillMode=mixed
OOMPolicy=continue
OOMScoreAdjust=-500

[Install]
WantedBy={target}
"""
# The unit waits for the desktop, for it takes DISPLAY from there; and it ends with it.
_SESSION = """\
After=graphical-session.target
PartOf=graphical-session.target
"""


def agent(kiosk: Kiosk) -> bytes:
    """The launchd agent. Man page: launchd.plist(5)."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": kiosk.command,
            "WorkingDirectory": str(kiosk.show.parent),
            "RunAtLoad": True,
            "KeepAlive": True,
            "ThrottleInterval": 1,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }
    )


def task(kiosk: Kiosk) -> bytes:
    """The Task Scheduler's XML, UTF-16. A service could not show a window (session 0)."""
    root = ElementTree.Element("Task", {"version": "1.2", "xmlns": _TASKS})
    _grow(root, _task(kiosk))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="utf-16", xml_declaration=True)


def _task(kiosk: Kiosk) -> Mapping[str, object]:
    command = kiosk.command
    return {
        "RegistrationInfo": {"Description": "The installation's show"},
        "Triggers": {"LogonTrigger": {"Enabled": "true"}},
        "Principals": {
            "Principal": {"LogonType": "InteractiveToken", "RunLevel": "LeastPrivilege"}
        },
        "Settings": {
            "MultipleInstancesPolicy": "IgnoreNew",
            "DisallowStartIfOnBatteries": "false",
            "StopIfGoingOnBatteries": "false",
            "ExecutionTimeLimit": "PT0S",  # the default ends a task after three days
            "RestartOnFailure": {"Interval": "PT1M", "Count": "999"},
        },
        "Actions": {
            "Exec": {
                "Command": command[0],
                "Arguments": subprocess.list2cmdline(command[1:]),
                "WorkingDirectory": str(kiosk.show.parent),
            }
        },
    }


def _grow(parent: ElementTree.Element, branches: Mapping[str, object]) -> None:
    for name, content in branches.items():
        child = ElementTree.SubElement(parent, name)
        if isinstance(content, Mapping):
            _grow(child, content)
        else:
            child.text = str(content)


def _linux(kiosk: Kiosk, home: Path, config: Path) -> Plan:
    folder, name = config / "systemd" / "user", f"{NAME}.service"
    user = ["systemctl", "--user"]
    return Plan(
        files={folder / name: unit(kiosk).encode()},
        links={folder / f"{_target(kiosk)}.wants" / name: folder / name},
        install=[[*user, "daemon-reload"]],
        before_removal=[[*user, "stop", name]],
        after_removal=[[*user, "daemon-reload"], [*user, "reset-failed", name]],
        start=f"systemctl --user start {NAME}",
    )


def _darwin(kiosk: Kiosk, home: Path, config: Path) -> Plan:
    file = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    return Plan(
        files={file: agent(kiosk)},
        install=[["launchctl", "load", "-w", str(file)]],
        before_removal=[["launchctl", "unload", "-w", str(file)]],
        start=f"launchctl start {LABEL}",
    )


def _windows(kiosk: Kiosk, home: Path, config: Path) -> Plan:
    file = home / "AppData" / "Local" / "installation" / "kiosk.xml"
    return Plan(
        files={file: task(kiosk)},
        install=[["schtasks", "/Create", "/F", "/TN", NAME, "/XML", str(file)]],
        before_removal=[
            ["schtasks", "/End", "/TN", NAME],
            ["schtasks", "/Delete", "/F", "/TN", NAME],
        ],
        start=f"schtasks /Run /TN {NAME}",
    )


def _target(kiosk: Kiosk) -> str:
    return "default.target" if kiosk.headless else "graphical-session.target"


def _percent(word: str) -> str:
    return word.replace("%", "%%")


def _quoted(word: str) -> str:
    """One argument of ExecStart, with what systemd would expand in it taken by its word."""
    inside = _percent(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{inside}"'
