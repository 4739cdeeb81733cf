"""The whole frame, in one process, on a clock that only moves when told."""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import moderngl
import pytest

from installation.clock import FakeClock
from installation.control.keys import KeyReader, KeyWriter
from installation.control.parameters import Table
from installation.control.state import SOURCES, Stamp, StateReader, StateWriter
from installation.frames import film
from installation.frames.film import Film
from installation.frames.header import Header
from installation.frames.ring import RingReader, RingWriter
from installation.logs import FAULTS
from installation.memory import Arena
from installation.presents import BYTES, SECTION, PresentReader, PresentWriter
from installation.session import SHADERS
from installation.show.inputs import Inputs
from installation.stage.idle import IdleFilms
from installation.stage.loop import Links, Loop
from installation.stage.mapping import Warp
from installation.stage.programme import Programme
from installation.stage.renderer import Renderer
from installation.stage.report import record
from installation.stage.window import Mark, Stroke
from installation.stage.words import Words
from tests.stage.conftest import LOOKS, flat

SIZE = (64, 36)
NO_STAMPS = (0.0,) * 2 * len(SOURCES)
RING = 3 * (64 * 64 * 4 + 65536)
SECTIONS = {"control": 65536, "keys": 16384, "a": RING, "b": RING, "preview": RING, SECTION: BYTES}


class Wall:
    """A surface that nobody sees, whose keys a test presses."""

    name, rate, vsync, close_asked, shown = "a wall", 60.0, False, False, False
    sizes: list[tuple[int, int]] = []

    def __init__(self, context: moderngl.Context) -> None:
        self.context = context
        self.size: tuple[int, int] = SIZE
        self.pressed: list[tuple[str, bool]] = []
        self.breaks = False

    def events(self, stroke: Stroke) -> None:
        for key, down in self.pressed:
            stroke(key, down)
        self.pressed = []

    def warp(self, warps: Sequence[Warp]) -> None:
        self.warps = list(warps)

    def present(self, picture: moderngl.Texture, mark: Mark | None = None) -> None:
        self.mark = mark
        if self.breaks:
            raise RuntimeError("the cable is out")

    def clear(self, colour: tuple[float, float, float]) -> None:
        pass

    def close(self) -> None:
        pass


class Rig:
    """A stage with the desk's and the decks' ends of its memory."""

    def __init__(self, context: moderngl.Context, table: Table) -> None:
        self.table, self.clock, self.wall = table, FakeClock(100.0), Wall(context)
        self.levels: list[float] = []  # of every frame
        self.film: Film | None = None
        self.films = IdleFilms(lambda scene: self.film, self.clock)
        arena = Arena.create(SECTIONS)
        self.desk = StateWriter(arena.section("control"), table)
        self.decks = [RingWriter(arena.section(name)) for name in "ab"]
        self.keys = KeyReader(arena.section("keys"))
        self.preview = RingReader(arena.section("preview"))
        self.presents = PresentReader(arena)
        self.values = StateReader(arena.section("control"), table).values
        renderer = Renderer(context, SIZE, LOOKS, table, SHADERS)
        renderer.remember_colour((0.2, 0.2, 0.2))
        links = Links(
            StateReader(arena.section("control"), table),
            [RingReader(arena.section(name)) for name in "ab"],
            KeyWriter(arena.section("keys")),
            arena.section("preview"),
            PresentWriter(arena),
            self.films,
        )
        self.loop = Loop(
            self.wall,
            renderer,
            links,
            Programme(renderer.decks, LOOKS, 100.0),
            Words(renderer.core, SIZE, "Tides", ["plain", "painted"], Inputs(), table),
            self.clock,
            logging.getLogger("stage"),
        )

    def set(self, address: str, value: float, stamp: Stamp | None = None) -> None:
        self.values[self.table.index(address)] = value
        self.desk.write(self.values, {"osc": stamp} if stamp else {}, self.clock.now())

    def publish(self, shade: int, deck: int = 0, stamps: tuple[float, ...] = NO_STAMPS) -> None:
        self.decks[deck].frame(*SIZE)[:] = flat(shade)
        self.decks[deck].publish(Header(*SIZE, made_at=self.clock.now(), stamps=stamps))

    def play(self, seconds: float, shade: int | None = None) -> None:
        for _ in range(round(seconds * 60)):
            if shade is not None:
                self.publish(shade)
            self.films.step()  # which a thread does on a real stage
            self.loop.frame()
            self.levels.append(self.level)

    @property
    def level(self) -> float:
        return float(self.loop.renderer.read()[..., :3].mean())

    def health(self) -> dict:
        return record(self.loop, self.clock.now())


@pytest.fixture
def rig(context: moderngl.Context, table: Table) -> Iterator[Rig]:
    rig = Rig(context, table)
    yield rig
    rig.loop.release()


def test_from_the_house_colour_to_live_without_a_black_frame(rig: Rig):
    rig.play(0.5)
    assert rig.health()["mode"] == "house"
    assert rig.health()["first_live_at"] is None
    rig.play(2.0, shade=180)
    health = rig.health()
    assert rig.level == pytest.approx(180, abs=1)
    assert health["mode"] == "live"
    assert health["black"] == 0
    assert health["presented"] == 150
    assert health["first_live_at"] == pytest.approx(100.5, abs=0.05)
    assert health["interval_ms"]["p99"] == pytest.approx(16.67, abs=0.1)
    assert health["fps"] == pytest.approx(60, abs=1)
    assert health["picture_age"] < 0.02


def test_a_dead_deck_leaves_its_picture_up_for_as_long_as_it_takes(rig: Rig):
    rig.play(1.0, shade=180)
    rig.play(20.0)
    assert rig.health()["mode"] == "held"
    assert rig.level == pytest.approx(180, abs=1)
    assert rig.health()["black"] == 0
    rig.play(2.0, shade=60)
    assert rig.health()["mode"] == "live"
    assert rig.level == pytest.approx(60, abs=1)


def steepest(levels: list[float]) -> float:
    """The largest jump of the wall's level from one frame to the next, of 255."""
    return max(abs(a - b) for a, b in pairwise(levels))


def test_from_live_to_held_to_the_film_and_back_without_a_cut(rig: Rig, tmp_path: Path):
    rig.film = film.write(tmp_path / "film", 10.0, [flat(90), flat(94)])
    rig.play(1.5, shade=180)
    rig.levels.clear()
    rig.play(2.0)
    assert rig.health()["mode"] == "held"
    rig.play(5.0)
    assert rig.health()["mode"] == "idle"
    assert rig.level == pytest.approx(92, abs=3)
    rig.play(2.0, shade=180)
    assert rig.health()["mode"] == "live"
    assert rig.level == pytest.approx(180, abs=1)
    print(f"largest jump between two frames: {steepest(rig.levels):.1f} of 255")
    assert steepest(rig.levels) < 5
    assert min(rig.levels) > 88
    modes = [present.mode for present in rig.presents.fresh()]
    assert list(dict.fromkeys(modes)) == ["live", "held", "idle"]


@pytest.mark.parametrize("after", [0.1, 0.5, 1.0, 1.7])
def test_a_deck_that_comes_back_while_the_film_dissolves_in_makes_no_cut_either(
    rig: Rig, tmp_path: Path, after: float
):
    rig.film = film.write(tmp_path / "film", 10.0, [flat(60)])
    rig.play(1.5, shade=180)
    rig.levels.clear()
    rig.play(3.1 + after)
    assert rig.health()["mode"] == "idle"
    rig.play(0.4, shade=180)
    rig.play(1.5)
    rig.play(2.0, shade=180)
    assert rig.level == pytest.approx(180, abs=1)
    assert steepest(rig.levels) < 8


def test_a_wall_without_a_deck_leaves_the_house_colour_for_the_film(rig: Rig, tmp_path: Path):
    rig.film = film.write(tmp_path / "film", 10.0, [flat(90)])
    rig.play(6.0)
    health = rig.health()
    assert (health["mode"], health["picture_age"], health["first_live_at"]) == ("idle", None, None)
    assert rig.level == pytest.approx(90, abs=1)
    assert steepest(rig.levels) < 5


def test_a_film_damaged_while_it_plays_leaves_its_last_picture(rig: Rig, tmp_path: Path):
    rig.film = film.write(tmp_path / "film", 10.0, [flat(90)])
    rig.play(1.0, shade=180)
    rig.play(6.0)
    (rig.film.folder / "0000.jpg").write_bytes(b"noise")
    for _ in range(60):
        rig.clock.advance(1 / 60)
        with contextlib.suppress(ValueError):
            rig.films.step()
        rig.loop.frame()
    assert rig.health()["mode"] == "held"
    assert rig.level == pytest.approx(90, abs=1)


def test_darkness_that_was_asked_for_is_no_fault_and_darkness_that_was_not_is(rig: Rig):
    rig.play(1.0, shade=180)
    rig.set("/master/blackout", 1)
    rig.play(2.0, shade=180)
    assert rig.level == 0
    assert rig.health()["luma"] == 0
    rig.set("/master/blackout", 0)
    rig.play(2.0, shade=180)
    assert rig.level == pytest.approx(180, abs=1)
    assert rig.health()["black"] == 0
    rig.play(1.0, shade=0)
    assert rig.health()["black"] > 50


def test_freeze_holds_the_picture_and_lets_go_softly(rig: Rig):
    rig.play(1.5, shade=180)
    rig.set("/master/freeze", 1)
    rig.play(1.0, shade=20)
    assert rig.level == pytest.approx(180, abs=1)
    rig.set("/master/freeze", 0)
    rig.play(0.1, shade=20)
    assert rig.level > 100
    rig.play(1.0, shade=20)
    assert rig.level == pytest.approx(20, abs=1)


def test_an_event_is_followed_to_the_wall(rig: Rig):
    rig.play(0.5, shade=100)
    sent = rig.clock.now()
    rig.publish(100, stamps=(1.0, sent, *NO_STAMPS[2:]))
    rig.clock.advance(0.02)
    rig.play(0.1)
    osc = rig.health()["control_ms"]["osc"]
    assert osc["count"] == 1
    assert osc["p50"] == pytest.approx(20, abs=1)


def test_keys_go_to_the_desk(rig: Rig):
    rig.wall.pressed = [("a", True), ("a", False)]
    rig.play(0.1)
    assert [(s.key, s.pressed) for s in rig.keys.strokes()] == [("a", True), ("a", False)]


def test_the_preview_is_what_the_wall_shows_while_somebody_watches(rig: Rig):
    rig.play(1.5, shade=180)
    assert rig.preview.newest() is None
    rig.set("/state/watchers", 1)
    rig.play(1.0, shade=180)
    found = rig.preview.newest()
    assert found is not None
    header, picture = found
    assert (header.width, header.height) == SIZE
    assert 10 <= header.index <= 13
    assert abs(picture[..., :3].astype(int) - 180).max() <= 1


def test_nothing_that_breaks_leaves_the_loop(rig: Rig, caplog: pytest.LogCaptureFixture):
    rig.play(0.2, shade=180)
    presented = rig.health()["presented"]
    rig.wall.breaks = True
    rig.play(0.5, shade=180)
    assert rig.health()["presented"] == presented
    rig.wall.breaks = False
    rig.play(0.2, shade=180)
    assert rig.health()["presented"] > presented
    assert len(caplog.records) < 5


def test_broken_words_do_not_keep_the_picture_from_the_wall(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    tries: list[float] = []

    def broken(*_: object) -> None:
        tries.append(rig.clock.now())
        raise RuntimeError("no ink")

    monkeypatch.setattr(rig.loop.words, "draw_hint", broken)
    rig.play(1.5, shade=180)
    assert len(tries) == FAULTS, "then they are left out"
    assert rig.level == pytest.approx(180, abs=1)
    assert rig.health()["presented"] == 90


def test_another_window_size_is_followed(rig: Rig):
    rig.play(1.5, shade=180)
    rig.wall.size = (96, 54)
    rig.play(0.2, shade=180)
    assert rig.health()["canvas"] == "96x54"
    assert rig.level == pytest.approx(180, abs=1)


def test_late_frames_lower_the_quality_without_a_step_in_the_picture(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
):
    rig.play(1.5, shade=180)
    assert rig.health()["quality"] == 0
    monkeypatch.setattr(rig.wall, "present", lambda *_: rig.clock.sleep(0.05))
    rig.play(1.2, shade=180)  # 72 frames of 50 ms
    health = rig.health()
    assert (health["quality"], health["canvas"]) == (1, "64x36")
    assert rig.level == pytest.approx(180, abs=1)
    assert max(abs(b - a) for a, b in pairwise(rig.levels[90:])) < 2


def test_a_hot_machine_draws_less(rig: Rig):
    rig.play(1.5, shade=180)
    rig.loop.links.thermometer.hot = True
    rig.play(2.5, shade=180)
    health = rig.health()
    assert (health["quality"], health["hot"]) == (1, True)
    assert rig.level == pytest.approx(180, abs=1)
