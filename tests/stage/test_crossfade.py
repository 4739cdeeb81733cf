"""A desk, two decks and the renderer, frame by frame: no change of scene or look may jump."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

import moderngl
import numpy as np
import pytest

from installation.control.easing import EASINGS
from installation.control.state import StateReader, StateWriter
from installation.desk.director import ASLEEP, Director
from installation.desk.hands import Asked, Hands
from installation.session import SHADERS
from installation.show.loader import loads
from installation.stage.programme import Programme
from installation.stage.renderer import Renderer

DT = 1 / 30
SIZE = (96, 54)
MULTIPLE = 4.0  # of the median step; a smooth fade's largest is 1.5 in light, more in sRGB
SHOW = """
models: {card: {test_card: {}}, other: {test_card: {}}}
scenes:
  one: {model: card, look: [finish]}
  two: {model: other, look: []}
cues:
  - {name: far, scene: two, fade: 2s}
  - {name: near, scene: one, fade: 2s, easing: out}
  - {name: bare, look: [], fade: 2s}
  - {name: dim, look: [finish], set: {master/brightness: 0.4}, fade: 2s}
"""


class Wall:
    """What a visitor sees of a show whose decks paint one picture each."""

    def __init__(self, context: moderngl.Context) -> None:
        show, self.table = loads(SHOW, SHADERS)
        self.hands = Hands(show, self.table, lambda: datetime(2026, 6, 1))
        models = [scene.cast for scene in show.scenes.values()]
        self.director, self.now = Director(models), 10.0
        memory = memoryview(bytearray(1 << 16))
        self.writer, self.reader = StateWriter(memory, self.table), StateReader(memory, self.table)
        self.renderer = Renderer(context, SIZE, show.looks, self.table, SHADERS)
        decks = self.renderer.decks
        self.programme = Programme(decks, show.looks, 0.0, len(show.scenes))
        self.playing = {"a": ASLEEP, "b": ASLEEP}

    def frame(self) -> np.ndarray:
        """The next frame: float (height, width, 3), 0 to 255."""
        self.now += DT
        values = self._direct(self.hands.step(self.now, DT))
        self.writer.write(values, {}, self.now)
        self._paint()
        shot, remember = self.programme.next(self.now, self.reader.refresh())
        if remember:
            self.renderer.remember()
        self.renderer.draw(shot)
        return self.renderer.read()[..., :3].astype(float)

    def press(self, address: str, value: float | None = None) -> None:
        self.hands.ask(Asked(address, value))
        self.hands.panel(self.now)

    def settle(self) -> None:
        for _ in range(90):
            self.last = self.frame()

    def steps(self, seconds: float) -> np.ndarray:
        """How much each frame differs from the one before it, in mean grey levels."""
        frames = [self.last, *(self.frame() for _ in range(round(seconds / DT)))]
        self.last = frames[-1]
        return np.array([np.abs(b - a).mean() for a, b in pairwise(frames)])

    def _direct(self, values: np.ndarray) -> np.ndarray:
        """As the desk does."""
        wanted, cues = self.hands.scene, self.hands.cues
        fade, easing = cues.fade(wanted, values[self.table.index("/scene/fade")])
        told = self.director.step(wanted, fade, self.playing.__getitem__, DT, easing)
        looks = cues.looks((told.deck_a, told.deck_b), wanted)
        rows = {"deck_a": told.deck_a, "deck_b": told.deck_b, "crossfade": told.crossfade}
        rows |= {"look_a": looks[0], "look_b": looks[1], "fade": fade}
        rows["easing"] = list(EASINGS).index(easing)
        for name, value in rows.items():
            values[self.table.index(f"/state/{name}")] = value
        self.playing = {"a": told.deck_a, "b": told.deck_b}
        return values

    def _paint(self) -> None:
        """Every deck that is awake paints its scene's one picture."""
        for deck, scene in zip(self.renderer.decks, self.playing.values(), strict=True):
            if scene != ASLEEP:
                deck.show(PICTURES[scene], self.now, scene)


def _picture(seed: int) -> np.ndarray:
    """Soft shapes of one seed: uint8 (54, 96, 4)."""
    across, down = np.meshgrid(np.linspace(0, 6, 96), np.linspace(0, 4, 54))
    waves = [np.sin(across * (seed + k) + k) * np.cos(down * (k + 1)) for k in range(3)]
    shades = (np.stack(waves, axis=-1) * 100 + 128).astype(np.uint8)
    return np.dstack([shades, np.full((54, 96), 255, np.uint8)])


PICTURES = [_picture(1), _picture(3)]


@pytest.fixture
def wall(context: moderngl.Context) -> Iterator[Wall]:
    made = Wall(context)
    made.settle()
    yield made
    made.renderer.release()


def check_smooth(steps: np.ndarray, what: str) -> None:
    moving = steps[steps > 0.25 * steps.max()]
    largest, median = steps.max(), np.median(moving)
    print(f"{what}: largest step {largest:.2f}, median {median:.2f} grey levels")
    assert largest < MULTIPLE * median
    assert steps.sum() > 8.0, "nothing happened"


def test_two_models_with_two_looks_cross_over(wall: Wall):
    wall.press("/cue/go")
    check_smooth(wall.steps(2.5), "another model, another look")
    wall.press("/cue/go")
    check_smooth(wall.steps(2.5), "and back, another easing")


def test_a_look_crosses_over_on_the_same_deck(wall: Wall):
    wall.press("/cue/jump", 2)
    check_smooth(wall.steps(2.5), "the same picture, another look")
    wall.press("/cue/go")
    check_smooth(wall.steps(2.5), "look and light together")


@pytest.mark.parametrize("after", [0.4, 1.0, 1.6])
def test_a_change_of_mind_in_the_middle_does_not_jump(wall: Wall, after: float):
    seen = []
    for place in (0, 2, 0, 1):
        wall.press("/cue/jump", place)
        seen.append(wall.steps(after))
    seen.append(wall.steps(4.5))
    check_smooth(np.concatenate(seen), f"four changes, {after} s apart")


def test_what_jumps_is_seen_by_this_test(wall: Wall):
    wall.press("/scene/fade", 0.0)
    wall.settle()
    wall.press("/scene/next")
    steps = wall.steps(1.0)
    assert steps.max() > 4 * MULTIPLE * np.median(steps)
