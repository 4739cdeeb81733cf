"""What the doctor sees of the machine, whatever the show is.

Drivers are asked in child processes: a broken GL or ALSA set-up can end the process that asks.
"""

import importlib.metadata
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

import psutil

from installation import __version__, folders
from installation.commands._finding import Finding, State, answer, ask, read
from installation.decks.choosing import installed
from installation.decks.hardware import nvidia
from installation.session import ROOT

DISK_MEGABYTES = 500
HOT = 85.0  # degrees Celsius: most processors slow down a little above
BUILT = date(2025, 1, 1)  # no clock that is right says less
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
    rate = getattr(screen.get_mode(), "rate", 0)
    place = f"{screen.width}x{screen.height} at {screen.x},{screen.y}"
    print(screen.get_monitor_name(), place, f"{rate:.4g} Hz" if rate else "", end="; ")
"""
_SOUND = """
import sounddevice
names = [d["name"] for d in sounddevice.query_devices() if d["max_input_channels"]]
print("; ".join(names) or "none")
"""
_MIDI = """
import mido
names = mido.get_input_names()
print("; ".join(names) or "none")
"""


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


def _tensorrt() -> Iterable[Finding]:
    """Of use with an NVIDIA card only, and not ours to install."""
    if nvidia() is None:
        return
    if installed("tensorrt"):
        yield Finding("tensorrt", State.WELL, "installed")
    else:
        remedy = "optional: .venv/bin/pip install tensorrt; docs/backends.md"
        yield Finding("tensorrt", State.NOTE, "not installed", remedy)


def _graphics() -> Iterable[Finding]:
    """NVIDIA's own words on the cards; other makers are seen by what draws GL."""
    fields = "name,driver_version,memory.total,temperature.gpu"
    words = answer(["nvidia-smi", f"--query-gpu={fields}", "--format=csv,noheader"])
    if words is None:
        remedy = "with an NVIDIA card: install its driver" if _nvidia_is_there() else ""
        state = State.BAD if remedy else State.NOTE
        yield Finding("GPU", state, "no NVIDIA driver answers", remedy)
        return
    for line in words.splitlines():
        name, driver, memory, heat = (part.strip() for part in (line + ",,,").split(",")[:4])
        yield Finding("GPU", State.WELL, f"{name}, driver {driver}, {memory}, {heat} °C")


def _nvidia_is_there() -> bool:
    vendors = Path("/sys/bus/pci/devices").glob("*/vendor")
    classes = {path.parent / "class": read(path) for path in vendors}
    return any(v == "0x10de" and read(c).startswith("0x03") for c, v in classes.items())


def _picture() -> Iterable[Finding]:
    words = ask(_GL)
    if words is None:
        remedy = "install the packages in tools/system_packages.txt, or the graphics driver"
        yield Finding("GL", State.BAD, "no off-screen GL 3.3 context", remedy)
        return
    soft = "llvmpipe" in words
    remedy = "a graphics card would show more; 640x360 is what two cores hold" if soft else ""
    yield Finding("GL", State.NOTE if soft else State.WELL, words, remedy)


def _screens() -> Iterable[Finding]:
    words = ask(_SCREENS)
    if words:
        yield Finding("screens", State.WELL, words.rstrip("; "))
    else:
        display = os.environ.get("DISPLAY") or "DISPLAY is not set"
        remedy = "the show runs headless; its picture is on the panel"
        yield Finding("screens", State.NOTE, f"none ({display})", remedy)


def _sound() -> Iterable[Finding]:
    words = ask(_SOUND)
    if words is None:
        yield Finding("sound", State.NOTE, "PortAudio does not answer", "install libportaudio2")
    elif words == "none":
        yield Finding("sound", State.NOTE, "no input device", "the show runs without sound")
    else:
        yield Finding("sound", State.WELL, words)


def _midi() -> Iterable[Finding]:
    words = ask(_MIDI)
    if words is None:
        remedy = "optional: .venv/bin/pip install -c constraints.txt mido python-rtmidi"
        yield Finding("MIDI", State.NOTE, "not installed, or its driver does not answer", remedy)
    else:
        yield Finding("MIDI", State.WELL, "no device" if words == "none" else words)


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


def _devices() -> Iterable[Finding]:
    """What a process without rights of its own must be able to open to draw with a card."""
    for node in sorted(Path("/dev/dri").glob("renderD*")):
        if not os.access(node, os.R_OK | os.W_OK):
            remedy = "sudo usermod -aG render,video $USER, then log in again"
            yield Finding("rights", State.BAD, f"{node} may not be opened", remedy)
            return
    yield Finding("rights", State.WELL, "graphics devices may be opened")


def _clock(clock: Callable[[], datetime] = datetime.now) -> Iterable[Finding]:
    """Opening hours and consent go by the wall clock; a flat battery says 1970."""
    now = clock().astimezone()
    words = f"{now:%Y-%m-%d %H:%M %Z}"
    if now.year < BUILT.year or now.year > BUILT.year + 30:
        yield Finding("clock", State.BAD, words, "set the clock; its battery may be flat")
        return
    synced = answer(["timedatectl", "show", "--property=NTPSynchronized", "--value"])
    if synced == "yes":
        yield Finding("clock", State.WELL, f"{words}, set by the network")
        return
    remedy = "timedatectl set-ntp true, or nothing sets it right" if synced else ""
    told = "not set by the network" if synced else "nobody says whether the network sets it"
    yield Finding("clock", State.NOTE, f"{words}, {told}", remedy)


def _heat() -> Iterable[Finding]:
    sensors = getattr(psutil, "sensors_temperatures", dict)()
    found = [(one.current, name) for name, group in sensors.items() for one in group]
    if not found:
        yield Finding("heat", State.NOTE, "no temperature can be read")
        return
    celsius, name = max(found)
    hot = celsius >= HOT
    remedy = "clean the fans, give it air" if hot else ""
    yield Finding("heat", State.NOTE if hot else State.WELL, f"{celsius:.0f} °C ({name})", remedy)


LOOKS = (
    _program,
    _processor,
    _backends,
    _tensorrt,
    _graphics,
    _picture,
    _screens,
    _sound,
    _midi,
    _disk,
    _folder,
    _devices,
    _clock,
    _heat,
)
