"""The first crossfade of a show is drawn by nothing that was not drawn with before."""

import moderngl
import numpy as np
import pytest

from installation.session import SHADERS
from installation.show.loader import loads
from installation.stage.gl import Program, Texture
from installation.stage.renderer import Renderer
from installation.stage.shot import Shot
from installation.stage.warming import warm

SHOW = """
models: {card: {test_card: {}}}
scenes: {one: {model: card, look: [vignette]}, two: {model: card, look: [trails, pigment]}}
"""


class Compiled:
    """What a driver compiles when it is first asked for: a program, for each way of blending, each
    kind of target and each kind of texture that it reads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: set[object] = set()
        self._read: dict[Program, object] = {}
        bind, render = Program.bind, Program._render

        def bound(program: Program, **textures: Texture) -> None:
            kinds = sorted((name, type(each), each.dtype) for name, each in textures.items())
            self._read[program] = tuple(kinds)
            bind(program, **textures)

        def rendered(
            program: Program, mode: int, vertices: int, instances: int, blend: tuple | None
        ) -> None:
            into = [each.dtype for each in program._context.fbo.color_attachments]
            how = (program, mode, blend, tuple(into), self._read.get(program))
            self.seen.add(how)
            render(program, mode, vertices, instances, blend)

        monkeypatch.setattr(Program, "bind", bound)
        monkeypatch.setattr(Program, "_render", rendered)

    def take(self) -> set[object]:
        taken, self.seen = self.seen, set()
        return taken


def test_what_is_warmed_is_not_compiled_again(
    context: moderngl.Context, monkeypatch: pytest.MonkeyPatch
):
    show, table = loads(SHOW, SHADERS)
    compiled = Compiled(monkeypatch)
    values = np.array([row.default for row in table])
    renderer = Renderer(context, (64, 36), show.looks, table, SHADERS)
    for deck in renderer.decks:
        deck.show(np.zeros((16, 16, 4), np.uint8))
    renderer.draw(Shot(0.0, values))
    first = compiled.take()
    warm(renderer.core, renderer.library, show.looks, values)
    warmed = first | compiled.take()
    for weight in (0.2, 0.5, 1.0):
        renderer.draw(Shot(0.1, values, look=0, look_b=1, crossfade=weight))
    crossed = compiled.take()
    renderer.release()
    assert len(crossed - first) >= 4, "a crossfade takes more than a picture"
    assert not crossed - warmed
