"""The last part of a picture's way: from shared memory to the finished canvas on the stage."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from installation.bench.rows import Spread
from installation.bench.trial import Watch
from installation.clock import Clock
from installation.errors import DeviceError
from installation.session import SHADERS
from installation.show.loader import build_table
from installation.show.schema import Show

CANVAS = (1280, 720)  # a window's usual size
_SHOW = {"models": {"card": {"test_card": {}}}, "scenes": {"bench": {"model": "card"}}}
_WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Wall:
    """What the stage takes to upload a picture, mix it, give it its look and finish drawing."""

    resolution: int
    renderer: str
    times: Spread

    def as_json(self) -> dict[str, Any]:
        """As in --json."""
        told = {"resolution": self.resolution, "renderer": self.renderer}
        return {**told, "canvas": list(CANVAS), "present_ms": self.times.as_json()}

    def __str__(self) -> str:
        size, canvas = f"{self.resolution}x{self.resolution}", f"{CANVAS[0]}x{CANVAS[1]}"
        times = f"{self.times.p50:.2f} ms p50, {self.times.p99:.2f} ms p99"
        return f"wall: {size} on {canvas}: {times} ({self.renderer})"


def wall(resolution: int, clock: Clock, seconds: float = 1.0) -> Wall | None:
    """The stage's own renderer, headless, with the usual look; None where there is no OpenGL."""
    from installation.stage.gl import headless_context, share_processor
    from installation.stage.renderer import Renderer
    from installation.stage.shot import Shot

    share_processor()
    try:
        context = headless_context()
    except DeviceError:
        return None
    show = Show.model_validate(_SHOW)
    table = build_table(show, SHADERS)
    renderer = Renderer(context, CANVAS, [show.scenes["bench"].look], table, SHADERS)
    values = np.array([row.default for row in table], np.float64)
    pictures = _pictures(resolution)

    def present() -> None:
        renderer.decks[0].show(pictures[len(watch.times) % 2], clock.now())
        renderer.draw(Shot(time=clock.now(), values=values))
        context.finish()

    watch = Watch(clock)
    _repeat(watch.on(present), clock, seconds)
    named = str(context.info["GL_RENDERER"])
    renderer.release()
    context.release()
    return Wall(resolution, named, Spread.of(watch.times[_WARM_UP:]))


def _pictures(resolution: int) -> np.ndarray:
    shape = (2, resolution, resolution, 4)
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def _repeat(work: Callable[[], None], clock: Clock, seconds: float) -> None:
    """Warm up, then go on for that long, once at least."""
    for _ in range(_WARM_UP):
        work()
    begun = clock.now()
    work()
    while clock.now() - begun < seconds:
        work()
