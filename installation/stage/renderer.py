"""From the decks' pictures to the picture on the wall, as one pure function of a Shot.

    deck A  previous, newest ─ blend ┐
                                     ├ mix ─ look (passes) ─ canvas ─ present ─ final ─ window
    deck B  previous, newest ─ blend ┘              flow ┘      ghost ┘

Light is linear from the decks' blend to `present`, in 16-bit floats. Nothing here knows the time:
the same Shot and pictures give the same pixels, on the wall and in a file.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import moderngl
import numpy as np
import numpy.typing as npt

from installation.control.parameters import Table
from installation.control.state import Values
from installation.outputs.readback import Size
from installation.stage.flow import Flow
from installation.stage.gl import Core, Target
from installation.stage.passes import Library, Pass
from installation.stage.pictures import DeckPictures
from installation.stage.strokes import stroke_texture, unit

TIME_WRAP = 4 * 3600.0  # seconds: a shader's 32-bit time still counts single milliseconds there


@dataclass(frozen=True, slots=True)
class Shot:
    """All that one frame depends on, beside the pictures themselves.

    `values` is the control table's state array. `blend` is each deck's weight of its newest
    picture; `crossfade` 0 shows deck A, 1 deck B. `look` is the index of the scene whose passes
    are used. `light` scales linear light. `ghost` is how much of the remembered picture is left.
    `drift` is zoom and shift in parts of the canvas. A `frozen` frame shows the last canvas.
    """

    time: float
    values: Values
    blend: tuple[float, float] = (1.0, 1.0)
    crossfade: float = 0.0
    look: int = 0
    light: float = 1.0
    ghost: float = 0.0
    drift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    frozen: bool = False


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
    ) -> None:
        self.context = context
        self.core = Core(context, shaders)
        self.library = Library(self.core, shaders, [p for look in looks for p in look], table, log)
        self.decks = (DeckPictures(self.core), DeckPictures(self.core))
        self._looks = looks
        self._present, self._copy = self.core.program("present"), self.core.program("copy")
        self._allocate(size)

    def draw(self, shot: Shot) -> None:
        """Draw a frame into `final`."""
        if not shot.frozen:
            self._draw_mix(shot)
            self._draw_look(shot)
        self._present.bind(canvas=self._canvas.texture, ghost=self._ghost.texture)
        self._present.set("ghost_weight", shot.ghost)
        self._present.set("light", shot.light)
        self._present.fill(self.final.framebuffer)

    def remember(self) -> None:
        """Keep the canvas as the ghost that later Shots may dissolve from."""
        self.context.copy_framebuffer(self._ghost.framebuffer, self._canvas.framebuffer)

    def remember_colour(self, colour: tuple[float, float, float]) -> None:
        """Make canvas and ghost one colour, linear light."""
        for target in (self._canvas, self._ghost):
            target.framebuffer.clear(*colour, 1.0)

    def resize(self, size: Size) -> None:
        """Go on with a canvas of another size; the canvas and the ghost are carried over."""
        old_canvas, old_ghost, old = self._canvas, self._ghost, self._targets
        self._flow.release()
        self._strokes.release()
        self._allocate(size)
        self.copy(old_canvas.texture, self._canvas.framebuffer, self.size)
        self.copy(old_ghost.texture, self._ghost.framebuffer, self.size)
        for target in old:
            target.release()

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
        self.library.watch.close()
        for part in (*self._targets, *self.decks, self._flow, self._strokes):
            part.release()

    def _allocate(self, size: Size) -> None:
        self.size = size
        self._mixed, self._canvas, self._spare, self._ghost = (
            Target(self.context, size) for _ in range(4)
        )
        self.final = Target(self.context, size, "f1")
        self._targets = (self._mixed, self._canvas, self._spare, self._ghost, self.final)
        self._flow = Flow(self.core, size)
        self._strokes = stroke_texture(self.context, size)

    def _draw_mix(self, shot: Shot) -> None:
        """The decks one over the other on the canvas, each adding its share of light."""
        shares = (1.0 - shot.crossfade, shot.crossfade)
        drawn = False
        for deck, weight, share in zip(self.decks, shot.blend, shares, strict=True):
            if share > 0.0:
                deck.blend(weight)
                deck.enlarge(self._mixed, shot.drift, share, drawn)
                drawn = True

    def _draw_look(self, shot: Shot) -> None:
        """The look's passes one after the other; what the last one drew becomes the canvas."""
        look = self._looks[shot.look] if 0 <= shot.look < len(self._looks) else ()
        chain = self.library.chain(look)
        if any("flow" in each.program for each in chain):
            self._flow.draw(self._mixed.texture)
        source = self._mixed
        for each in chain:
            self._draw_pass(each, source, shot)
            self._canvas, self._spare = self._spare, self._canvas
            source = self._canvas
        if source is self._mixed:
            self._canvas, self._mixed = self._mixed, self._canvas

    def _draw_pass(self, each: Pass, source: Target, shot: Shot) -> None:
        program = each.program
        program.bind(
            picture=source.texture,
            source=self._mixed.texture,
            flow=self._flow.texture,
            strokes=self._strokes,
        )
        program.set("resolution", self.size)
        program.set("unit", unit(self.size))
        program.set("time", shot.time % TIME_WRAP)
        each.steer(shot.values)
        program.fill(self._spare.framebuffer)
