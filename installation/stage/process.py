"""The stage process: the window, the frame loop, and nothing that could block either.

It never imports torch, and holds nothing that matters in a cleanup: an X server that goes away
ends it on the spot, and the supervisor starts another.
"""

import logging
import os

from installation import child
from installation.clock import MonotonicClock
from installation.control.keys import KeyWriter
from installation.control.parameters import Table
from installation.control.state import StateReader
from installation.frames.ring import RingReader
from installation.health import HealthWriter
from installation.memory import Arena
from installation.outputs.readback import Size
from installation.presents import PresentWriter
from installation.session import SHADERS, Session
from installation.show.schema import Show
from installation.show.shared import receive
from installation.stage.display import Awaited
from installation.stage.gl import is_software, share_processor
from installation.stage.loop import Links, Loop
from installation.stage.programme import Programme
from installation.stage.renderer import Renderer
from installation.stage.report import record
from installation.stage.window import Surface, canvas_size, open_surface
from installation.stage.words import Words

Colour = tuple[float, float, float]


def main() -> None:
    """Run until the supervisor asks to stop or is gone."""
    session, arena, stop, log = child.enter("stage")
    show, table = receive(arena)
    asked = (session.width, session.height) if session.width and session.height else None
    share_processor()
    surface = open_surface(show.outputs[0].window, show.title, session.headless, asked, log)
    first_light(surface, house_colour(show))
    loop = build(surface, show, table, arena, session, asked, log)
    health = HealthWriter(arena, "stage", os.getpid())
    display = Awaited(wanted=not session.headless and surface.screen is None)
    while not stop and not display.came(loop.clock.now()):
        loop.frame()
        now = loop.clock.now()
        if health.due(now):
            with loop.guard("the health record"):
                health.write(now, loop.rate.total, **record(loop, now))
    loop.release()


def first_light(surface: Surface, colour: Colour) -> None:
    """The house colour at once: shaders take a third of a second to build."""
    if surface.screen:
        surface.screen.clear(*colour, 1.0)
    surface.flip()


def build(
    surface: Surface,
    show: Show,
    table: Table,
    arena: Arena,
    session: Session,
    asked: Size | None,
    log: logging.Logger,
) -> Loop:
    """The loop of a show on a surface, its canvas already in the house colour."""
    clock = MonotonicClock()
    size = canvas_size(surface.size, is_software(surface.context), asked)
    if size != surface.size:
        log.info("painting %dx%d for a surface of %dx%d", *size, *surface.size)
    looks = [scene.look for scene in show.scenes.values()]
    renderer = Renderer(surface.context, size, looks, table, SHADERS, log)
    renderer.remember_colour(linear(house_colour(show)))
    renderer.library.watch.start()
    programme = Programme(renderer.decks, looks, session.started)
    words = Words(renderer.core, size, show.title, list(show.scenes), show.inputs.keys)
    links = Links(
        StateReader(arena.section("control"), table),
        [RingReader(arena.section(name)) for name in ("ring_a", "ring_b")],
        KeyWriter(arena.section("keys")),
        arena.section("preview"),
        PresentWriter(arena),
    )
    return Loop(surface, renderer, links, programme, words, clock, log, asked)


def house_colour(show: Show) -> Colour:
    """The show's house colour, sRGB, 0 to 1."""
    red, green, blue = bytes.fromhex(show.house_colour[1:])
    return red / 255, green / 255, blue / 255


def linear(colour: Colour) -> Colour:
    """sRGB to linear light (IEC 61966-2-1)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return red, green, blue
