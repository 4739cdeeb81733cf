"""A real OpenGL context without a window, and a renderer on it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import moderngl
import numpy as np
import pytest

from installation.control.parameters import Table
from installation.control.state import Values
from installation.frames.ring import Picture
from installation.session import SHADERS
from installation.show.loader import loads
from installation.stage.gl import headless_context
from installation.stage.renderer import Renderer
from tests.screens import virtual_screen

__all__ = ["virtual_screen"]

SHOW = """
models: {card: {test_card: {}}}
scenes:
  plain: {model: card, look: []}
  painted: {model: card}
"""
LOOKS = [[], ["finish"]]
PLAIN, PAINTED = 0, 1

Make = Callable[..., Renderer]


@pytest.fixture(scope="session")
def context() -> Iterator[moderngl.Context]:
    context = headless_context()
    yield context
    context.release()


@pytest.fixture(scope="session")
def table() -> Table:
    return loads(SHOW, SHADERS)[1]


@pytest.fixture
def values(table: Table) -> Values:
    return np.array([row.default for row in table])


@pytest.fixture
def make(context: moderngl.Context, table: Table) -> Iterator[Make]:
    """Renderers that are released with the test."""
    made: list[Renderer] = []

    def renderer(
        size: tuple[int, int] = (64, 36),
        shaders: Path = SHADERS,
        looks: Sequence[Sequence[str]] = LOOKS,
        table: Table = table,
    ) -> Renderer:
        made.append(Renderer(context, size, looks, table, shaders))
        return made[-1]

    yield renderer
    for each in made:
        each.release()


def flat(value: int | tuple[int, int, int], width: int = 64, height: int = 36) -> Picture:
    """A picture of one colour, sRGB."""
    picture = np.full((height, width, 4), 255, np.uint8)
    picture[..., :3] = value
    return picture


def encoded(linear: float) -> float:
    """Linear light as an sRGB byte, not rounded."""
    curve = 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055
    return 255 * curve


def decoded(byte: float) -> float:
    """An sRGB byte as linear light."""
    x = byte / 255
    return x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4
