"""Keeps what the show would need after a power cut: every ten seconds, on a thread of its own.

A slow or full disk holds up this thread and nothing else; what could not be written stays in
memory and is tried again.
"""

import logging
import math
import threading
from pathlib import Path

from installation.frames.ring import RingReader
from installation.logs import Guard
from installation.memory import Arena
from installation.session import Session
from installation.show.following import Following
from installation.show.saved import FILE, Place, Saved, saved_cue, settings
from installation.show.shared import places, read_cue
from installation.store import Store

PERIOD = 10.0  # seconds: as much of the walk as a power cut may cost
FIRST = 2.0  # seconds before the first write
FAREWELL = 1.0  # seconds the last write may take when the show ends

log = logging.getLogger("desk")


class Keeper:
    """Reads the shared memory as any other process would, and writes the Store."""

    def __init__(self, store: Store, arena: Arena) -> None:
        self._store, self._arena = store, arena
        self._following = Following(arena)
        self._rings = [RingReader(arena.section(name)) for name in ("ring_a", "ring_b")]
        self._places: dict[str, Place] = places(arena)
        self._written: Saved | None = None
        self._guard = Guard(log, every=600.0)
        self._failing = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    @classmethod
    def of(cls, session: Session, arena: Arena) -> "Keeper | None":
        """The keeper of a run; None when the run keeps nothing."""
        if not session.state_folder:
            return None
        return cls(Store(Path(session.state_folder) / FILE), arena)

    def start(self) -> None:
        """Begin to keep."""
        self._thread.start()

    def close(self) -> None:
        """Keep the end of the show, if the disk lets it."""
        self._end.set()
        self._thread.join(FAREWELL)

    def look(self) -> Saved:
        """What is to be kept now."""
        self._following.step()
        for ring in self._rings:
            self._follow(ring)
        state, table = self._following.state, self._following.edition.table
        scene = self._scenes[int(state["/scene"])]
        values = settings(table, state.values.tolist())
        return Saved(scene, dict(self._places), values, saved_cue(read_cue(self._arena)))

    @property
    def _scenes(self) -> list[str]:
        return list(self._following.edition.show.scenes)

    def save(self) -> None:
        """Write it, if it is not what was written last."""
        saved = self.look()
        if saved != self._written:
            self._store.write(saved.to_bytes())
            self._written = saved

    def _run(self) -> None:
        wait = FIRST
        while not self._end.wait(wait):
            self._try()
            wait = PERIOD
        self._try()

    def _try(self) -> None:
        with self._guard("saving the state"):
            try:
                self.save()
                self._failing = False
            except OSError as error:
                if not self._failing:
                    log.error("%s; the state is kept in memory and tried again", error)
                self._failing = True

    def _follow(self, ring: RingReader) -> None:
        picture = ring.newest()
        if not picture or not ring.intact():
            return
        scene, walk = picture[0].scene, picture[0].walk
        if picture[0].edition != self._following.edition.number:
            return
        if 0 <= scene < len(self._scenes) and all(map(math.isfinite, walk)):
            self._places[self._scenes[scene]] = walk
