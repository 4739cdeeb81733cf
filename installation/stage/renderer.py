"""From the decks' pictures to the picture on the wall, as one pure function of a Shot.

    deck A  previous, newest ─ blend ┐
                                     ├ mix ─ chain (a look) ─ canvas ─ present ─ final ─ window
    deck B  previous, newest ─ blend ┘          flow ┘           ghost ┘

While two looks cross over there are two mixes and two chains, and their results are mixed. Light is
linear from the decks' blend to `present`, in 16-bit floats. Nothing here knows the time: the same
Shots and pictures give the same pixels, on the wall and in a file.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import moderngl
import numpy as np
import numpy.typing as npt

from installation.control.parameters import Table
from installation.outputs.readback import Size
from installation.stage.flashes import FlashGuard
from installation.stage.gl import Core, Target
from installation.stage.layers import Layers
from installation.stage.passes import Library
from installation.stage.pictures import DeckPictures
from installation.stage.quality import SCALES
from installation.stage.shot import Shot
from installation.stage.trial import Trial


class Renderer:
    """Draws Shots on a canvas of `size` pixels. `looks` holds every scene's passes, in order."""

    def __init__(
        self,
        context: moderngl.Context,
        size: Size,
        looks: Sequence[Sequence[str]],
        table: Table,
        shaders: Path,
        log: logging.Logger | None = None,
        trial: Trial | None = None,
    ) -> None:
        self.context = context
        self.core = Core(context, shaders)
        names = [name for look in looks for name in look]
        self.library = Library(self.core, shaders, names, table, log, trial)
        self.decks = (DeckPictures(self.core), DeckPictures(self.core))
        self._looks = looks
        self.level = 0  # of the quality ladder
        self._ghost_left = 0.0  # of the ghost, in the frame drawn last
        names = ("present", "copy", "cross")
        self._present, self._copy, self._cross = (self.core.program(name) for name in names)
        self._guard = FlashGuard(self.core)
        self._layers = Layers(self.core, self.library, size)
        self._allocate(size)

    def draw(self, shot: Shot) -> None:
        """Draw a frame into `final`."""
        if not shot.frozen:
            self._canvas = self._finished(shot)
        canvas, ghost, guard = self._canvas.texture, self._ghost.texture, self._guard
        guard.step(canvas, ghost, shot.ghost, shot.light, shot.time)
        self._present.bind(canvas=canvas, ghost=ghost, easing=guard.easing)
        self._present.set("ghost_weight", shot.ghost)
        self._ghost_left = shot.ghost
        self._present.set("light", shot.light)
        self._present.set("ceiling", shot.ceiling)
        self._present.fill(self.final.framebuffer)

    def remember(self) -> None:
        """Keep what is seen as the ghost that later Shots may dissolve from: the canvas, and what
        is left of a dissolve under way."""
        self._cross.bind(near=self._canvas.texture, far=self._ghost.texture)
        self._cross.set("weight", self._ghost_left)
        self._cross.fill(self._spare_ghost.framebuffer)
        self._ghost, self._spare_ghost = self._spare_ghost, self._ghost

    def remember_colour(self, colour: tuple[float, float, float]) -> None:
        """Make canvas and ghost one colour, linear light."""
        for target in (self._canvas, self._ghost):
            target.framebuffer.clear(*colour, 1.0)

    def adopt(self, looks: Sequence[Sequence[str]], table: Table) -> None:
        """Draw by the looks of another edition of the show, steered by its table."""
        self._looks = looks
        self.library.adopt([p for look in looks for p in look], table)

    def resize(self, size: Size) -> None:
        """Go on with a canvas of another size; the canvas and the ghost are carried over."""
        old_canvas, old_ghost, old = self._canvas, self._ghost, self._sized
        self._allocate(size)
        self.copy(old_canvas.texture, self._canvas.framebuffer, self.size)
        self.copy(old_ghost.texture, self._ghost.framebuffer, self.size)
        for part in old:
            part.release()
        self._layers.resize(scaled(size, self.level))

    def afford(self, level: int) -> None:
        """Go on at another level of the quality ladder; `size` stays, and the canvas stands."""
        self._keep_canvas()
        self.level = level
        if self._layers.size != scaled(self.size, level):
            self._layers.resize(scaled(self.size, level))

    def copy(
        self, picture: moderngl.Texture, onto: moderngl.Framebuffer, size: Size, flip: bool = False
    ) -> None:
        """Stretch a picture over a framebuffer of `size`; `flip` puts its top row last.

        The size is given because a window's framebuffer goes on reporting the one it was born
        with."""
        self._copy.bind(picture=picture)
        self._copy.set("flip", float(flip))
        self._copy.fill(onto, (0, 0, *size))

    def read(self) -> npt.NDArray[np.uint8]:
        """The frame drawn last: uint8 (height, width, 4), sRGB, top row first. Waits for it."""
        width, height = self.size
        pixels = self.final.framebuffer.read(components=4)
        return np.frombuffer(pixels, np.uint8).reshape(height, width, 4)

    def release(self) -> None:
        """Give the graphics memory back."""
        for part in (self.library, self._layers, self._guard, *self._sized, *self.decks, self.core):
            part.release()

    def _finished(self, shot: Shot) -> Target:
        """The looks' picture, as large as the canvas."""
        finished = self._layers.draw(shot, self._looks, self.decks, self.level)
        if finished.size == self.size:
            return finished
        self.copy(finished.texture, self._wide.framebuffer, self.size)
        return self._wide

    def _keep_canvas(self) -> None:
        """Have the canvas in a target of our own: the looks' are about to go."""
        if self._canvas is not self._wide:
            self.copy(self._canvas.texture, self._wide.framebuffer, self.size)
            self._canvas = self._wide

    def _allocate(self, size: Size) -> None:
        self.size = size
        self._wide, self._ghost, self._spare_ghost = (Target(self.context, size) for _ in range(3))
        self._canvas = self._wide
        self.final = Target(self.context, size, "f1")
        self._sized = (self._wide, self._ghost, self._spare_ghost, self.final)


def scaled(size: Size, level: int) -> Size:
    """How large looks draw for a canvas of `size` at a level of the quality ladder."""
    width, height = (max(round(side * SCALES[level]), 1) for side in size)
    return width, height
