"""A line that says how far long work has come and how long it will take."""

import sys
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar

from installation.clock import Clock, MonotonicClock

Item = TypeVar("Item")
WIDTH = 32  # characters of the bar
EVERY = 0.1  # seconds between two drawings


def progress(
    items: Iterable[Item],
    total: int,
    what: str,
    out: TextIO | None = None,
    clock: Clock | None = None,
) -> Iterator[Item]:
    """Hand `items` through, drawing a bar where a person looks on (a terminal).

    `out` is standard error, if nothing else is said."""
    screen: TextIO = out or sys.stderr
    if not screen.isatty():
        yield from items
        return
    time = clock or MonotonicClock()
    begun, due = time.now(), 0.0
    for done, item in enumerate(items):
        if time.now() >= due:
            due = time.now() + EVERY
            screen.write(f"\r{line(what, done, total, time.now() - begun)}")
            screen.flush()
        yield item
    screen.write(f"\r{line(what, total, total, time.now() - begun)}\n")


def line(what: str, done: int, total: int, elapsed: float) -> str:
    """One drawing of the bar. `elapsed` in seconds."""
    full = WIDTH * done // max(total, 1)
    left = f"{elapsed / done * (total - done):.0f} s left" if done else "…"
    return f"{what} {'█' * full}{'·' * (WIDTH - full)} {done}/{total}  {left:<12}"
