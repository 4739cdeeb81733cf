"""`installation kiosk`: have a machine open the show by itself, and undo that without a trace."""

import os
import shutil
import subprocess
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from installation import folders
from installation.errors import EXIT_FAILED, InstallationError
from installation.session import SHADERS
from installation.show.loader import load
from installation.supervise.advice import advice
from installation.supervise.autostart import NAME, Command, Plan, plan
from installation.supervise.instance import forget, player
from installation.supervise.units import Kiosk

PATIENCE = 30.0  # seconds a system's command may take: stopping a show takes up to ten


def run(options: Namespace, begun: float) -> int:
    """Install, look, or remove; 0 when done, 1 when a kiosk that was asked about is not there."""
    here = {"win32": "windows", "darwin": "darwin"}.get(sys.platform, "linux")
    platform = options.platform or here
    if platform != here and not options.dry_run:
        raise InstallationError(f"--platform {platform}: only --dry-run can be had on {here}")
    show = options.show.resolve()
    kiosk = Kiosk(Path(sys.executable).absolute(), show, options.headless)
    if options.action == "status":
        kinds = (replace(kiosk, headless=headless) for headless in (False, True))
        return _status([_plan(platform, kind) for kind in kinds], show)
    steps = _plan(platform, kiosk)
    if options.action == "uninstall":
        return _uninstall(steps, options.dry_run)
    load(show, SHADERS)  # a show that cannot open must not be what a machine starts for ever
    code = _install(steps, options.dry_run)
    _advise(platform, kiosk, steps)
    return code


def _plan(platform: str, kiosk: Kiosk) -> Plan:
    return plan(platform, kiosk, Path.home(), folders.config_home())


def _install(steps: Plan, dry: bool) -> int:
    for link in set(_links_of(steps)) - set(steps.links):
        _remove(link, dry)
    for path, content in steps.files.items():
        _say(f"write {path}", dry)
        if dry:
            print(content.decode("utf-16" if content[:2] == b"\xff\xfe" else "utf-8"))
        else:
            _write(path, content)
    for link, goal in steps.links.items():
        _say(f"link {link}", dry)
        if not dry:
            link.parent.mkdir(parents=True, exist_ok=True)
            link.unlink(missing_ok=True)
            link.symlink_to(goal)
    _do(steps.install, dry)
    return 0


def _uninstall(steps: Plan, dry: bool) -> int:
    _do(steps.before_removal, dry)
    for path in [*_links_of(steps), *steps.files]:
        if path.is_symlink() or path.exists():
            _remove(path, dry)
    _do(steps.after_removal, dry)
    for folder in (folders.state_home(), folders.cache_home(), folders.runtime_home()):
        if folder.exists():
            _say(f"remove {folder}", dry)
    if not dry:
        shutil.rmtree(folders.state_home(), ignore_errors=True)
        shutil.rmtree(folders.cache_home(), ignore_errors=True)
        forget(folders.runtime_home())
    return 0


def _status(plans: Sequence[Plan], show: Path) -> int:
    """`plans`: with and without a window; either may be installed."""
    whole = any(map(_stands, plans))
    found = [path for path in plans[0].files if path.exists()]
    print(f"kiosk      {'installed' if whole else 'not installed'}")
    for path in () if whole else found:
        print(f"kiosk      {path} is of another show or version, or lacks its link; install again")
    state = _answer(["systemctl", "--user", "is-active", NAME]) if plans[0].links else ""
    if state:
        print(f"service    {state}")
    process = player(show)
    print(f"show       {f'played by process {process}' if process else 'not being played'}")
    print(f"logs       {folders.state(show)}")
    return 0 if whole else EXIT_FAILED


def _stands(steps: Plan) -> bool:
    """Whether all that a plan writes is there, as it writes it."""
    files = all(path.exists() and path.read_bytes() == c for path, c in steps.files.items())
    return files and all(link.exists() for link in steps.links)


def _advise(platform: str, kiosk: Kiosk, steps: Plan) -> None:
    print("\nStill to do, by hand, where it is not so already:")
    for line in advice(platform, os.environ.get("XDG_CURRENT_DESKTOP", ""), kiosk.headless):
        print(f"  - {line}")
    when = "the machine" if kiosk.headless else "the next login"
    print(f"\nIt starts with {when}. At once: {steps.start}")


def _links_of(steps: Plan) -> list[Path]:
    """The links of a former installation, too, whichever target it was for."""
    return [link for file in steps.files for link in file.parent.glob(f"*.wants/{file.name}")]


def _remove(path: Path, dry: bool) -> None:
    _say(f"remove {path}", dry)
    if not dry:
        path.unlink()
        _tidy(path.parent)


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise InstallationError(f"{path} cannot be written: {error.strerror}") from None


def _tidy(folder: Path) -> None:
    """Remove a folder that installing made, and those above it, as far as they are empty."""
    own = ("systemd", "user", "installation")
    while (folder.name in own or folder.suffix == ".wants") and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _do(commands: Sequence[Command], dry: bool) -> None:
    for command in commands:
        _say(f"run {' '.join(command)}", dry)
        if not dry and _answer(command) is None:
            print(f"      (did not work here: {command[0]})")


def _answer(command: Command) -> str | None:
    """What a command prints; None when it fails or is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _say(what: str, dry: bool) -> None:
    print(f"{'would ' if dry else ''}{what}")
