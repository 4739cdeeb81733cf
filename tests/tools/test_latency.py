"""When an event reaches the wall, told from headers and presents that are made up."""

from pathlib import Path

import pytest

from installation.control.layout import SOURCES
from installation.frames.header import Header
from installation.frames.ring import RingWriter
from installation.inputs.sound_file import SoundFile
from installation.memory import Arena
from installation.presents import PresentWriter
from installation.session import SECTIONS
from tools.latency.hands import BLOCK, CLICK_AT, EVERY, inputs
from tools.latency.wall import Wall


class Show:
    def __init__(self) -> None:
        self.arena = Arena.create(SECTIONS)
        self._ring = RingWriter(self.arena.section("ring_b"))
        self._presents = PresentWriter(self.arena)

    def paint(self, index: int, **received: float) -> None:
        """A picture whose newest events were received then."""
        stamps = [at for source in SOURCES for at in (0.0, received.get(source, 0.0))]
        self._ring.frame(8, 8)[:] = 0
        self._ring.publish(Header(8, 8, index=index, stamps=tuple(stamps)))

    def present(self, picture: int, at: float) -> None:
        self._presents.add(at, picture, None, "live", black=False)


@pytest.mark.parametrize("source", SOURCES)
def test_the_first_present_of_the_first_picture_with_the_event_counts(source: str):
    show = Show()
    wall = Wall(show.arena)
    show.paint(7, **{source: 1.0})
    show.present(7, 1.1)
    wall.watch()  # none of that is of the event
    assert wall.shows(source, 2.0) is None
    show.present(7, 2.01)
    assert wall.shows(source, 2.0) is None
    show.paint(8, **{source: 2.002})
    show.present(7, 2.02)
    assert wall.shows(source, 2.0) is None
    show.paint(9, **{source: 2.002})  # it stands in the later ones, too
    show.present(8, 2.03)
    show.present(9, 2.05)
    assert wall.shows(source, 2.0) == 2.03
    wall.watch()
    assert wall.shows(source, 3.0) is None


def test_the_click_is_in_the_block_that_it_is_said_to_be_in(tmp_path: Path):
    file = SoundFile(Path(inputs(tmp_path)["audio"]["file"]))
    blocks = file.blocks(BLOCK)
    for round_ in range(2):
        loud = [abs(next(blocks)).max() > 0.1 for _ in range(EVERY)]
        assert loud == [place == CLICK_AT for place in range(EVERY)], round_
