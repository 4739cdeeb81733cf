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
from dataclasses import dataclass
from pathlib import Path

import moderngl
import numpy as np
import numpy.typing as npt

from installation.control.parameters import Table
from installation.control.state import Values
from installation.outputs.readback import Size
from installation.stage.chain import Chain, Given
from installation.stage.flow import Flow
from installation.stage.gl import Core, Target, is_software
from installation.stage.passes import Library
from installation.stage.pictures import DeckPictures
from installation.stage.strokes import filter_strokes, stroke_texture

LAYERS = 2  # looks that can be seen at once
COARSE = 2  # halvings, in software, of the sizes that draws ask for: a million particles are 65 536


@dataclass(frozen=True, slots=True)
class Shot:
    """All that one frame depends on, beside the pictures themselves.

    `values` is the control table's state array. `blend` is each deck's weight of its newest
    picture; `crossfade` 0 shows deck A, 1 deck B. `look` is the index of the scene whose passes
    are used; `look_b` that of deck B's, if it has another: then each deck is finished by its own
    look before they are mixed. `look_from` is a look that is being left without a crossfade, and
    `turn` how far, 0 to 1. `light` scales linear light. `ghost` is how much of the remembered
    picture is left. `drift` is zoom and shift in parts of the canvas. A `frozen` frame shows the
    last canvas.
    """

    time: float
    values: Values
    blend: tuple[float, float] = (1.0, 1.0)
    crossfade: float = 0.0
    look: int = 0
    look_b: int | None = None
    look_from: int | None = None
    turn: float = 1.0
    light: float = 1.0
    ghost: float = 0.0
    drift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    frozen: bool = False


@dataclass(frozen=True, slots=True)
class Layer:
    """A look, and the share of each deck's light that it finishes."""

    look: int
    shares: tuple[float, float]


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
        self.level = 0  # of the quality ladder
        self._ghost_left = 0.0  # of the ghost, in the frame drawn last
        self._coarse = COARSE if is_software(context) else 0
        names = ("present", "copy", "cross")
        self._present, self._copy, self._cross = (self.core.program(name) for name in names)
        self._strokes = stroke_texture(context)
        self._allocate(size)

    def draw(self, shot: Shot) -> None:
        """Draw a frame into `final`."""
        if not shot.frozen:
            self._canvas = self._draw_layers(shot)
        self._present.bind(canvas=self._canvas.texture, ghost=self._ghost.texture)
        self._present.set("ghost_weight", shot.ghost)
        self._ghost_left = shot.ghost
        self._present.set("light", shot.light)
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
        old_canvas, old_ghost = self._canvas, self._ghost
        old = (*self._sized, *self._chains)
        self._allocate(size)
        self.copy(old_canvas.texture, self._canvas.framebuffer, self.size)
        self.copy(old_ghost.texture, self._ghost.framebuffer, self.size)
        for part in old:
            part.release()

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
        for part in (self.library, *self._sized, *self._chains, *self.decks, self._strokes):
            part.release()

    def _allocate(self, size: Size) -> None:
        self.size = size
        targets = [Target(self.context, size) for _ in range(LAYERS + 3)]
        self._mixed = targets[:LAYERS]
        self._crossed, self._ghost, self._spare_ghost = targets[LAYERS:]
        self._canvas = self._crossed
        self.final = Target(self.context, size, "f1")
        self._flow = Flow(self.core, size)
        filter_strokes(self._strokes, size)
        self._chains: list[Chain] = []
        self._sized = (*targets, self.final, self._flow)

    def _draw_mix(self, shot: Shot, layer: Layer, onto: Target) -> None:
        """The decks one over the other, each adding its share of light."""
        drawn = False
        for deck, weight, share in zip(self.decks, shot.blend, layer.shares, strict=True):
            if share > 0.0:
                deck.blend(weight)
                deck.enlarge(onto, shot.drift, share, drawn)
                drawn = True

    def _draw_layers(self, shot: Shot) -> Target:
        """The finished picture of every look that is seen, mixed in light."""
        layers, far = layers_of(shot)
        finished = [
            self._draw_look(shot, layer, mixed)
            for layer, mixed in zip(layers, self._mixed, strict=False)
        ]
        if len(finished) == 1:
            return finished[0]
        self._cross.bind(near=finished[0].texture, far=finished[1].texture)
        self._cross.set("weight", far)
        self._cross.fill(self._crossed.framebuffer)
        return self._crossed

    def _draw_look(self, shot: Shot, layer: Layer, mixed: Target) -> Target:
        self._draw_mix(shot, layer, mixed)
        look = self._looks[layer.look] if 0 <= layer.look < len(self._looks) else ()
        passes = self.library.passes(look, self.level)
        if not passes:
            return mixed
        if any("flow" in each for each in passes):
            self._flow.draw(mixed.texture)
        textures = {"flow": self._flow.texture, "strokes": self._strokes}
        main = self.decks[layer.shares[1] > layer.shares[0]]
        given = Given(shot.time, main.texel(self.size), shot.values, textures, self.library.lut)
        return self._chain(tuple(look)).draw(passes, mixed, given)

    def _chain(self, look: tuple[str, ...]) -> Chain:
        """The chain that plays this look; of the two there are, the older makes way."""
        found = next((each for each in self._chains if each.look == look), None)
        if found is None:
            found = Chain(self.core, look, self.size, self._coarse)
            if len(self._chains) == LAYERS:
                self._chains.pop(0).release()
        else:
            self._chains.remove(found)
        self._chains.append(found)
        return found


def layers_of(shot: Shot) -> tuple[list[Layer], float]:
    """What a Shot is made of: one layer, or two and the weight of the second."""
    fade = shot.crossfade
    decks = (1.0 - fade, fade)
    if shot.look_b is not None and shot.look_b != shot.look:
        apart = [Layer(shot.look, (1.0, 0.0)), Layer(shot.look_b, (0.0, 1.0))]
        return (apart, fade) if 0.0 < fade < 1.0 else ([apart[fade >= 1.0]], 0.0)
    if shot.look_from is not None and shot.turn < 1.0:
        return [Layer(shot.look_from, decks), Layer(shot.look, decks)], shot.turn
    return [Layer(shot.look, decks)], 0.0
