"""A picture's way up to the graphics card: written plainly, or through pixel buffers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from installation.bench.rows import Spread
from installation.clock import Clock
from installation.errors import DeviceError

_WARM_UP = 3  # rounds
_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Times:
    """What an upload took the stage's thread, and until the picture was there."""

    thread: Spread
    whole: Spread

    def as_json(self) -> dict[str, Any]:
        """As in --json."""
        return {"thread_ms": self.thread.as_json(), "whole_ms": self.whole.as_json()}

    def __str__(self) -> str:
        return f"{self.thread.p50:.3f} ms, there after {self.whole.p50:.3f}"


@dataclass(frozen=True, slots=True)
class Uploads:
    """Both ways, picture by picture in turn. `used` is the one that the stage takes here."""

    resolution: int
    renderer: str
    used: str
    times: dict[str, Times]

    def as_json(self) -> dict[str, Any]:
        """As in --json."""
        told = {"resolution": self.resolution, "renderer": self.renderer, "used": self.used}
        return {**told, **{way: times.as_json() for way, times in self.times.items()}}

    def __str__(self) -> str:
        size = f"{self.resolution}x{self.resolution}"
        ways = "; ".join(
            f"{way} {times}{' (used)' if way == self.used else ''}"
            for way, times in self.times.items()
        )
        return f"upload: {size}: {ways}"


def uploads(resolution: int, clock: Clock, seconds: float = _SECONDS) -> Uploads | None:
    """Both ways on a context without a window; None where there is no OpenGL."""
    from installation.stage.gl import headless_context
    from installation.stage.upload import BufferedUpload, PlainUpload, upload_for

    try:
        context = headless_context()
    except DeviceError:
        return None
    ways = PlainUpload(), BufferedUpload(context)
    times = _times(context, ways, resolution, clock, seconds)
    found = Uploads(resolution, str(context.info["GL_RENDERER"]), upload_for(context).name, times)
    for way in ways:
        way.release()
    context.release()
    return found


def _times(
    context: Any, ways: Sequence[Any], resolution: int, clock: Clock, seconds: float
) -> dict[str, Times]:
    """In turn, so that what else the machine does falls on both."""
    texture = context.texture((resolution, resolution), 4)
    pixels = np.random.default_rng(0).integers(0, 256, (resolution, resolution, 4), np.uint8)
    thread: dict[str, list[float]] = {way.name: [] for way in ways}
    whole: dict[str, list[float]] = {way.name: [] for way in ways}
    ends = clock.now() + seconds
    while clock.now() < ends or len(whole[ways[0].name]) <= _WARM_UP:
        for way in ways:
            begun = clock.now()
            way.write(texture, pixels)
            thread[way.name].append(1e3 * (clock.now() - begun))
            context.finish()
            whole[way.name].append(1e3 * (clock.now() - begun))
    texture.release()
    return {
        name: Times(Spread.of(thread[name][_WARM_UP:]), Spread.of(whole[name][_WARM_UP:]))
        for name in thread
    }
