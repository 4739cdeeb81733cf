"""Where the program keeps what is its own, in the user's folders (XDG base directories).

Everything of one show lies under one key, made from the place of its show.yaml, so that two shows
on one machine never meet: its log, its saved state, and the lock that keeps it from running twice.
"""

import hashlib
import os
import tempfile
from pathlib import Path

NAME = "installation"


def key(show: Path) -> str:
    """A folder name for a show.yaml: its folder's name, to be read, and a hash, to be sure."""
    place = show.resolve()
    digest = hashlib.sha256(os.fsencode(place)).hexdigest()[:10]
    words = "".join(c if c.isalnum() else "-" for c in place.parent.name)[:40]
    return f"{words or 'show'}-{digest}"


def state(show: Path) -> Path:
    """Where a show's log and saved state lie. Not made here."""
    return state_home() / key(show)


def state_home() -> Path:
    """The folder of everything that must outlive a power cut."""
    return _home("XDG_STATE_HOME", ".local/state") / NAME


def cache_home() -> Path:
    """The folder of what can be made again: compiled kernels."""
    return _home("XDG_CACHE_HOME", ".cache") / NAME


def config_home() -> Path:
    """The user's configuration folder, shared with other programs."""
    return _home("XDG_CONFIG_HOME", ".config")


def runtime_home() -> Path:
    """The folder of what may not outlive the machine's uptime: locks."""
    given = os.environ.get("XDG_RUNTIME_DIR")
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(given) / NAME if given else Path(tempfile.gettempdir()) / f"{NAME}-{user}"


def _home(variable: str, usual: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / usual)


def model_folder(path: str) -> str:
    """Where the card of a model lies; `path` is its folder, or a moment of its training:
    models/families and models/families/snapshots/03.safetensors are of one card."""
    if not path.endswith(".safetensors"):
        return path
    parts = path.split("/")[:-1]
    return "/".join(parts[:-1] if parts[-1:] == ["snapshots"] else parts)
