"""What installing a kiosk does on each system, as data, to be shown before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from installation.supervise.units import LABEL, Kiosk, agent, target, task, unit

NAME = "installation-kiosk"
PLATFORMS = ("linux", "darwin", "windows")

Command = Sequence[str]


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


def _linux(kiosk: Kiosk, home: Path, config: Path) -> Plan:
    folder, name = config / "systemd" / "user", f"{NAME}.service"
    user = ["systemctl", "--user"]
    return Plan(
        files={folder / name: unit(kiosk).encode()},
        links={folder / f"{target(kiosk)}.wants" / name: folder / name},
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
