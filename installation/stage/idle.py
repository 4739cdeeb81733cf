"""Plays idle films to the stage: a thread reads and decodes, the frame loop takes what is there.

To the loop it is one more source of pictures, beside the decks' rings.
"""

import logging
import threading
from collections.abc import Callable

import numpy as np

from installation.clock import Clock
from installation.frames.film import Film
from installation.frames.header import Flag, Header
from installation.frames.ring import Picture
from installation.logs import Guard

SLOTS = 3  # one shown, one ready, one being decoded
RETRY = 10.0  # seconds until a film that is missing or damaged is looked for again
NAP = 0.5  # seconds between two looks at what is wanted, while nothing is

log = logging.getLogger("stage")


class IdleFilms:
    """`find` gives a scene's film, None if it has none; it may read the disk."""

    def __init__(self, find: Callable[[int], Film | None], clock: Clock, edition: int = 0) -> None:
        self._find, self._clock, self._edition = find, clock, edition
        self._guard = Guard(log, every=600.0)
        self._wanted: int | None = None
        self._ready: tuple[int, Header, Picture] | None = None  # swapped whole, so never torn
        self._taken: Header | None = None
        self._film: Film | None = None
        self._scene: int | None = None
        self._slots: list[Picture] = []
        self._count = 0
        self._retry_at = 0.0
        self._wake, self._end = threading.Event(), threading.Event()

    def start(self) -> None:
        """Begin to decode what is wanted, on a thread that ends with the process."""
        threading.Thread(target=self._run, name="idle film", daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self._end.set()
        self._wake.set()

    def want(self, scene: int | None) -> None:
        """The scene whose film may soon be shown; None while all is well."""
        if scene != self._wanted:
            self._wanted = scene
            self._wake.set()

    def adopt(self, edition: int) -> None:
        """Go on with another edition of the show, whose scenes may be others."""
        self._edition, self._scene = edition, None

    @property
    def ready(self) -> bool:
        """Whether there is a picture of the film that is wanted."""
        ready = self._ready
        return ready is not None and ready[0] == self._wanted

    def newest(self) -> tuple[Header, Picture] | None:
        """The picture that is due, if it was not handed out before. See RingReader.newest."""
        ready = self._ready
        if ready is None or ready[0] != self._wanted or ready[1] is self._taken:
            return None
        self._taken = ready[1]
        return ready[1], ready[2]

    def intact(self) -> bool:
        """Always: the slot handed out is not the next to be decoded into."""
        return True

    def step(self) -> float:
        """Decode the picture that is due; seconds until the next one is."""
        scene, now = self._wanted, self._clock.now()
        if scene is None:
            self._ready, self._scene = None, None
            return NAP
        if scene != self._scene or (self._film is None and now >= self._retry_at):
            self._open(scene, now)
        if self._film is None:
            return NAP
        number = int(now * self._film.rate)
        self._decode(self._film, scene, number)
        return max((number + 1) / self._film.rate - self._clock.now(), 0.001)

    def _open(self, scene: int, now: float) -> None:
        self._ready, self._scene, self._retry_at = None, scene, now + RETRY
        self._film = None
        with self._guard("the idle film"):
            self._film = self._find(scene)
        if film := self._film:
            shape = film.height, film.width, 4
            self._slots = [np.zeros(shape, np.uint8) for _ in range(SLOTS)]

    def _decode(self, film: Film, scene: int, number: int) -> None:
        self._count += 1
        out = self._slots[self._count % SLOTS]
        try:
            film.decode(number, out)
        except (OSError, ValueError):
            self._film, self._ready = None, None
            raise
        size, at = (film.width, film.height), number / film.rate
        header = Header(*size, scene, Flag.IDLE, self._count, at, edition=self._edition)
        self._ready = scene, header, out

    def _run(self) -> None:
        while not self._end.is_set():
            wait = NAP
            with self._guard("playing the idle film"):
                wait = self.step()
            self._wake.wait(wait)
            self._wake.clear()
