"""The frame loop. It waits on nothing but the display: no lock, no disk, no other process; and
no exception leaves it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from installation.clock import Clock
from installation.control.keys import KeyWriter
from installation.control.state import StateReader
from installation.frames.ring import RingReader
from installation.logs import Guard
from installation.outputs.feed import Feed
from installation.outputs.preview import Preview
from installation.outputs.readback import Size
from installation.presents import PresentWriter
from installation.stage.calibrating import Calibration
from installation.stage.fallback import Mode
from installation.stage.gl import is_software
from installation.stage.idle import IdleFilms
from installation.stage.meter import Meter
from installation.stage.pacer import DisplayPacer
from installation.stage.presented import Presented
from installation.stage.programme import Programme
from installation.stage.quality import Quality
from installation.stage.renderer import Renderer
from installation.stage.thermometer import Thermometer
from installation.stage.window import Surface, canvas_size
from installation.stage.words import Figures, Words

SOFTWARE_BUDGET = 1.0 / 30.0  # seconds between presents that a processor must keep


@dataclass(frozen=True, slots=True)
class Links:
    """The stage's ends of the shared memory."""

    controls: StateReader
    rings: Sequence[RingReader]
    keys: KeyWriter
    preview: memoryview
    presents: PresentWriter
    films: IdleFilms
    thermometer: Thermometer = field(default_factory=Thermometer)


class Loop:
    """One stage: everything that happens between two presents."""

    def __init__(
        self,
        surface: Surface,
        renderer: Renderer,
        links: Links,
        programme: Programme,
        words: Words,
        clock: Clock,
        log: logging.Logger,
        asked: Size | None = None,
        show_error: Callable[[], str | None] = lambda: None,
        calibration: Calibration | None = None,
        feed: Feed | None = None,
        codes: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.surface, self.renderer, self.links = surface, renderer, links
        self.programme, self.words = programme, words
        self.clock, self._asked = clock, asked
        self.codes = codes
        self.show_error = show_error  # asked only while the figures are over the picture
        self.calibration, self._feed = calibration, feed
        self.guard = Guard(log)
        self.software = is_software(surface.context)
        self.pacer = DisplayPacer(clock, surface.rate, surface.vsync)
        self.quality = Quality(SOFTWARE_BUDGET if self.software else 1.0 / surface.rate)
        self._log = log
        self.meter = Meter(renderer.core)
        self._preview = Preview(surface.context, links.preview, renderer.size)
        self.presented = Presented(clock)

    def frame(self) -> None:
        """Draw and present one frame."""
        now = self.clock.now()
        with self.guard("the window"):
            self.surface.events(lambda key, pressed: self._stroke(key, pressed, now))
            self._follow_size()
        self._take_pictures()
        with self.guard("drawing"):
            self._draw(now)
        if not self.guard.off("the words"):
            with self.guard("the words"):
                self._write(now)
        with self.guard("presenting"):
            self._present()
            with self.guard("measuring"):
                self._measure()
        with self.guard("adapting"):
            self._adapt(now)
        self.pacer.wait()

    def figures(self) -> Figures:
        """What the HUD tells just now."""
        main, now = self.programme.main, self.clock.now()
        age = main.timeline.age(now)
        return Figures(
            scene=main.header.scene if main.header else -1,
            mode=self.programme.fallback.mode,
            live_rate=main.timeline.rate if self.programme.fallback.mode is Mode.LIVE else 0.0,
            stage_rate=self.presented.rate.per_second(),
            age=age,
            crossfade=self.programme.crossfade,
            canvas=f"{self.canvas} at {self.quality.scale:.0%}",
            drawn_by=self.drawn_by,
            shader_error=self.renderer.library.error,
            show_error=self.show_error(),
            codes=self.codes(),
        )

    @property
    def canvas(self) -> str:
        """The canvas in words, 640x360."""
        return "{}x{}".format(*self.renderer.size)

    @property
    def drawn_by(self) -> str:
        """OpenGL's name for what draws."""
        return self.surface.context.info["GL_RENDERER"]

    def release(self) -> None:
        """Give the graphics memory and the window back."""
        self.links.films.close()
        self.links.thermometer.close()
        for part in (self._feed, self.calibration):
            if part:
                part.release()
        for part in (self._preview, self.meter, self.words, self.renderer):
            part.release()
        self.surface.close()

    def _take_pictures(self) -> None:
        """The decks' newest; in place of a deck that is gone, the idle film's."""
        idle = self.programme.fallback.mode is Mode.IDLE
        for deck, ring in zip(self.renderer.decks, self.links.rings, strict=True):
            with self.guard("a deck's picture"):
                if not deck.poll(ring) and idle and deck is self.programme.main:
                    deck.poll(self.links.films)

    def _draw(self, now: float) -> None:
        renderer = self.renderer
        controls, films = self.links.controls.refresh(), self.links.films
        films.want(int(controls["/scene"]) if self.programme.fallback.wants_film else None)
        built = renderer.library.refresh()
        if built:
            self.programme.fallback.dissolve(now)
        shot, remember = self.programme.next(now, controls, films.ready)
        if built or remember:
            renderer.remember()
        renderer.draw(shot)

    def _adapt(self, begun: float) -> None:
        """Draw less when frames come late, more when there is time again."""
        if self.presented.first_live_at is None:
            return  # nothing is played, everything is starting
        now = self.clock.now()
        hot = self.links.thermometer.hot
        level = self.quality.step(now, self.programme.interval, now - begun, hot)
        if level != self.renderer.level:
            self.renderer.remember()
            self.renderer.afford(level)
            self.programme.fallback.dissolve(now)
            self._log.info("looks are drawn at %.0f %% of the canvas", 100 * self.quality.scale)

    def _write(self, now: float) -> None:
        onto = self.renderer.final.framebuffer
        if self.calibration:
            self.calibration.step(now, self.links.controls, self.surface)
            self.calibration.draw(onto)
        if self.links.controls["/hud/visible"] > 0.5:
            self.words.hud(now, self.figures)
            self.words.draw_hud(onto)
        if self.links.controls["/hud/help"] > 0.5:
            self.words.draw_help(onto)
        self.words.draw_hint(onto, now, self.surface.close_asked)
        self.surface.close_asked = False

    def _present(self) -> None:
        mark = self.calibration.mark if self.calibration else None
        self.surface.present(self.renderer.final.texture, mark)

    def _measure(self) -> None:
        now, final = self.clock.now(), self.renderer.final.texture
        self.presented.count(now, self.programme)
        black = self.meter.black
        self.meter.measure(final, self.programme.master.dark)
        self._note(now, self.meter.black > black)
        watchers = self.links.controls["/state/watchers"]
        self._preview.step(now, watchers, lambda onto, size: self.renderer.copy(final, onto, size))
        if self._feed:
            self._feed.step(now, self.renderer.final.framebuffer, self.renderer.size)

    def _note(self, now: float, black: bool) -> None:
        header = self.programme.main.header
        picture = header.index if header else 0
        mode = self.programme.fallback.mode
        self.links.presents.add(now, picture, self.meter.luma, mode, black)

    def _stroke(self, key: str, pressed: bool, now: float) -> None:
        if self.calibration and self.calibration.stroke(key, pressed, now):
            return
        self.words.stroke(key, pressed, now)
        self.links.keys.stroke(key, pressed, now)

    def _follow_size(self) -> None:
        """Paint for the window as it is now."""
        size = canvas_size(self.surface.size, self.software, self._asked)
        if size != self.renderer.size and min(size) > 0:
            self.renderer.resize(size)
            self._preview.release()
            self._preview = Preview(self.surface.context, self.links.preview, size)
            self.words.resize(size)
            if self.calibration:
                self.calibration.resize(size)
