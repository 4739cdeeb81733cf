"""The last thing before the wall: no look, no network and no hand makes it flash.

A flash is a pair of opposing changes of relative luminance by a tenth or more, the darker below
0.8, or of R - G - B by a sixteenth in a red picture; more than three within a second may set off a
seizure (WCAG 2.2, success criterion 2.3.1; ITU-R BT.1702-3). The picture is watched in 64x36 cells,
each on its own: stricter than the definitions, which forgive flashes on less than a quarter of the
field of vision, and red that is not saturated. A cell with three changes on its count, which
forgets four a second, is eased: its light follows what is wanted with a time constant of 1.6 s, so
the contrast of a strobe sinks below a flash and nothing goes black. When the flashing ends, easing
ends in two seconds.

It runs on the graphics card with a memory of its own, in the very frame: read back, the alarm would
be as late as the readback. A flicker finer than a cell is not seen.
"""

import moderngl

from installation.outputs.readback import Size
from installation.stage.gl import Core, Target

CELLS: Size = (64, 36)
# Seconds, by which all is forgotten. Less would take a slow machine, which presents thrice a second
# and cannot flash, for a flashing one: every crest would be eased into blocks.
LONGEST_STEP = 2.0


class FlashGuard:
    """Watches what is about to be presented; `easing` is what present.frag does about it."""

    def __init__(self, core: Core) -> None:
        self._wanted, self._flashes = core.program("wanted"), core.program("flashes")
        self._cells = Target(core.context, CELLS, "f4")
        self._now, self._before = _Memory(core.context), _Memory(core.context)
        self._time: float | None = None

    @property
    def easing(self) -> moderngl.Texture:
        """RGB, a channel each: below 0 what share of the light is taken, above 0 what is added."""
        return self._now.easing

    def step(
        self,
        canvas: moderngl.Texture,
        ghost: moderngl.Texture,
        ghost_weight: float,
        light: float,
        time: float,
    ) -> None:
        """Judge the frame of `time`, monotonic seconds. Arguments as present.frag's."""
        first, passed = self._time is None, time - (self._time or time)
        self._time = time
        self._wanted.bind(canvas=canvas, ghost=ghost)
        self._wanted.set("ghost_weight", ghost_weight)
        self._wanted.set("light", light)
        self._wanted.fill(self._cells.framebuffer)
        self._now, self._before = self._before, self._now
        shown, turns, easing = self._before.textures
        self._flashes.bind(wanted=self._cells.texture, shown=shown, turns=turns, easing=easing)
        self._flashes.set("dt", -1.0 if first else min(max(passed, 0.0), LONGEST_STEP))
        self._flashes.fill(self._now.framebuffer)

    def release(self) -> None:
        """Give the graphics memory back."""
        for part in (self._cells, self._now, self._before):
            part.release()


class _Memory:
    """What is known of every cell after a frame; flashes.frag says what is where."""

    def __init__(self, context: moderngl.Context) -> None:
        self.textures = [context.texture(CELLS, 4, dtype="f4") for _ in range(3)]
        self.easing = self.textures[2]
        self.easing.repeat_x = self.easing.repeat_y = False
        self.framebuffer = context.framebuffer(self.textures)
        self.framebuffer.clear()

    def release(self) -> None:
        for part in (self.framebuffer, *self.textures):
            part.release()
