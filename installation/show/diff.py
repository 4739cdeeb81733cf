"""What differs between two readings of show.yaml, and what that asks of the running show. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from installation.show.schema import Scene, Show

GONE = -1  # a scene that the newer show does not have
Part = tuple[int, int]  # a scene's place in the show, and a member's in its cast

# Everything else changes in place. These are devices, which their process opens when it starts.
RESTARTS: Mapping[str, str] = {
    "inputs.osc": "desk",
    "inputs.audio": "desk",
    "inputs.midi": "desk",
    "inputs.link": "desk",
    "panel": "desk",
    "canvas": "stage",
    "outputs": "stage",
}
_IN_PLACE = (
    "inputs.osc.feedback",
    *(f"inputs.midi.{key}" for key in ("bind", "pickup", "feedback", "clock")),
)
_NAMED = 6  # paths that a line of the log names


@dataclass(frozen=True, slots=True)
class Change:
    """The paths that differ, as `scenes.waves.walk.period`, and the processes to start again."""

    paths: tuple[str, ...]
    restart: frozenset[str]

    def __str__(self) -> str:
        named = ", ".join(self.paths[:_NAMED]) or "controls of its shaders"
        more = f" and {len(self.paths) - _NAMED} more" if len(self.paths) > _NAMED else ""
        again = f"; {' and '.join(sorted(self.restart))} starts again" if self.restart else ""
        return named + more + again


def compare(old: Show, new: Show) -> Change:
    """What to do so that a show playing `old` plays `new`."""
    before, after = (show.model_dump(by_alias=True) for show in (old, new))
    paths = tuple(".".join(path) for path in _differing(before, after, ()))
    return Change(paths, frozenset(filter(None, map(_restart, paths))))


def moved(old: Show, new: Show) -> list[int]:
    """For each scene of `old`, by place: its place in `new`, or GONE."""
    places = {name: place for place, name in enumerate(new.scenes)}
    return [places.get(name, GONE) for name in old.scenes]


def network(show: Show, scene: Scene, member: int = 0) -> object:
    """What the generator of a scene, or of one of its cast, is made from: two for which it is equal
    can share one."""
    decks = show.decks
    return show.source(scene.cast[member]), decks.backend, tuple(decks.providers)


def parts(show: Show) -> list[Part]:
    """Every one of every scene's cast, in order."""
    scenes = enumerate(show.scenes.values())
    return [(place, member) for place, scene in scenes for member in range(len(scene.cast))]


def successor(old: Show, new: Show, part: Part) -> Part | None:
    """Where a part's scene has gone and who plays with the same network there; None if nobody."""
    before = list(old.scenes.values())[part[0]]
    place = moved(old, new)[part[0]]
    if place == GONE:
        return None
    after, wanted = list(new.scenes.values())[place], network(old, before, part[1])
    found = (m for m in range(len(after.cast)) if network(new, after, m) == wanted)
    return next(((place, member) for member in found), None)


def _differing(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            if key not in old or key not in new:
                yield (*path, str(key))
            else:
                yield from _differing(old[key], new[key], (*path, str(key)))
        if path == ("scenes",) and list(old) != list(new) and old.keys() == new.keys():
            yield (*path, "(order)")
    elif old != new:
        yield path


def _restart(path: str) -> str:
    if _under(path, _IN_PLACE):
        return ""
    return next((who for part, who in RESTARTS.items() if _under(path, (part,))), "")


def _under(path: str, parts: tuple[str, ...]) -> bool:
    return any(path == part or path.startswith(f"{part}.") for part in parts)
