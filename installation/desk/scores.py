"""What each cue of a show asks for, in places and numbers. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from installation.control.parameters import Table
from installation.show.cues import numbers
from installation.show.schema import Cue, Show

OWN_LOOK = -1  # the look that the scene has in show.yaml


@dataclass(frozen=True, slots=True)
class Score:
    """Places in the show's scenes and looks, and values by row; None is left as it is."""

    scene: int | None = None
    look: int | None = None
    values: Mapping[int, float] = field(default_factory=dict)


class Scores:
    """Those of a whole list."""

    def __init__(self, show: Show, table: Table) -> None:
        scenes = list(show.scenes)
        looks = iter(range(len(scenes), len(show.looks)))
        self._scores = [_score(cue, scenes, looks, table) for cue in show.cues]
        rows = set[int]().union(*(score.values for score in self._scores))
        self._unset = {row: table.rows[row].default for row in sorted(rows)}

    def own(self, place: int) -> Score:
        """What the cue itself names: all that moves when it is called in the list's order."""
        return self._scores[place]

    def tracked(self, place: int) -> Score:
        """What stands after the list was played down to the cue: all that moves on a jump."""
        scene, look, values = None, OWN_LOOK, dict(self._unset)
        for score in self._scores[: place + 1]:
            scene = scene if score.scene is None else score.scene
            look = look if score.look is None else score.look
            values.update(score.values)
        return Score(scene, look, values)


def _score(cue: Cue, scenes: list[str], looks: Iterator[int], table: Table) -> Score:
    scene = scenes.index(cue.scene) if cue.scene else None
    own = OWN_LOOK if cue.scene else None  # a scene comes with its own look, if no other is named
    look = next(looks) if cue.look is not None else own
    return Score(scene, look, numbers(cue, table))
