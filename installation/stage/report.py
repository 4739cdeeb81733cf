"""The stage's health record: what it says of itself four times a second."""

import math
from typing import Any

from installation.stage.figures import interval_record
from installation.stage.loop import Loop


def record(loop: Loop, now: float) -> dict[str, Any]:
    """The record's fields. Times are monotonic seconds unless their name says ms."""
    age = loop.programme.main.timeline.age(now)
    luma, presented = loop.meter.luma, loop.presented
    return {
        "presented": presented.rate.total,
        "house": presented.house,
        "fps": round(presented.rate.per_second(), 2),
        "first_live_at": presented.first_live_at,
        "black": loop.meter.black,
        "luma": None if luma is None else round(luma, 4),
        "mode": str(loop.programme.fallback.mode),
        "interval_ms": interval_record(presented.intervals),
        "oldest_picture_ms": round(1e3 * presented.oldest_picture, 1),
        "picture_age": None if math.isinf(age) else round(age, 4),
        "control_ms": presented.latency.record(),
        "renderer": loop.drawn_by,
        "canvas": loop.canvas,
        "quality": loop.quality.level,
        "hot": loop.links.thermometer.hot,
        "headless": not loop.surface.shown,
        "screen": loop.surface.name,
        "shader_error": loop.renderer.library.error,
        "torn": sum(ring.torn for ring in loop.links.rings),
    }
