"""Where a scene's walk begins on a deck: at the picture on the wall, so that it never leaps."""

from installation.frames.ring import RingReader
from installation.latent import walks
from installation.memory import Arena
from installation.show.shared import places


class Beginning:
    """What was left of each scene: in this deck's newest picture, in the other's, in what was
    saved. With `safe` all of that is left aside."""

    def __init__(self, letter: str, arena: Arena, safe: bool) -> None:
        own, other = f"ring_{letter}", f"ring_{'b' if letter == 'a' else 'a'}"
        self._other = RingReader(arena.section(other))
        self._last = None if safe else RingReader(arena.section(own)).newest()
        self._beside = None if safe else self._other.newest()
        self._saved = {} if safe else places(arena)

    def place(self, scene: int, name: str) -> walks.State:
        """Where the walk is in the newest picture of this scene, of the other deck or of this one's
        forebear; else where it was when the state was saved."""
        self._beside = self._other.newest() or self._beside
        found = [each[0] for each in (self._last, self._beside) if each and each[0].scene == scene]
        if found:
            return max(found, key=lambda header: header.made_at).walk
        return self._saved.get(name, walks.START)
