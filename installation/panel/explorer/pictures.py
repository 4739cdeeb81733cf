"""The studio's pictures over HTTP: the newest are remembered, and none is painted twice at once."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

MEMORY = 48 * 1024 * 1024  # bytes of JPEG; a thumbnail of 128 px is 6 kB

Paint = Callable[[], Awaitable[bytes]]


class Pictures:
    """JPEGs by key, the least lately asked for forgotten first. On one loop."""

    def __init__(self, memory: int = MEMORY) -> None:
        self._memory, self._held = memory, 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._coming: dict[str, asyncio.Task[bytes]] = {}
        self._painting: set[asyncio.Task[bytes]] = set()  # those that were forgotten, too

    async def get(self, key: str, paint: Paint) -> bytes:
        """The picture of `key`, painted by `paint` unless it is here or on its way."""
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if key not in self._coming:
            task = self._coming[key] = asyncio.ensure_future(paint())
            self._painting.add(task)
            task.add_done_callback(lambda done: self._arrived(key, done))
        return await asyncio.shield(self._coming[key])

    def forget(self) -> None:
        """Forget all; what is on its way is painted, and not kept."""
        self._kept.clear()
        self._held, self._coming = 0, {}

    async def close(self) -> None:
        """End what is on its way; whoever waits for it is told so by CancelledError.

        Left to the end of the loop, each of them would fail there with the studio, and asyncio
        print a traceback for it."""
        painting = tuple(self._painting)
        for task in painting:
            task.cancel()
        await asyncio.gather(*painting, return_exceptions=True)

    def _arrived(self, key: str, done: asyncio.Task[bytes]) -> None:
        self._painting.discard(done)
        known = self._coming.get(key) is done
        if known:
            del self._coming[key]
        if done.cancelled() or done.exception() or not known:
            return
        self._kept[key] = done.result()
        self._held += len(self._kept[key])
        while self._held > self._memory:
            self._held -= len(self._kept.popitem(last=False)[1])
