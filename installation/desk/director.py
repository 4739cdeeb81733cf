"""Which deck plays which scene, and how far the crossfade has come. Pure: time comes in.

A scene of the model that is on the wall travels on the same deck. Any other is prepared on the
sleeping deck and crossed to when its first pictures are there; then the old deck goes to sleep.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from installation.control.easing import Easing, eased

ASLEEP = -1
LEAVING = -2  # a deck plays on what the show no longer has, until another is crossed to
DECKS = ("a", "b")

Ready = Callable[[str], int]  # the scene whose pictures a deck delivers now, ASLEEP for none


@dataclass(frozen=True, slots=True)
class Direction:
    """What the decks and the stage are told. `crossfade` 0 shows deck A, 1 shows deck B."""

    deck_a: int
    deck_b: int
    crossfade: float


class Director:
    """`models` names each scene's model; two scenes of one model can share a deck."""

    def __init__(self, models: Sequence[object], first: int = 0) -> None:
        self._models = models
        self._scenes = {"a": first, "b": ASLEEP}
        self._live = "a"
        self._progress = 0.0  # 0: all deck A, 1: all deck B
        self._easing: Easing = "smooth"
        self._towards_b = True  # when the fade under way began: it keeps its shape if turned back

    @property
    def live(self) -> int:
        """The scene on the wall; while a fade goes on, the one that it leaves."""
        return self._scenes[self._live]

    @property
    def stands(self) -> bool:
        """Whether it is there alone."""
        return not self._fading and self._idle_scene == ASLEEP

    def restore(self, direction: Direction) -> None:
        """Go on where a former desk stopped."""
        self._scenes = {"a": int(direction.deck_a), "b": int(direction.deck_b)}
        self._progress = _linear(min(max(direction.crossfade, 0.0), 1.0))
        b_shown = self._progress >= 0.5 or self._scenes["a"] == ASLEEP
        self._live = "b" if b_shown and self._scenes["b"] != ASLEEP else "a"

    def take_over(self, former: "Director", places: Sequence[int]) -> None:
        """Go on from the director of another edition, whose scenes are at `places` now.

        What is seen plays on until another is crossed to, also a scene whose network is another
        one now; what was being prepared for a scene that is gone is forgotten."""
        self._live, self._progress = former._live, former._progress
        self._easing, self._towards_b = former._easing, former._towards_b
        for deck, scene in former._scenes.items():
            place = places[scene] if scene >= 0 else scene
            if deck != former._live and not former._fading:
                self._scenes[deck] = place if place >= 0 else ASLEEP
            elif scene >= 0 and (place < 0 or self._models[place] != former._models[scene]):
                self._scenes[deck] = LEAVING
            else:
                self._scenes[deck] = place

    def step(
        self,
        wanted: int,
        fade: float,
        ready: Ready,
        dt: float,
        easing: Easing = "smooth",
        leave: str = "",
    ) -> Direction:
        """`dt` seconds on, with scene `wanted` asked for and fades that take `fade` seconds.

        A deck to `leave` hands its scene to the other one, as it must before it is restarted."""
        if not self._fading:
            self._easing, self._towards_b = easing, self._live == "a"
        if self._idle_scene == ASLEEP:
            self._begin(wanted, leave)
        elif self._idle_scene == self._scenes[self._live] == wanted:
            pass  # the scene changes decks
        elif wanted == self._scenes[self._live]:
            self._turn_back()
        elif not self._fading:
            self._scenes[self._idle] = wanted
        if self._idle_scene != ASLEEP and (self._fading or ready(self._idle) == self._idle_scene):
            self._fade(dt / fade if fade > 0 else 1.0)
        return Direction(self._scenes["a"], self._scenes["b"], self._crossfade)

    @property
    def _crossfade(self) -> float:
        if self._towards_b:
            return eased(self._easing, self._progress)
        return 1.0 - eased(self._easing, 1.0 - self._progress)

    @property
    def _idle(self) -> str:
        return "b" if self._live == "a" else "a"

    @property
    def _idle_scene(self) -> int:
        return self._scenes[self._idle]

    @property
    def _fading(self) -> bool:
        return self._progress != self._goal(self._live)

    @staticmethod
    def _goal(deck: str) -> float:
        return 1.0 if deck == "b" else 0.0

    def _begin(self, wanted: int, leave: str) -> None:
        current = self._scenes[self._live]
        if wanted == current:
            self._scenes[self._idle] = wanted if leave == self._live else ASLEEP
            return
        if current >= 0 and self._models[wanted] == self._models[current]:
            self._scenes[self._live] = wanted
        else:
            self._scenes[self._idle] = wanted

    def _turn_back(self) -> None:
        """The scene on the wall is wanted again: forget the other, or fade back from it."""
        if self._fading:
            self._live = self._idle
        else:
            self._scenes[self._idle] = ASLEEP

    def _fade(self, part: float) -> None:
        goal = self._goal(self._idle)
        step = part if goal > self._progress else -part
        self._progress = min(max(self._progress + step, 0.0), 1.0)
        if self._progress == goal:
            self._scenes[self._live] = ASLEEP
            self._live = self._idle


def _linear(crossfade: float) -> float:
    """The way back from a smooth fade: a restarted desk goes on without a jump of the picture."""
    if crossfade in (0.0, 1.0):
        return crossfade  # to the last bit: a fade that is over must not begin again
    return 0.5 - math.sin(math.asin(1.0 - 2.0 * crossfade) / 3.0)
