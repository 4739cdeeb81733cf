"""Update the program on a machine that plays a show, so that a cut at any moment harms nothing.

    python3 tools/update.py . --show ~/show/show.yaml    install this version, if it plays the show
    python3 tools/update.py --back                       play the version before it again

Two slots, `a` and `b`, each a whole virtual environment, and a link `current` to the one that
plays. A new version goes into the other slot; the link is turned, in one step, only after the
version has checked and played the show there. Until then, and after a cut, `current` is what it
was. The kiosk is installed once, from the link: `~/.local/share/installation/current/bin/python -m
installation.cli kiosk install show.yaml`. Needs nothing but Python's own library.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

SLOTS = ("a", "b")
CURRENT, CHECKED = "current", "checked"
PLAYED = "5"  # seconds a new version must play the show before it is trusted
REFUSED = "; the version that plays stays"

Run = Callable[[Sequence[str]], None]
Step = Callable[[str], None]


class UpdateError(Exception):
    """Why there is no update, in one line."""


def home() -> Path:
    """Where the slots are."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "installation"


def current(home: Path) -> str | None:
    """The slot that plays, None before the first update."""
    try:
        name = os.readlink(home / CURRENT)
    except OSError:
        return None
    return name if name in SLOTS else None


def other(home: Path) -> str:
    """The slot that does not play."""
    return SLOTS[0] if current(home) != SLOTS[0] else SLOTS[1]


def update(home: Path, source: str, show: Path, run: Run, step: Step = lambda name: None) -> str:
    """Put `source` (a folder or a wheel) into the other slot, try it on `show`, and turn to it.

    `step` is called between the steps; tests end the process there. Returns the slot. Raises
    UpdateError; then what played plays on."""
    name = other(home)
    slot = home / name
    shutil.rmtree(slot, ignore_errors=True)
    step("cleared")
    slot.parent.mkdir(parents=True, exist_ok=True)
    run([sys.executable, "-m", "venv", str(slot)])
    step("made")
    python = str(slot / "bin" / "python")
    run([python, "-m", "pip", "install", "--quiet", source])
    step("installed")
    try_out(python, show, run)
    step("tried")
    (slot / CHECKED).write_text(f"{source}\n")
    step("checked")
    turn(home, name, step)
    return name


def try_out(python: str, show: Path, run: Run) -> None:
    """Check the show and play it, unseen, beside the one that is on the wall: under another name,
    for one run of a show.yaml is all there may be. Ports that are taken are done without."""
    run([python, "-m", "installation.cli", "check", str(show)])
    twin = show.with_name(f".update-{show.name}")
    shutil.copyfile(show, twin)
    try:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            flags = ["--headless", "--seconds", PLAYED, "--report", str(report)]
            run([python, "-m", "installation.cli", "run", str(twin), *flags])
            _judge(report)
    finally:
        twin.unlink()


def turn(home: Path, name: str, step: Step = lambda name: None) -> None:
    """Make a slot the current one: a link is made beside and renamed over the old one."""
    fresh = home / f"{CURRENT}.new"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(name)
    step("linked")
    os.replace(fresh, home / CURRENT)
    step("turned")


def back(home: Path) -> str:
    """Turn to the version before. Raises UpdateError if there is none that ever played."""
    name = other(home)
    if not (home / name / CHECKED).is_file():
        raise UpdateError(f"{home / name}: holds no version that was tried")
    turn(home, name)
    return name


def _judge(report: Path) -> None:
    shown = json.loads(report.read_text())["presented"]
    if not shown["frames"] or shown["black"]:
        raise UpdateError(f"it showed {shown['frames']} pictures, {shown['black']} black{REFUSED}")


def _run(command: Sequence[str]) -> None:
    if subprocess.run(command, cwd="/").returncode:
        raise UpdateError(f"{' '.join(command)} failed{REFUSED}")


def main() -> int:
    """Update, or go back; 0 when it is done."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", nargs="?", help="a folder of the program, or a wheel")
    parser.add_argument("--show", type=Path, help="the show.yaml it must play")
    parser.add_argument("--back", action="store_true", help="turn to the version before")
    options = parser.parse_args()
    if not options.back and not (options.source and options.show):
        parser.error("name a source and --show, or --back")
    try:
        if options.back:
            name = back(home())
        else:
            source = options.source
            source = str(Path(source).resolve()) if Path(source).exists() else source
            name = update(home(), source, options.show.resolve(), _run)
    except (UpdateError, OSError) as error:
        sys.exit(f"update: {error}")
    print(f"{home() / CURRENT} is {name}; systemctl --user restart installation-kiosk plays it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
