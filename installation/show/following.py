"""How decks and stage keep to the edition of show.yaml that the desk steers by."""

from installation.control.state import StateReader
from installation.memory import Arena
from installation.show.shared import Edition, newest, receive


class Following:
    """The show as this process plays it, and the control state that belongs to it.

    Raises LookupError when no show was published."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self.edition = receive(arena)
        self.state = StateReader(arena.section("control"), self.edition.table)

    def step(self) -> Edition | None:
        """Take the newest state. When the desk has gone on to another edition that can be had,
        go on to it too; the edition that was played until then."""
        number = self.state.refresh().edition
        if number in (0, self.edition.number) or newest(self._arena) != number:
            return None  # until both speak of one edition, the state that is known stands
        former, fresh = self.edition, receive(self._arena)
        if fresh.number != number:
            return None
        self.edition = fresh
        self.state = StateReader(self._arena.section("control"), fresh.table).refresh()
        return former
