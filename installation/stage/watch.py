"""Files that may change while the show runs, looked at by a thread of its own: a slow disk must not
hold a frame.
"""

import threading
from collections.abc import Iterable
from pathlib import Path

POLL = 0.3  # seconds between two looks at the files
LARGEST = 16 << 20  # bytes: a look-up table of 65 points a side has 8 million
_Print = tuple[int, int]  # modification time and size


class Watch:
    """Notices changed files and reads them. `take` never touches the disk."""

    def __init__(self) -> None:
        self._prints: dict[Path, _Print | None] = {}
        self._optional: set[Path] = set()
        self._fresh: dict[Path, str] = {}
        self._lock = threading.Lock()  # held for a dictionary swap only
        self._stop = threading.Event()
        self.missing: set[Path] = set()

    def add(self, files: Iterable[Path], optional: bool = False) -> None:
        """Look at these files, too; one that is `optional` may be missing."""
        if optional:
            self._optional |= set(files)
        self._prints = {**dict.fromkeys(files), **self._prints}

    def start(self) -> None:
        """Look at the files a few times a second, on a thread that ends with the process."""
        threading.Thread(target=self._run, name="shaders", daemon=True).start()

    def close(self) -> None:
        """Stop looking."""
        self._stop.set()

    def poll(self) -> None:
        """Look once at every file."""
        for file, known in self._prints.items():
            try:
                stat = file.stat()
                if stat.st_size > LARGEST:
                    raise OSError(f"{file.name} is too large")
                if (stat.st_mtime_ns, stat.st_size) != known:
                    self._read(file)
                    self._prints[file] = (stat.st_mtime_ns, stat.st_size)
                self.missing.discard(file)
            except (OSError, UnicodeDecodeError) as error:
                if file not in self._optional or not isinstance(error, FileNotFoundError):
                    self.missing.add(file)

    def take(self) -> dict[Path, str]:
        """The sources that changed since the last call."""
        if not self._fresh:
            return {}
        with self._lock:
            fresh, self._fresh = self._fresh, {}
        return fresh

    def _read(self, file: Path) -> None:
        source = file.read_text(encoding="utf-8")
        with self._lock:
            self._fresh = {**self._fresh, file: source}

    def _run(self) -> None:
        while not self._stop.wait(POLL):
            self.poll()
