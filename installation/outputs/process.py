"""The outputs process: takes the wall's pictures from the stage and passes them on.

Every sink has a thread and a bounded queue. Whatever they do, the stage only ever writes into a
ring that nobody makes it wait for.
"""

import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from installation import child
from installation.clock import Clock, MonotonicClock
from installation.frames.ring import RingReader
from installation.health import SPARE, HealthWriter
from installation.memory import Arena
from installation.outputs.recorder import Recorder, still
from installation.outputs.sink import Picture, Sink
from installation.outputs.wanted import Wanted
from installation.outputs.worker import Worker
from installation.session import Session
from installation.show.following import Following
from installation.show.outputs import Output, recorder, sent

EVERY = 1000.0  # pictures a second: all there are
LOOK = 0.004  # seconds between two looks at the ring: a quarter of a picture at 60 a second
FILM_MEMORY = 256 * 1024 * 1024  # bytes of pictures that may wait for a slow disk
PRESSES = ("/record/start", "/record/stop", "/capture/still")

log = logging.getLogger("outputs")


def main() -> None:
    """Run until the supervisor asks to stop or is gone."""
    session, arena, stop, _ = child.enter("outputs")
    outlets = Outlets(session, arena, MonotonicClock())
    while not stop:
        outlets.step()
    outlets.close()


class Outlets:
    """Everything the picture goes to beside the windows."""

    def __init__(self, session: Session, arena: Arena, clock: Clock) -> None:
        self._folder, self._clock = Path(session.show_folder), clock
        self._following = Following(arena)
        self._ring, self._wanted = (
            RingReader(arena.section("frames")),
            Wanted(arena.section("wanted")),
        )
        self._health = HealthWriter(arena, SPARE, os.getpid())
        self._counts: dict[str, float] = {}
        self._film: Worker | None = None
        self._filming_since = 0.0
        self._still = False
        self._beat = 0
        self._open()

    def step(self) -> None:
        """Look once: at the show, at its triggers, at the ring."""
        now = self._clock.now()
        if (former := self._following.step()) and former.show.outputs != self._outputs:
            self.close()
            self._open()
        self._hear()
        self._wanted.write(EVERY if self._live or self._film or self._still else 0.0)
        picture = self._newest()
        if picture:
            self._pass_on(*picture)
        else:
            self._clock.sleep(LOOK)
        self._beat += 1
        if self._health.due(now):
            self._tell(now)

    def close(self) -> None:
        """End every sink, the film first: it has the most to lose."""
        self._wanted.write(0.0)
        workers = [*([self._film] if self._film else []), *self._live]
        for worker in workers:
            worker.finish()
        for worker in workers:
            if not worker.join():
                log.warning("%s did not end in time", worker.name)
        self._film, self._live = None, []

    @property
    def _outputs(self) -> list[Output]:
        return self._following.edition.show.outputs

    def _open(self) -> None:
        self._live = [Worker(*named) for output in sent(self._outputs) if (named := _named(output))]
        self._following.state.refresh()  # what was pressed before this process came is done
        self._counts = self._pressed()

    def _pressed(self) -> dict[str, float]:
        table, state = self._following.edition.table, self._following.state
        return {address: state[address] for address in PRESSES if address in table}

    def _hear(self) -> None:
        """What was pressed since the last look."""
        counts = self._pressed()
        for address, count in counts.items():
            if count > self._counts.get(address, count):
                self._press(address)
        self._counts = counts

    def _press(self, address: str) -> None:
        if address == "/capture/still":
            self._still = True
        elif address == "/record/start" and not self._film:
            wanted = recorder(self._outputs)
            if wanted:
                folder = self._folder / wanted.folder
                log.info("recording into %s", folder)
                self._filming_since = self._clock.now()
                self._film = Worker(
                    "the film", lambda: Recorder(folder, wanted.codec, wanted.most), FILM_MEMORY
                )
        elif address == "/record/stop" and self._film:
            self._film.finish()
            log.info("recorded %d pictures, %d dropped", self._film.sent, self._film.dropped)
            self._film = None

    def _newest(self) -> tuple[Picture, float] | None:
        found = self._ring.newest()
        if found is None:
            return None
        header, pixels = found
        picture = pixels.copy()
        return (picture, header.made_at) if self._ring.intact() else None

    def _pass_on(self, picture: Picture, at: float) -> None:
        for worker in (*self._live, *([self._film] if self._film else [])):
            worker.offer(picture, at)
        if self._still:
            self._still = False
            self._keep(picture)

    def _keep(self, picture: Picture) -> None:
        wanted = recorder(self._outputs)
        if wanted:
            try:
                log.info("kept %s", still(self._folder / wanted.folder, picture))
            except OSError as error:
                log.error("the still is not kept: %s", error)

    def _tell(self, now: float) -> None:
        film = self._film.status() if self._film else None
        if film:
            film["seconds"] = round(now - self._filming_since, 1)
        sinks: Mapping[str, object] = {worker.name: worker.status() for worker in self._live}
        errors = [each.error for each in (*self._live, self._film) if each and each.error]
        self._health.write(
            now,
            self._beat,
            recording=self._film is not None,
            film=film,
            sinks=sinks,
            torn=self._ring.torn,
            error=errors[0] if errors else None,
        )


def _named(output: Output) -> tuple[str, Callable[[], Sink]] | None:
    """A live sink's name and how it is opened: what it needs is loaded on its own thread."""
    if ndi := output.ndi:
        return f"NDI {ndi.name}", lambda: _ndi(ndi.name)
    if share := output.share:
        return f"share {share.file}", lambda: _share(share.file)
    if spout := output.spout:
        return f"Spout {spout.name}", lambda: _spout(spout.name)
    if syphon := output.syphon:
        return f"Syphon {syphon.name}", lambda: _syphon(syphon.name)
    return None


def _ndi(name: str) -> Sink:
    from installation.outputs.ndi import NdiSink

    return NdiSink(name)


def _share(file: str) -> Sink:
    from installation.outputs.share import ShareSink

    return ShareSink(Path(file))


def _spout(name: str) -> Sink:
    from installation.outputs.spout import SpoutSink

    return SpoutSink(name)


def _syphon(name: str) -> Sink:
    from installation.outputs.syphon import SyphonSink

    return SyphonSink(name)
