"""What can be read or taken home of a run: its log, and a report to send to whoever mends it.

Every function may wait for the disk, so none is called on the desk's loop.
"""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from installation.session import Session

TAIL = 64 * 1024  # bytes of each process's log that are read for the page
DOCTOR = 30.0  # seconds the machine's examination may take
_SECRET = re.compile(r"(?i)(pass(word)?|secret|token|code|key)$")
HIDDEN = "(left out)"


class Papers:
    """The papers of one run. `show` gives the show as JSON, `status` the status record."""

    def __init__(
        self, session: Session, show: Callable[[], str], status: Callable[[], Mapping[str, Any]]
    ) -> None:
        self._logs = Path(session.state_folder) if session.state_folder else None
        self._folder = Path(session.show_folder)
        self._show, self._status = show, status

    def lines(self, count: int) -> list[dict[str, str]]:
        """The newest log lines of all processes, oldest first: at, process, level, message."""
        files = sorted(self._logs.glob("*.jsonl")) if self._logs else []
        found = [line for file in files for line in _lines(file)]
        return sorted(found, key=lambda line: line["at"])[-count:]

    def bundle(self) -> bytes:
        """A zip with the status, the logs, the show without its secrets, what `doctor` says, and
        the models' cards and checksums."""
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("status.json", json.dumps(self._status(), indent=1, default=str))
            archive.writestr("show.json", json.dumps(without_secrets(self._read_show()), indent=1))
            archive.writestr("doctor.json", _doctor(self._folder))
            archive.writestr("models.txt", "\n".join(self._cards()) + "\n")
            for file in sorted(self._logs.glob("*.jsonl*")) if self._logs else []:
                archive.writestr(f"logs/{file.name}", _read(file))
        return body.getvalue()

    def _read_show(self) -> Any:
        return json.loads(self._show())

    def _cards(self) -> Iterator[str]:
        """The checksum of every model's card, which holds the checksum of its weights."""
        for model in self._read_show().get("models", {}).values():
            if isinstance(model, str):
                card = _read(self._folder / model / "card.yaml")
                yield f"{hashlib.sha256(card).hexdigest()}  {model}/card.yaml"


def without_secrets(value: Any) -> Any:
    """The same JSON, with the values of keys that name a secret left out."""
    if isinstance(value, list):
        return [without_secrets(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    return {
        key: HIDDEN if _SECRET.search(key) and isinstance(inner, str) else without_secrets(inner)
        for key, inner in value.items()
    }


def _lines(file: Path) -> Iterator[dict[str, str]]:
    for line in _read(file, TAIL).splitlines():
        try:
            record = json.loads(line)
            yield {key: str(record[key]) for key in ("at", "process", "level", "message")}
        except (ValueError, KeyError, TypeError):
            continue  # the first of the tail is cut


def _read(file: Path, tail: int | None = None) -> bytes:
    try:
        with file.open("rb") as opened:
            if tail:
                opened.seek(max(file.stat().st_size - tail, 0))
            return opened.read()
    except OSError as error:
        return f"{error}\n".encode()


def _doctor(folder: Path) -> str:
    command = [sys.executable, "-m", "installation.cli", "doctor", "--json"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=DOCTOR, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return json.dumps({"error": str(error)})
    return done.stdout.decode(errors="replace")
