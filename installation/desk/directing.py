"""The director at work: what the decks say of themselves comes in, the table's rows go out."""

from collections.abc import Mapping

from installation.control.easing import EASINGS
from installation.control.parameters import Table
from installation.control.state import StateReader, Values
from installation.desk.director import ASLEEP, Direction, Director
from installation.desk.hands import Hands
from installation.health import HealthReader
from installation.show.diff import network
from installation.show.schema import Show
from installation.show.shared import Edition


class Directing:
    """Brings the wanted scenes to the decks, and says so in the rows under /state."""

    def __init__(self, edition: Edition, records: HealthReader) -> None:
        self._records = records
        self._edition = edition
        self._director = Director(_networks(edition.show))

    def restore(self, left: StateReader) -> None:
        """Go on where a former desk stopped."""
        a, b = int(left["/state/deck_a"]), int(left["/state/deck_b"])
        self._director.restore(Direction(a, b, left["/state/crossfade"]))

    def adopt(self, edition: Edition, places: list[int]) -> None:
        """Direct another edition of the show, whose scenes are at `places` now."""
        director = Director(_networks(edition.show))
        director.take_over(self._director, places)
        self._edition, self._director = edition, director

    def step(self, values: Values, hands: Hands, allowed: int | None, dt: float) -> None:
        """`dt` seconds on. `allowed` is the scene that may be shown in the wanted one's place, None
        when none may."""
        cues, table = hands.cues, self._edition.table
        wanted = hands.scene if allowed is None else allowed
        fade, easing = cues.fade(wanted, float(values[table.index("/scene/fade")]))
        held = cues.holds(wanted)
        passed = 0.0 if held else dt
        told = self._director.step(wanted, fade, self._playing, passed, easing, self._leaving())
        looks = cues.looks((told.deck_a, told.deck_b), wanted)
        rows = {
            "/state/look_a": looks[0],
            "/state/look_b": looks[1],
            "/state/deck_a": told.deck_a if allowed is not None else ASLEEP,
            "/state/deck_b": told.deck_b if allowed is not None else ASLEEP,
            "/state/crossfade": told.crossfade,
            "/state/standby": cues.standby(wanted),
            "/state/fade": fade,
            "/state/easing": list(EASINGS).index(easing),
            "/state/fade_held": float(held),
            **cues.told(),
        }
        write(rows, table, values)

    def _leaving(self) -> str:
        """The deck that the supervisor wants to restart once nobody sees it."""
        return str(self._records.record("supervisor").get("renew") or "").removeprefix("deck_")

    def _playing(self, deck: str) -> int:
        """The scene whose pictures a deck delivers."""
        record = self._records.record(f"deck_{deck}")
        plays = record.get("loaded") and record.get("frames")
        current = record.get("edition") == self._edition.number  # else it counts other scenes
        return int(record["scene"]) if plays and current else ASLEEP


def write(rows: Mapping[str, float], table: Table, values: Values) -> None:
    """Put values into the table's rows, by address."""
    for address, value in rows.items():
        values[table.index(address)] = value


def _networks(show: Show) -> list[object]:
    return [network(show, scene) for scene in show.scenes.values()]
