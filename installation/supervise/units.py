"""The texts by which each system starts a show by itself. Pure.

systemd's user unit is checked by systemd itself in the tests; the launchd agent and the Task
Scheduler's XML follow their documentation and have not been run.
"""

import plistlib
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

LABEL = "art.installation.kiosk"  # launchd wants a reversed domain
_TASKS = "http://schemas.microsoft.com/windows/2004/02/mit/task"


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


def unit(kiosk: Kiosk) -> str:
    """The systemd user unit. Man pages: systemd.unit(5), systemd.service(5), systemd.exec(5)."""
    session = "" if kiosk.headless else _SESSION
    return _UNIT.format(
        session=session,
        folder=_percent(str(kiosk.show.parent)),
        command=" ".join(map(_quoted, kiosk.command)),
        target=target(kiosk),
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


def target(kiosk: Kiosk) -> str:
    """What of systemd the show is started by: the machine, or the desktop."""
    return "default.target" if kiosk.headless else "graphical-session.target"


def _percent(word: str) -> str:
    return word.replace("%", "%%")


def _quoted(word: str) -> str:
    """One argument of ExecStart, with what systemd would expand in it taken by its word."""
    inside = _percent(word).replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    return f'"{inside}"'
