"""What a figure was measured on: without it a figure says nothing."""

import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

_LIBRARIES = ("openvino", "onnxruntime", "torch", "numpy")


def machine() -> dict[str, Any]:
    """Processor, cores, memory, card and versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),  # of the minute before: who else was at work
        "memory_gib": round(memory, 1),
        "card": _card(),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: _version(name) for name in _LIBRARIES},
    }


def words(found: dict[str, Any]) -> str:
    """The machine in a line."""
    card = f", {found['card']}" if found["card"] else ", no NVIDIA card"
    return f"{found['processor']}, {found['cores']} cores{card}; load {found['load']:g}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _card() -> str | None:
    """The NVIDIA cards by the driver's own word: asking torch for them costs two seconds."""
    files = sorted(Path("/proc/driver/nvidia/gpus").glob("*/information"))
    lines = [line for file in files for line in file.read_text().splitlines()]
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("Model")]
    return ", ".join(names) or None


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
