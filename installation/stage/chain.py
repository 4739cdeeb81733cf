"""A look at work: its passes one after the other, the targets between them, and what they keep.

Two looks that cross over are two chains, each with a memory of its own; the programs are shared.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import moderngl

from installation.control.state import Values
from installation.outputs.readback import Size
from installation.show.looks import RESULT, Draw
from installation.stage.gl import Core, Program, Target, Texture
from installation.stage.passes import Pass, Step
from installation.stage.strokes import unit

TIME_WRAP = 4 * 3600.0  # seconds: a shader's 32-bit time still counts single milliseconds there
LONGEST_STEP = 0.1  # seconds: after a hitch, motion goes on from where it was


@dataclass(frozen=True, slots=True)
class Given:
    """What the stage gives every pass of a frame. `texel` is the side of one of the deck's texels,
    in pixels of the canvas; `lut` finds a pass's look-up table and its points a side."""

    time: float
    texel: float
    values: Values
    textures: dict[str, Texture]
    lut: Callable[[Pass], tuple[moderngl.Texture3D, int]]


class Chain:
    """One look on a canvas of `size`. Draws that ask for a size get `coarse` of its sides."""

    def __init__(self, core: Core, look: Sequence[str], size: Size, coarse: float) -> None:
        self._core, self.look, self._size, self._coarse = core, look, size, coarse
        self._canvas, self._spare = Target(core.context, size), Target(core.context, size)
        self._owners: dict[str, Pass] = {}
        self._kept: dict[str, dict[str, list[Target]]] = {}
        self._time: float | None = None

    def draw(self, passes: Sequence[Pass], source: Target, given: Given) -> Target:
        """Finish `source`; what the last pass drew, or `source` itself when there are none."""
        dt = min(max(given.time - self._time, 0.0), LONGEST_STEP) if self._time is not None else 0.0
        self._time = given.time
        picture = source
        for each in passes:
            self._draw_pass(each, picture, source, given, dt)
            self._canvas, self._spare = self._spare, self._canvas
            picture = self._canvas
        return picture

    def release(self) -> None:
        """Give the targets back."""
        for target in (self._canvas, self._spare):
            target.release()
        for name in list(self._kept):
            self._forget(name)

    def _draw_pass(
        self, each: Pass, picture: Target, source: Target, given: Given, dt: float
    ) -> None:
        targets = self._targets(each)
        own = {name: pair[0].texture for name, pair in targets.items()}
        lut, lut_size = given.lut(each)
        textures = {
            **given.textures,
            **own,
            "lut": lut,
            "picture": picture.texture,
            "source": source.texture,
        }
        for step in each.steps:
            name, pair = step.draw.name, targets.get(step.draw.name, [self._spare])
            self._set(step.program, pair[-1].size, given, dt)
            step.program.set("lut_size", lut_size)
            each.steer(step.program, given.values)
            step.program.bind(**textures)
            self._render(step, pair[-1].framebuffer, targets)
            pair.reverse()
            textures[name] = pair[0].texture

    def _set(self, program: Program, size: Size, given: Given, dt: float) -> None:
        program.set("resolution", self._size)
        program.set("size", size)
        program.set("unit", unit(self._size))
        program.set("texel", given.texel)
        program.set("time", given.time % TIME_WRAP)
        program.set("dt", dt)

    def _render(
        self, step: Step, onto: moderngl.Framebuffer, targets: dict[str, list[Target]]
    ) -> None:
        draw, program = step.draw, step.program
        if step.clears:
            onto.clear()
        if draw.points:
            width, height = targets[draw.points][0].size
            program.points(onto, width * height)
        elif draw.quads:
            across, down = (math.ceil(side / draw.quads / unit(self._size)) for side in self._size)
            program.set("cells", (across, down))
            program.quads(onto, across * down)
        else:
            program.fill(onto)

    def _targets(self, each: Pass) -> dict[str, list[Target]]:
        """The pass's own targets by name, two where a draw reads what it drew before: its memory
        is the first, the second is drawn on. Fresh ones after a reload."""
        if self._owners.get(each.name) is not each:
            self._forget(each.name)
            self._owners[each.name] = each
            draws = {step.draw.name: step.draw for step in reversed(each.steps)}
            self._kept[each.name] = {
                name: [self._target(draw) for _ in range(1 + draw.kept)]
                for name, draw in draws.items()
                if name != RESULT
            }
        return self._kept[each.name]

    def _target(self, draw: Draw) -> Target:
        width, height = draw.size or (side // draw.part for side in self._size)
        share = self._coarse if draw.size else 1.0
        size = max(round(width * share), 1), max(round(height * share), 1)
        return Target(self._core.context, size, "f4" if draw.exact else "f2")

    def _forget(self, name: str) -> None:
        self._owners.pop(name, None)
        for pair in self._kept.pop(name, {}).values():
            for target in pair:
                target.release()
