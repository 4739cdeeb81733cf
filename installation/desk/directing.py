"""The director at work: what the decks say of themselves comes in, the table's rows go out.

What the director calls a scene is a part here: a scene and one of the models that play in it."""

from collections.abc import Collection, Mapping
from typing import Any

from installation.control.easing import EASINGS, Easing
from installation.control.parameters import Table
from installation.control.state import StateReader, Values
from installation.desk.cue_player import CuePlayer
from installation.desk.director import ASLEEP, Direction, Director
from installation.desk.hands import Hands
from installation.desk.passing import Passing
from installation.health import HealthReader
from installation.show.diff import GONE, Part, network, parts, successor
from installation.show.schema import Show
from installation.show.shared import Edition

PASS = "/scene/pass"
_OTHER = {"a": "b", "b": "a"}


class Directing:
    """Brings the wanted scenes to the decks, and says so in the rows under /state."""

    def __init__(self, edition: Edition, records: HealthReader) -> None:
        self._records = records
        self._take_up(edition)
        self._presses: float | None = None

    def _take_up(self, edition: Edition) -> None:
        self._edition, show = edition, edition.show
        self._parts = parts(show)
        self._director = Director(_networks(show))
        self._scenes = list(show.scenes.values())
        self._passings = [Passing(scene.passing, len(scene.cast)) for scene in self._scenes]

    def restore(self, left: StateReader) -> None:
        """Go on where a former desk stopped."""
        decks = [int(left[f"/state/deck_{deck}"]) for deck in "ab"]
        members = [int(left[f"/state/model_{deck}"]) for deck in "ab"]
        a, b = (self._place((deck, member)) for deck, member in zip(decks, members, strict=True))
        self._director.restore(Direction(a, b, left["/state/crossfade"]))
        self._go_on(self._director.live)

    def adopt(self, edition: Edition) -> None:
        """Direct another edition of the show."""
        old, director, played = self._edition.show, self._director, self._parts
        self._take_up(edition)
        gone_to = [successor(old, edition.show, part) for part in played]
        places = [self._place(part) if part else GONE for part in gone_to]
        self._director.take_over(director, places)
        self._go_on(self._director.live)

    def _go_on(self, place: int) -> None:
        """Whoever is on the wall has its turn."""
        if place >= 0:
            scene, member = self._parts[place]
            self._passings[scene].restore(member)

    def step(
        self, values: Values, hands: Hands, allowed: int | None, refused: Collection[str], dt: float
    ) -> None:
        """`dt` seconds on. `allowed` is the scene that may be shown in the wanted one's place, None
        when none may; `refused` names the models that may not."""
        cues, table = hands.cues, self._edition.table
        scene = hands.scene if allowed is None else allowed
        held = cues.holds(scene)
        passed = 0.0 if held else dt
        frozen = values[table.index("/master/freeze")] > 0
        pressed = self._pressed(float(values[table.index(PASS)]))
        may = [model not in refused for model in self._scenes[scene].cast]
        wanted = self._wanted(scene, may, pressed, 0.0 if frozen else passed)
        fade, easing = self._fade(scene, wanted, cues, float(values[table.index("/scene/fade")]))
        told = self._director.step(wanted, fade, self._playing, passed, easing, self._leaving())
        (a, model_a), (b, model_b) = self._part(told.deck_a), self._part(told.deck_b)
        looks = cues.looks((a, b), scene)
        standby, ready = self._standby(scene, may, cues)
        rows = {
            "/state/look_a": looks[0],
            "/state/look_b": looks[1],
            "/state/deck_a": a if allowed is not None else ASLEEP,
            "/state/deck_b": b if allowed is not None else ASLEEP,
            "/state/model_a": model_a,
            "/state/model_b": model_b,
            "/state/crossfade": told.crossfade,
            "/state/standby": standby,
            "/state/standby_model": ready,
            "/state/fade": fade,
            "/state/easing": list(EASINGS).index(easing),
            "/state/fade_held": float(held),
            **cues.told(),
        }
        write(rows, table, values)

    def _wanted(self, scene: int, may: list[bool], pressed: bool, dt: float) -> int:
        """The part whose turn it is in a scene."""
        passing, before = self._passings[scene], self._place((scene, self._passings[scene].member))
        if pressed:
            passing.go_on(may)
        stands = self._director.stands and self._director.live == before
        return self._place((scene, passing.step(stands, dt, may)))

    def _pressed(self, presses: float) -> bool:
        """Whether /scene/pass was pressed; what was counted before this desk is no press."""
        before, self._presses = self._presses, presses
        return before is not None and presses > before

    def _fade(self, scene: int, wanted: int, cues: CuePlayer, usual: float) -> tuple[float, Easing]:
        """How long a change takes and how it goes: within a scene, as the scene says."""
        live = self._part(self._director.live)[0]
        if live == scene and wanted != self._director.live:
            return self._scenes[scene].passing.fade, "smooth"
        return cues.fade(scene, usual)

    def _standby(self, scene: int, may: list[bool], cues: CuePlayer) -> Part:
        """What the sleeping deck keeps ready: the scene's own next comes by itself, so it is first;
        else the next cue's."""
        passing = self._passings[scene]
        if (ahead := passing.next(may)) != passing.member:
            return scene, ahead
        other = cues.standby(scene)
        return other, self._passings[other].member if other >= 0 else 0

    def _place(self, part: Part) -> int:
        """The director's number of a part; what is below 0 stays, what is not there is asleep."""
        if part[0] < 0:
            return part[0]
        return self._parts.index(part) if part in self._parts else ASLEEP

    def _part(self, place: int) -> Part:
        return self._parts[place] if place >= 0 else (place, 0)

    def _leaving(self) -> str:
        """The deck that the supervisor wants to restart once nobody sees it."""
        return str(self._records.record("supervisor").get("renew") or "").removeprefix("deck_")

    def _playing(self, deck: str) -> int:
        """The part whose pictures a deck delivers. A test card in the place of a model that cannot
        be had is none where the other deck has something better on the wall."""
        record, other = (self._records.record(f"deck_{each}") for each in (deck, _OTHER[deck]))
        current = record.get("edition") == self._edition.number  # else it counts other scenes
        worse = record.get("stand_in") and _plays(other) and not other.get("stand_in")
        if not _plays(record) or not current or worse:
            return ASLEEP
        return self._place((int(record["scene"]), int(record.get("member") or 0)))


def _plays(record: Mapping[str, Any]) -> bool:
    return bool(record.get("loaded") and record.get("frames"))


def write(rows: Mapping[str, float], table: Table, values: Values) -> None:
    """Put values into the table's rows, by address."""
    for address, value in rows.items():
        values[table.index(address)] = value


def _networks(show: Show) -> list[object]:
    scenes = list(show.scenes.values())
    return [network(show, scenes[place], member) for place, member in parts(show)]
