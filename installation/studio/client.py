"""The desk's end of the studio: starts it when it is asked for something, ends it when it is idle.

On one asyncio loop. One request at a time is in the studio; the others wait here, the urgent
first, so that a hand on a slider never waits for thumbnails, and one that nobody wants any more is
dropped.
"""

import asyncio
import contextlib
import heapq
import itertools
import logging
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from installation.errors import InstallationError, ModelError
from installation.generators.card import load_card
from installation.studio import wire

IDLE = 90.0  # seconds without a request after which the studio ends
PATIENCE = 60.0  # seconds a request may take: the first one loads a model, maybe torch
CROWD = 128  # requests that may wait; a page asks for six at once
FALLS, MINUTE, PAUSE = 3, 60.0, 30.0  # that many falls in a minute make a pause
COMMAND = (sys.executable, "-m", "installation.studio", str(os.getpid()))

Answers = asyncio.Queue[wire.Frame | None]


class StudioError(InstallationError):
    """The studio cannot do what it was asked; one line says why."""


class BusyError(StudioError):
    """Too much is waiting, or the studio has just fallen too often: ask again later."""


class Turns:
    """One at a time, the urgent first; among equals, first come, first served."""

    def __init__(self, crowd: int = CROWD) -> None:
        self._crowd, self._taken = crowd, False
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._count = itertools.count()

    @contextlib.asynccontextmanager
    async def turn(self, urgent: bool) -> AsyncIterator[None]:
        """Wait for a turn and hold it while the block runs. Raises BusyError in a crowd."""
        if self._taken:
            await self._wait(urgent)
        self._taken = True
        try:
            yield
        finally:
            self._next()

    async def _wait(self, urgent: bool) -> None:
        if len(self._waiting) >= self._crowd:
            raise BusyError("the studio has more to paint than it can; ask again in a moment")
        mine = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (not urgent, next(self._count), mine))
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._next()  # the turn came while we left
            raise

    def _next(self) -> None:
        while self._waiting:
            future = heapq.heappop(self._waiting)[2]
            if not future.done():
                future.set_result(None)
                return
        self._taken = False


class Studio:
    """The studio as the panel sees it. Every method runs on the panel's loop."""

    def __init__(
        self, folder: Path, models: Mapping[str, Any], log: logging.Logger, idle: float = IDLE
    ) -> None:
        """`models` is show.yaml's section, as plain data; its paths start at `folder`."""
        self.models = dict(models)
        self._folder, self._log, self._idle = folder, log, idle
        self._turns = Turns()
        self._process: asyncio.subprocess.Process | None = None
        self._ear: asyncio.Task[None] | None = None
        self._clock: asyncio.TimerHandle | None = None
        self._answers: dict[int, Answers] = {}
        self._ids = itertools.count(1)
        self._falls: list[float] = []
        self._checksums: dict[str, str] = {}

    async def adopt(self, models: Mapping[str, Any]) -> None:
        """Paint with the models of another edition of the show. What is being painted fails."""
        self.models, self._checksums = dict(models), {}
        await self.close()

    async def checksums(self) -> Mapping[str, str]:
        """The checksum of each model's weights, as its card has it; "" where there is no card."""
        if self._checksums.keys() != self.models.keys():
            self._checksums = await asyncio.to_thread(_checksums, self._folder, dict(self.models))
        return self._checksums

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return self._process.pid if self._process else None

    async def ask(
        self,
        message: wire.Message,
        body: bytes = b"",
        urgent: bool = False,
        gone: Callable[[], Awaitable[bool]] | None = None,
    ) -> wire.Frame:
        """One request and its answer. `gone` tells, when its turn has come, whether nobody waits
        for it any more. Raises StudioError."""
        async with self._turns.turn(urgent):
            if gone and await gone():
                raise BusyError("nobody waited for it")
            async with self._line({**message, "urgent": urgent}, body) as (_, answers):
                return _good(await self._answer(answers))

    async def work(self, message: wire.Message, body: bytes = b"") -> AsyncIterator[wire.Frame]:
        """Long work: every word of it, the last without `more`. Leaving it cancels the work."""
        async with self._line(message, body) as (number, answers):
            try:
                while True:
                    answer = _good(await self._answer(answers))
                    yield answer
                    if not answer[0].get("more"):
                        return
            finally:
                await self._cancel(number)

    async def close(self) -> None:
        """End the studio."""
        if self._clock:
            self._clock.cancel()
        process, self._process = self._process, None
        if process and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if self._ear:
            await self._ear

    @contextlib.asynccontextmanager
    async def _line(self, message: wire.Message, body: bytes) -> AsyncIterator[tuple[int, Answers]]:
        """A request on its way: its number, and where its answers arrive."""
        process = await self._alive()
        number = next(self._ids)
        answers = self._answers[number] = asyncio.Queue()
        try:
            await self._send(process, {**message, "id": number}, body)
            yield number, answers
        finally:
            del self._answers[number]
            self._rest()

    async def _send(
        self, process: asyncio.subprocess.Process, message: wire.Message, body: bytes
    ) -> None:
        assert process.stdin
        try:
            process.stdin.write(wire.pack(message, body))
            await process.stdin.drain()
        except ConnectionError:
            raise StudioError("the studio ended; it is started again") from None

    async def _answer(self, answers: Answers) -> wire.Frame:
        try:
            answer = await asyncio.wait_for(answers.get(), PATIENCE)
        except TimeoutError:
            self._log.error("the studio gave no answer for %.0f s; it is ended", PATIENCE)
            await self.close()
            raise StudioError("the studio took too long; it is started again") from None
        if answer is None:
            raise StudioError("the studio ended; it is started again")
        return answer

    async def _cancel(self, number: int) -> None:
        if self._process and self._process.returncode is None:
            with contextlib.suppress(StudioError):
                await self._send(self._process, {"do": "cancel", "id": 0, "of": number}, b"")

    async def _alive(self) -> asyncio.subprocess.Process:
        if self._clock:
            self._clock.cancel()
        if self._process is None or self._process.returncode is not None:
            await self._start()
        assert self._process
        return self._process

    async def _start(self) -> None:
        now = asyncio.get_running_loop().time()
        self._falls = [fall for fall in self._falls if now - fall < MINUTE]
        if len(self._falls) >= FALLS and now - self._falls[-1] < PAUSE:
            raise BusyError("the studio falls again and again; it is tried again in half a minute")
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(*COMMAND, stdin=pipe, stdout=pipe)
        hello = {"folder": str(self._folder), "models": self.models}
        await self._send(self._process, hello, b"")
        self._ear = asyncio.create_task(self._hear(self._process))

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        while (frame := await wire.receive(process.stdout)) is not None:
            if frame[0]["id"] in self._answers:
                self._answers[frame[0]["id"]].put_nowait(frame)
        code = await process.wait()
        if process.stdin:
            process.stdin.close()
        if self._process is process:
            self._process = None
            self._falls.append(asyncio.get_running_loop().time())
            self._log.error("the studio ended with code %d", code)
        for answers in self._answers.values():
            answers.put_nowait(None)

    def _rest(self) -> None:
        """After a while without requests the studio ends, and its memory is free."""
        if self._clock:
            self._clock.cancel()
        if self._answers:
            return
        loop = asyncio.get_running_loop()
        self._clock = loop.call_later(self._idle, lambda: loop.create_task(self.close()))


def _checksums(folder: Path, models: Mapping[str, Any]) -> dict[str, str]:
    """Read from the cards; a card that cannot be read is told of by the deck that loads it."""
    found = dict.fromkeys(models, "")
    for name, model in models.items():
        with contextlib.suppress(ModelError):
            found[name] = load_card(folder / model).sha256 if isinstance(model, str) else ""
    return found


def _good(answer: wire.Frame) -> wire.Frame:
    if "error" in answer[0]:
        raise StudioError(answer[0]["error"])
    return answer
