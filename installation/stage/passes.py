"""The looks' passes: shaders/<name>.frag, reloaded while the show runs, the last good one kept.

A thread of its own looks at the files (a slow disk must not hold a frame); the programs are built
on the thread that draws. A pass that does not compile leaves its last good program in place, or
the picture as it came when there is none.
"""

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from installation.control.parameters import Table
from installation.control.state import Values
from installation.errors import ShaderError
from installation.show.looks import Draw, pass_draws, pass_file, pass_rows, spare_from
from installation.stage.gl import Core, Program

POLL = 0.3  # seconds between two looks at the files
_Print = tuple[int, int]  # modification time and size


class Watch:
    """Notices changed files and reads them. `take` never touches the disk."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._prints: dict[Path, _Print | None] = dict.fromkeys(files)
        self._fresh: dict[Path, str] = {}
        self._lock = threading.Lock()  # held for a dictionary swap only
        self._stop = threading.Event()
        self.missing: set[Path] = set()

    def add(self, files: Iterable[Path]) -> None:
        """Look at these files, too."""
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
                if (stat.st_mtime_ns, stat.st_size) != known:
                    self._read(file)
                    self._prints[file] = (stat.st_mtime_ns, stat.st_size)
                self.missing.discard(file)
            except (OSError, UnicodeDecodeError):
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


@dataclass(frozen=True, slots=True)
class Step:
    """A draw and the program that does it. It `clears` its target when it does not fill it."""

    draw: Draw
    program: Program
    clears: bool


class Pass:
    """One pass of a look: its draws, and the controls its annotated uniforms follow.

    Raises ShaderError, and leaves nothing on the card, when one of its draws does not compile."""

    def __init__(self, name: str, core: Core, source: str, file: str, table: Table) -> None:
        self.name = name
        self.spare = spare_from(source)
        self.steps: list[Step] = []
        try:
            for draw in pass_draws(source, file):
                program = Program(core.context, draw.vertex or core.vertex, draw.fragment, file)
                first = all(step.draw.name != draw.name for step in self.steps)
                self.steps.append(Step(draw, program, first and draw.vertex is not None))
        except ShaderError:
            self.release()
            raise
        self._source = source
        self.follow(table)

    def follow(self, table: Table) -> None:
        """Take the annotated uniforms' values from this table from now on."""
        rows = pass_rows(self.name, self._source)
        self._defaults = [(_uniform(row.address), row.default) for row in rows]
        self._followed = [
            (_uniform(row.address), table.index(row.address))
            for row in rows
            if row.address in table
        ]

    def __contains__(self, uniform: str) -> bool:
        return any(uniform in step.program for step in self.steps)

    def steer(self, program: Program, values: Values) -> None:
        """Give every annotated uniform its control's value; its default if the table lacks it."""
        for uniform, default in self._defaults:
            program.set(uniform, default)
        for uniform, index in self._followed:
            program.set(uniform, float(values[index]))

    def release(self) -> None:
        """Give the programs back."""
        for step in self.steps:
            step.program.release()


class Library:
    """The passes that a show's looks name."""

    def __init__(
        self,
        core: Core,
        shaders: Path,
        names: Iterable[str],
        table: Table,
        log: logging.Logger | None = None,
    ) -> None:
        self._core, self._shaders = core, shaders
        self._table = table
        self._log = log or logging.getLogger("stage")
        self._files = {pass_file(shaders, name): name for name in dict.fromkeys(names)}
        self._passes: dict[str, Pass] = {}
        self._errors: dict[str, str] = {}
        self.watch = Watch(self._files)
        self.watch.poll()
        self.refresh()

    def adopt(self, names: Iterable[str], table: Table) -> None:
        """Follow another table, and have these passes, too."""
        self._table = table
        self._files |= {pass_file(self._shaders, name): name for name in names}
        self.watch.add(self._files)
        for each in self._passes.values():
            each.follow(table)

    def refresh(self) -> bool:
        """Build what changed on disk and swap it in if it compiles; whether anything did."""
        built = [
            self._rebuild(self._files[file], file, source)
            for file, source in self.watch.take().items()
        ]
        return any(built)

    def passes(self, look: Iterable[str], level: int = 0) -> list[Pass]:
        """The passes of a look that have ever compiled and that a quality level affords."""
        found = [self._passes[name] for name in look if name in self._passes]
        return [each for each in found if each.spare is None or level < each.spare]

    @property
    def error(self) -> str | None:
        """What is wrong with the passes on disk, one line each; None when nothing is."""
        gone = [f"{file.name} is gone; the last good one plays on" for file in self.watch.missing]
        return "\n".join([*self._errors.values(), *gone]) or None

    def _rebuild(self, name: str, file: Path, source: str) -> bool:
        try:
            fresh = Pass(name, self._core, source, file.name, self._table)
        except ShaderError as error:
            self._errors[name] = str(error)
            self._log.error("%s; the last good one plays on", error)
            return False
        if old := self._passes.get(name):
            old.release()
            self._log.info("%s reloaded", file.name)
        self._passes[name] = fresh
        self._errors.pop(name, None)
        return True


def _uniform(address: str) -> str:
    return address.rsplit("/", 1)[1]
