"""The looks' passes: shaders/<name>.frag, reloaded while the show runs, the last good one kept.

The programs are built on the thread that draws. A pass that does not compile leaves its last good
program in place, or the picture as it came when there is none.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import moderngl
import numpy as np
import numpy.typing as npt

from installation.control.parameters import Table
from installation.control.state import Values
from installation.errors import ShaderError
from installation.show.cube import parse_cube
from installation.show.looks import CUBE, Draw, pass_draws, pass_file, pass_rows, spare_from
from installation.stage.gl import Core, Program
from installation.stage.trial import Trial, version
from installation.stage.watch import Watch


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
        self.name, self.version = name, version(name, source)
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
        trial: Trial | None = None,
    ) -> None:
        self._core, self._shaders = core, shaders
        self._trial = trial or Trial(memoryview(bytearray(4096)))
        self._table = table
        self._log = log or logging.getLogger("stage")
        self._neutral = lut_texture(core.context, np.ones((2, 2, 2, 4), np.float16))
        self._luts: dict[str, moderngl.Texture3D] = {}
        self._files: dict[Path, str] = {}
        self._passes: dict[str, Pass] = {}
        self._errors: dict[Path, str] = {}
        self.watch = Watch()
        self.adopt(names, table)
        self.watch.poll()
        self.refresh()

    def adopt(self, names: Iterable[str], table: Table) -> None:
        """Follow another table, and have these passes, too."""
        self._table = table
        passes = {pass_file(self._shaders, name): name for name in names}
        tables = {file.with_suffix(CUBE): name for file, name in passes.items()}
        self._files |= passes | tables
        self.watch.add(passes)
        self.watch.add(tables, optional=True)
        for each in self._passes.values():
            each.follow(table)

    def lut(self, each: Pass) -> tuple[moderngl.Texture3D, int]:
        """The pass's look-up table and its points a side, 0 for a pass without one."""
        found = self._luts.get(each.name)
        return (found, found.size[0]) if found else (self._neutral, 0)

    def release(self) -> None:
        """Stop watching, and give the graphics memory back."""
        self.watch.close()
        for part in (*self._passes.values(), *self._luts.values(), self._neutral):
            part.release()

    def refresh(self) -> bool:
        """Build what changed on disk and swap it in if it compiles; whether anything did."""
        built = [
            self._rebuild(self._files[file], file, source)
            for file, source in self.watch.take().items()
        ]
        return any(built)

    def passes(self, look: Iterable[str], level: int = 0) -> list[Pass]:
        """The passes of a look that have ever compiled and that a quality level affords; they are
        about to be drawn."""
        found = [self._passes[name] for name in look if name in self._passes]
        afforded = [each for each in found if each.spare is None or level < each.spare]
        self._trial.drawing(each.version for each in afforded)
        return afforded

    def settle(self) -> None:
        """Wait until all that was drawn is finished: none of it is blamed for what comes."""
        self._core.context.finish()
        self._trial.through()

    @property
    def error(self) -> str | None:
        """What is wrong with the passes on disk, one line each; None when nothing is."""
        gone = [f"{file.name} is gone; the last good one plays on" for file in self.watch.missing]
        return "\n".join([*self._errors.values(), *gone]) or None

    def _rebuild(self, name: str, file: Path, source: str) -> bool:
        try:
            take = self._take_lut if file.suffix == CUBE else self._take_pass
            again = take(name, file, source)
        except ShaderError as error:
            self._errors[file] = str(error)
            what = "the last good one plays on" if name in self._passes else "it is left out"
            self._log.error("%s; %s", error, what)
            return False
        if again:
            self._log.info("%s reloaded", file.name)
        self._errors.pop(file, None)
        return True

    def _take_pass(self, name: str, file: Path, source: str) -> bool:
        if self._trial.bars(version(name, source)):
            raise ShaderError(f"{file.name}: the stage stood still over it; mend it and save it")
        with self._trial.building(version(name, source)):
            fresh = Pass(name, self._core, source, file.name, self._table)
        if old := self._passes.get(name):
            old.release()
        self._passes[name] = fresh
        return old is not None

    def _take_lut(self, name: str, file: Path, source: str) -> bool:
        fresh = lut_texture(self._core.context, parse_cube(source, file.name))
        if old := self._luts.get(name):
            old.release()
        self._luts[name] = fresh
        return old is not None


def lut_texture(context: moderngl.Context, table: npt.NDArray[np.float16]) -> moderngl.Texture3D:
    """A look-up table on the card, from (blue, green, red, 4)."""
    texture = context.texture3d(table.shape[2::-1], 4, table.tobytes(), dtype="f2")
    texture.repeat_x = texture.repeat_y = texture.repeat_z = False
    return texture


def _uniform(address: str) -> str:
    return address.rsplit("/", 1)[1]
