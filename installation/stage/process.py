"""The stage process: the window, the frame loop, and nothing that could block either.

It never imports torch, and holds nothing that matters in a cleanup: an X server that goes away
ends it on the spot, and the supervisor starts another.
"""

import logging
import os
from dataclasses import replace
from pathlib import Path

from installation import child
from installation.clock import Clock, MonotonicClock
from installation.control.keys import KeyWriter
from installation.decks import idle
from installation.frames.film import Film
from installation.frames.ring import RingReader
from installation.health import HealthReader, HealthWriter
from installation.memory import Arena, Mailbox
from installation.outputs.feed import Feed
from installation.outputs.readback import Size
from installation.presents import PresentWriter
from installation.session import SHADERS, Session
from installation.show.following import Following
from installation.show.outputs import only
from installation.show.schema import Show
from installation.stage.calibrating import Calibration
from installation.stage.display import Awaited
from installation.stage.gl import is_software, share_processor
from installation.stage.idle import IdleFilms
from installation.stage.loop import Links, Loop
from installation.stage.programme import Programme
from installation.stage.renderer import Renderer
from installation.stage.report import record
from installation.stage.trial import Trial
from installation.stage.warming import warm
from installation.stage.window import Surface, canvas_size, open_surface
from installation.stage.words import Words

Colour = tuple[float, float, float]


def main() -> None:
    """Run until the supervisor asks to stop or is gone."""
    session, arena, stop, log = child.enter("stage")
    following = Following(arena)
    show = following.edition.show
    asked = (session.width, session.height) if session.width and session.height else None
    share_processor()
    surface = open_surface(show, session, asked, log)
    surface.clear(house_colour(show))  # at once: shaders take a third of a second to build
    loop = build(surface, following, arena, session, asked, log)
    health = HealthWriter(arena, "stage", os.getpid())
    wanted = bool(only(show.outputs)) and not session.headless
    display = Awaited(wanted=wanted and not surface.shown)
    while not stop and not display.came(loop.clock.now()):
        with loop.guard("taking up the new show.yaml"):
            if following.step():
                adopt(loop, following)
        loop.frame()
        now = loop.clock.now()
        if health.due(now):
            with loop.guard("the health record"):
                health.write(now, loop.presented.rate.total, **record(loop, now))
    loop.release()


def build(
    surface: Surface,
    following: Following,
    arena: Arena,
    session: Session,
    asked: Size | None,
    log: logging.Logger,
) -> Loop:
    """The loop of a show on a surface, its canvas already in the house colour."""
    clock, show, table = MonotonicClock(), following.edition.show, following.edition.table
    size = canvas_size(surface.size, is_software(surface.context), asked)
    if size != surface.size:
        log.info("painting %dx%d for a surface of %dx%d", *size, *surface.size)
    looks = show.looks
    trial = Trial(arena.section("trial"), session.hung)
    renderer = Renderer(surface.context, size, looks, table, SHADERS, log, trial)
    renderer.remember_colour(linear(house_colour(show)))
    begun = clock.now()
    warm(renderer.core, renderer.library, looks, following.state.values)
    log.info("every look is drawn once: %.2f s", clock.now() - begun)
    renderer.library.watch.start()
    number = following.edition.number
    frames, scenes = show.frames, len(show.scenes)
    programme = Programme(renderer.decks, looks, session.started, number, scenes, frames)
    words = Words(renderer.core, size, show.title, list(show.scenes), show.inputs, table)
    films = idle_films(following, Path(session.show_folder), clock)
    films.start()
    links = Links(
        following.state,
        [RingReader(arena.section(name)) for name in ("ring_a", "ring_b")],
        KeyWriter(arena.section("keys")),
        arena.section("preview"),
        PresentWriter(arena),
        films,
    )
    links.thermometer.start()
    records = HealthReader(arena)

    def error() -> str | None:
        return records.record("supervisor").get("show_error")

    def codes() -> str | None:
        return (Mailbox(arena.section("pairing")).read() or b"").decode()

    calibration = Calibration(renderer.core, size, only(show.outputs), session.state_folder)
    feed = Feed(surface.context, arena.section("frames"), arena.section("wanted"))
    return Loop(
        surface,
        renderer,
        links,
        programme,
        words,
        clock,
        log,
        asked,
        error,
        calibration,
        feed if session.sends else None,
        codes,
    )


def adopt(loop: Loop, following: Following) -> None:
    """Go on with another edition of the show, between two frames."""
    show, table = following.edition.show, following.edition.table
    number = following.edition.number
    looks = loop.programme.adopt(show.looks, number, len(show.scenes), show.frames)
    loop.renderer.adopt(looks, table)
    loop.links = replace(loop.links, controls=following.state)
    loop.links.films.adopt(following.edition.number)
    loop.words.adopt(show.title, list(show.scenes), show.inputs, table)


def idle_films(following: Following, folder: Path, clock: Clock) -> IdleFilms:
    """The films that `installation prepare` made of the show's scenes."""

    def find(scene: int) -> Film | None:
        show = following.edition.show
        return idle.find(show, folder, list(show.scenes)[scene])

    return IdleFilms(find, clock, following.edition.number)


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
