"""When an event reaches the wall, by the headers of the pictures and the record of presents."""

import random
import time
from collections.abc import Callable, Iterable

from installation.control.layout import SOURCES
from installation.control.told_rows import AUDIO_FEATURES
from installation.frames.ring import RingReader
from installation.inputs.audio_record import AudioRecord
from installation.memory import Arena, Mailbox
from installation.presents import PresentReader
from tools.latency.hands import CLICK_AT, EVERY

LOOK = 0.002  # seconds between two looks; pictures come every 15 ms
LOST = 2.0  # seconds after which an event will not arrive any more
PAUSE = 0.15, 0.35  # seconds between two events, drawn anew: no rhythm of the show is met

ROSE = 0.99  # an onset is 1 in the block that it is found in, and falls from there
_ONSET = AUDIO_FEATURES.index("onset")

Spans = list[float]  # seconds
Send = Callable[[], float]  # moves a hand; when it did, monotonic seconds


class Wall:
    """What is shown. Ask it every few milliseconds: a ring holds three pictures."""

    def __init__(self, arena: Arena) -> None:
        self._rings = [RingReader(arena.section(f"ring_{deck}")) for deck in "ab"]
        self._presents = PresentReader(arena)
        self._picture: int | None = None  # the first that the event is in, once it is made

    def watch(self) -> None:
        """Begin with another event: nothing that was presented so far is of it."""
        self._picture = None
        self._presents.fresh()

    def shows(self, source: str, since: float) -> float | None:
        """When the first picture that contains an event of `source`, received at `since` or later,
        was presented; None as long as there is none. Monotonic seconds."""
        received = 2 * SOURCES.index(source) + 1
        for ring in self._rings:
            newest = ring.newest()
            if newest and self._picture is None and newest[0].stamps[received] >= since:
                self._picture = newest[0].index
        for present in self._presents.fresh():
            if self._picture is not None and present.picture >= self._picture:
                return present.at
        return None


def played(
    wall: Wall, source: str, send: Send, events: Iterable[int], chance: random.Random
) -> Spans:
    """From moving a hand to the wall, so many times; without those that never arrived."""
    found = Spans()
    for _ in events:
        time.sleep(chance.uniform(*PAUSE))
        wall.watch()
        found += _arrival(wall, source, send())
    return found


def heard(wall: Wall, arena: Arena, events: Iterable[int]) -> Spans:
    """The same of clicks: from the block of samples that holds one to the first picture that was
    made with its onset."""
    box, found = Mailbox(arena.section("audio")), Spans()
    for _ in events:
        if onset := _onset(box):
            wall.watch()
            found += [onset[1] + span for span in _arrival(wall, "audio", onset[0])]
    return found


def _onset(box: Mailbox) -> tuple[float, float] | None:
    """When the next click was known for an onset, and how long after its block was full."""
    click, end = 0.0, time.monotonic() + LOST
    while time.monotonic() < end:
        record = AudioRecord.unpack(box.read() or AudioRecord().pack())
        if record.blocks % EVERY == CLICK_AT + 1:  # the first block is number one
            click = record.at
        if click and record.values[_ONSET] > ROSE:
            return record.at, record.at - click
        time.sleep(LOOK)
    return None


def _arrival(wall: Wall, source: str, since: float) -> Spans:
    """How long it took, or nothing where it was lost."""
    while time.monotonic() < since + LOST:
        if (at := wall.shows(source, since)) is not None:
            return [at - since]
        time.sleep(LOOK)
    return []
