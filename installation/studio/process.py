"""The studio: a child of the desk that paints for the explorer, one thing after the other.

It is the least of the processes: niced, on one thread, first to go when memory runs out, and it
rests as long as a thumbnail took before it takes the next, so that half a core is all it can want.
Long work (a film, a search) is cut into steps, and pictures are painted between them.
"""

import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from pydantic import TypeAdapter

from installation.errors import InstallationError
from installation.show.models import AnyModel
from installation.studio import recipe, thumbnails, wire
from installation.studio.easel import Easel
from installation.studio.film import film
from installation.studio.painter import load
from installation.studio.upload import picture_in

NICE = 19
KEPT = 2  # models in memory
REST = 1.0  # of the time a thumbnail took; 1.0 leaves half of one core to others
WAITING = 64  # requests read ahead
SHOWN = 4  # steps of a search between two looks at it

Requests = queue.Queue[wire.Frame | None]
Work = Iterator[wire.Frame]

_MODELS = TypeAdapter(dict[str, AnyModel])


class Studio:
    """Answers requests. `rest` is called with seconds, `now` tells them."""

    def __init__(
        self,
        folder: Path,
        models: dict[str, Any],
        rest: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder, self._rest, self._now = folder, rest, now
        self._models = _MODELS.validate_python(models)
        self._easels: dict[str, Easel] = {}
        self._job: tuple[int, Work] | None = None
        self._rested = 0.0  # when the next thumbnail may begin

    @property
    def busy(self) -> bool:
        """Whether there is long work to go on with."""
        return self._job is not None

    def answer(self, message: wire.Message, body: bytes) -> wire.Frame | None:
        """Do one request, or begin it. Whatever is wrong with it is said in the answer."""
        do = getattr(self, f"_do_{message['do']}")
        return self._safely(message["id"], lambda: do(message, body))

    def step(self) -> wire.Frame | None:
        """Go on with the long work."""
        assert self._job
        number, work = self._job
        return self._safely(number, lambda: self._on(work))

    def _safely(self, number: int, do: Callable[[], wire.Frame | None]) -> wire.Frame | None:
        try:
            answer = do()
        except (InstallationError, ValueError) as error:
            self._end_of(number)
            return {"id": number, "error": str(error).splitlines()[0]}, b""
        return ({**answer[0], "id": number}, answer[1]) if answer else None

    def _on(self, work: Work) -> wire.Frame | None:
        frame = next(work, None)
        if frame is None or not frame[0].get("more"):
            self._job = None
        return frame

    def _end_of(self, number: int) -> None:
        if self._job and self._job[0] == number:
            self._job = None

    def _do_paint(self, message: wire.Message, body: bytes) -> wire.Frame:
        """`body` is a recipe, `side` pixels, `journey` what it is a point of; answers a JPEG."""
        easel, point = self._easel(message["model"]), recipe.point(body)
        if kept := thumbnails.find(easel.painter.sha256, point, message["side"]):
            return {}, kept
        if not message.get("urgent"):
            self._rest(max(0.0, self._rested - self._now()))
        begun = self._now()
        ws = easel.styles(point, message.get("journey", ""))
        jpeg = easel.jpeg(ws, message["side"])
        self._rested = self._now() + REST * (self._now() - begun)
        return {}, jpeg

    def _do_describe(self, message: wire.Message, body: bytes) -> wire.Frame:
        """What the explorer needs to know of a model."""
        easel = self._easel(message["model"])
        ways = [
            {"name": way.name, "kind": way.kind, "span": way.span}
            for way in easel.atlas.ways.values()
        ]
        painter = easel.painter
        return {"sha256": painter.sha256, "side": painter.side, "ways": ways}, b""

    def _do_find(self, message: wire.Message, body: bytes) -> wire.Frame:
        """A recipe's position: z where it has one, else a style for every layer; float32 bytes."""
        easel = self._easel(message["model"])
        found = easel.atlas.find(recipe.point(body))
        where = found.ws if found.z is None else found.z
        told = {"shape": list(where.shape), "sha256": easel.painter.sha256}
        return told, np.asarray(where, "<f4").tobytes()

    def _do_search(self, message: wire.Message, body: bytes) -> None:
        """`body` is a JPEG; answers progress with pictures, and at last the styles."""
        self._begin(message["id"], self._search(self._easel(message["model"]), body))

    def _do_film(self, message: wire.Message, body: bytes) -> None:
        """`body` is a journey's JSON, `out` the file; answers progress."""
        easel = self._easel(message["model"])
        curve, out = easel.curve(body.decode()), Path(message["out"])
        painted = lambda at: easel.painter.paint(easel.atlas.styles(at), easel.painter.side)  # noqa: E731
        self._begin(message["id"], film(curve, painted, out, message["fps"]))

    def _do_cancel(self, message: wire.Message, body: bytes) -> None:
        """Leave the long work `of`."""
        self._end_of(message["of"])

    def _begin(self, number: int, work: Work) -> None:
        if self._job:
            raise ValueError("the studio is at other long work; wait for it, or cancel it")
        self._job = number, work

    def _search(self, easel: Easel, body: bytes) -> Work:
        from installation.studio.projector import project

        picture = picture_in(body)
        for count, progress in enumerate(project(easel.painter, easel.atlas, picture)):
            last = progress.done >= 1
            if last or count % SHOWN == 0:
                jpeg = easel.jpeg(progress.ws, easel.painter.side)
                told = {
                    "done": progress.done,
                    "l1": progress.l1,
                    "jpeg": len(jpeg),
                    "more": not last,
                }
                whole = {"shape": progress.ws.shape, "sha256": easel.painter.sha256}
                ws = progress.ws.astype("<f4").tobytes()
                yield ({**told, **whole}, jpeg + ws) if last else ({**told, "more": True}, jpeg)
            else:
                yield {"more": True}, b""

    def _easel(self, model: str) -> Easel:
        """The model's easel; the one longest unused makes room."""
        easel = self._easels.pop(model, None)
        if easel is None:
            if model not in self._models:
                raise ValueError(f"the show has no model {model}")
            while len(self._easels) >= KEPT:
                self._easels.pop(next(iter(self._easels)))
            easel = Easel(load(self._models[model], self._folder))
        self._easels[model] = easel
        return easel


def serve(studio: Studio, requests: Requests, out: BinaryIO) -> None:
    """Answer until the desk goes."""
    while True:
        try:
            frame = requests.get(block=not studio.busy)
        except queue.Empty:
            _send(out, studio.step())
            continue
        if frame is None:
            return
        _send(out, studio.answer(*frame))


def _send(out: BinaryIO, frame: wire.Frame | None) -> None:
    if frame and not (frame[0].get("more") and len(frame[0]) == 2):  # a step with nothing to tell
        out.write(wire.pack(*frame))
        out.flush()


def listen(stream: BinaryIO, requests: Requests) -> None:
    """Read requests ahead, so that a closed pipe is seen between two steps of a long work."""
    while (frame := wire.read(stream)) is not None:
        requests.put(frame)
    requests.put(None)


def main() -> None:
    """The process's life: the first frame says which models there are, the rest are requests."""
    os.nice(NICE)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak into the pipe
    hello = wire.read(sys.stdin.buffer)
    if hello is None:
        return
    requests: Requests = queue.Queue(WAITING)
    threading.Thread(target=listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    serve(Studio(Path(hello[0]["folder"]), hello[0]["models"]), requests, out)
