"""`installation doctor`: what this machine has and lacks, one line each, with what to do about it.

Drivers are asked in child processes: a broken GL or ALSA set-up can end the process that asks.
"""

import importlib.metadata
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from installation import __version__, folders
from installation.errors import EXIT_FAILED, InstallationError
from installation.session import ROOT, SHADERS
from installation.show.schema import Show

PATIENCE = 20.0  # seconds a driver may take to answer
DISK_MEGABYTES = 500

_BACKENDS = {
    "openvino": "make setup",
    "onnxruntime": "optional: .venv/bin/pip install -c constraints.txt onnxruntime",
    "torch": "make setup",
}
_GL = """
import moderngl
ctx = moderngl.create_context(standalone=True, backend="egl")
print(ctx.info["GL_RENDERER"], "| GL", ctx.version_code)
"""
_SCREENS = """
import pyglet
for screen in pyglet.display.get_display().get_screens():
    print(f"{screen.width}x{screen.height} at {screen.x},{screen.y}", end="; ")
"""
_SOUND = """
import sounddevice
names = [d["name"] for d in sounddevice.query_devices() if d["max_input_channels"]]
print("; ".join(names) or "none")
"""


class State(StrEnum):
    """How a thing stands. Only BAD makes the doctor fail."""

    WELL = "ok"
    NOTE = "note"
    BAD = "BAD"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, how it stands, and what to do where that is needed."""

    what: str
    state: State
    words: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"  ->  {self.remedy}" if self.remedy else ""
        return f"{self.state:<5} {self.what:<10} {self.words}{remedy}"


def run(options: Namespace, begun: float) -> int:
    """Print the findings; 1 when one of them would keep the show from opening."""
    looks = (_program, _processor, _backends, _picture, _screens, _sound, _disk, _folder)
    findings = []
    for found in (*(look() for look in looks), _show(options.show)):
        findings += list(found) if options.json else _told(found)
    if options.json:
        print(json.dumps([asdict(finding) for finding in findings], indent=2))
    return EXIT_FAILED if any(finding.state is State.BAD for finding in findings) else 0


def _told(findings: Iterable[Finding]) -> list[Finding]:
    kept = []
    for finding in findings:
        print(finding, flush=True)
        kept.append(finding)
    return kept


def _program() -> Iterable[Finding]:
    version = f"installation {__version__}, Python {platform.python_version()}"
    yield Finding("program", State.WELL, f"{version} on {platform.platform()}")


def _processor() -> Iterable[Finding]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    words = f"{os.cpu_count()} cores, {memory:.1f} GiB of memory"
    few = memory < 2
    remedy = "the show takes up to 1.2 GB" if few else ""
    yield Finding("machine", State.NOTE if few else State.WELL, words, remedy)


def _backends() -> Iterable[Finding]:
    for name, remedy in _BACKENDS.items():
        try:
            yield Finding(name, State.WELL, importlib.metadata.version(name))
        except importlib.metadata.PackageNotFoundError:
            yield Finding(name, State.NOTE, "not installed", remedy)


def _picture() -> Iterable[Finding]:
    words = _ask(_GL)
    if words is None:
        remedy = "install the packages in tools/system_packages.txt, or the graphics driver"
        yield Finding("GL", State.BAD, "no off-screen GL 3.3 context", remedy)
        return
    soft = "llvmpipe" in words
    remedy = "a graphics card would show more; 640x360 is what two cores hold" if soft else ""
    yield Finding("GL", State.NOTE if soft else State.WELL, words, remedy)


def _screens() -> Iterable[Finding]:
    words = _ask(_SCREENS)
    if words:
        yield Finding("screens", State.WELL, words.rstrip("; "))
    else:
        display = os.environ.get("DISPLAY") or "DISPLAY is not set"
        remedy = "the show runs headless; its picture is on the panel"
        yield Finding("screens", State.NOTE, f"none ({display})", remedy)


def _sound() -> Iterable[Finding]:
    words = _ask(_SOUND)
    if words is None:
        yield Finding("sound", State.NOTE, "PortAudio does not answer", "install libportaudio2")
    elif words == "none":
        yield Finding("sound", State.NOTE, "no input device", "the show runs without sound")
    else:
        yield Finding("sound", State.WELL, words)


def _disk() -> Iterable[Finding]:
    free = shutil.disk_usage(ROOT).free / 2**20
    low = free < DISK_MEGABYTES
    remedy = "make room: logs and films need some" if low else ""
    yield Finding("disk", State.NOTE if low else State.WELL, f"{free / 1024:.1f} GiB free", remedy)


def _folder() -> Iterable[Finding]:
    """Whether logs and the saved state can be kept. The show runs without them, too."""
    folder = folders.state_home()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            yield Finding("logs", State.WELL, f"{folder} can be written")
    except OSError as error:
        remedy = "the show would forget where it was; make the folder writable"
        yield Finding("logs", State.NOTE, f"{folder}: {error.strerror}", remedy)


def _show(path: Path) -> Iterable[Finding]:
    from installation.commands.check import model_problems
    from installation.show.loader import load

    try:
        show, table = load(path, SHADERS)
    except InstallationError as error:
        for problem in str(error).splitlines():
            yield Finding("show", State.BAD, problem)
        return
    yield Finding("show", State.WELL, f"{path}: {len(show.scenes)} scenes, {len(table)} controls")
    problems = model_problems(show, path.resolve().parent)
    for problem in problems:
        yield Finding("model", State.BAD, problem)
    if not problems:
        yield Finding("models", State.WELL, ", ".join(show.models))
    yield from _ports(show)


def _ports(show: Show) -> Iterable[Finding]:
    doors: list[tuple[str, str, int, Callable[[], socket.socket]]] = []
    if show.inputs.osc:
        osc = show.inputs.osc
        doors.append(("OSC", osc.listen, osc.port, _udp))
    if show.panel:
        doors.append(("panel", show.panel.listen, show.panel.port, _tcp))
    for what, listen, port, make in doors:
        try:
            with make() as door:
                door.bind((listen, port))
            yield Finding(what, State.WELL, f"{listen} port {port} is free")
        except OSError as error:
            remedy = "end the other program, or choose another port in show.yaml"
            yield Finding(what, State.NOTE, f"{listen} port {port}: {error.strerror}", remedy)


def _udp() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def _tcp() -> socket.socket:
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return door


def _ask(program: str) -> str | None:
    """What a small Python program prints in a process of its own, None when it fails."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
