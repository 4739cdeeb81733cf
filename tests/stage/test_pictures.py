import random

import numpy as np
import pytest

from installation.control.state import Values
from installation.frames.header import Header
from installation.frames.ring import Picture, RingReader, RingWriter
from installation.stage.renderer import Renderer
from installation.stage.shot import Shot
from tests.stage.conftest import Make, flat

RING = 3 * (64 * 64 * 4 + 16384)


class Torn:
    """A source whose writer came round while the picture was uploaded."""

    def newest(self) -> tuple[Header, Picture]:
        return Header(64, 36, made_at=2.0), flat(250)

    def intact(self) -> bool:
        return False


def level(renderer: Renderer, values: Values) -> float:
    renderer.draw(Shot(0.0, values, blend=(0.5, 1.0)))
    return float(renderer.read()[..., :3].mean())


def publish(writer: RingWriter, value: int, made_at: float) -> None:
    writer.frame(64, 36)[:] = flat(value)
    writer.publish(Header(64, 36, made_at=made_at))


def test_the_newest_of_the_ring_is_shown(make: Make, values: Values):
    memory = memoryview(bytearray(RING))
    writer, reader = RingWriter(memory), RingReader(memory)
    deck = make().decks[0]
    assert not deck.poll(reader)
    publish(writer, 10, 1.0)
    publish(writer, 90, 1.1)
    assert deck.poll(reader)
    assert not deck.poll(reader)
    assert deck.header is not None
    assert deck.header.made_at == 1.1


def test_a_torn_picture_leaves_both_on_show_untouched(make: Make, values: Values):
    renderer = make()
    renderer.decks[0].show(flat(40), made_at=1.0)
    renderer.decks[0].show(flat(60), made_at=1.1)
    before = level(renderer, values)
    assert not renderer.decks[0].poll(Torn())
    assert level(renderer, values) == pytest.approx(before)
    assert renderer.decks[0].timeline.newest_at == 1.1


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes_in_the_ring_are_survived(make: Make, values: Values, seed: int):
    memory = memoryview(bytearray(RING))
    writer, reader = RingWriter(memory), RingReader(memory)
    renderer = make()
    publish(writer, 120, 1.0)
    renderer.decks[0].poll(reader)
    noise = random.Random(seed)
    start = noise.choice([0, 4096, 4096 + (RING - 4096) // 3 // 4096 * 4096])
    memory[start : start + 300] = noise.randbytes(300)
    renderer.decks[0].poll(reader)
    assert level(renderer, values) == pytest.approx(120, abs=1)
    publish(RingWriter(memory), 30, 2.0)
    publish(RingWriter(memory), 30, 2.1)
    renderer.decks[0].poll(reader)


def test_a_plausible_head_over_an_impossible_picture_is_not_shown(make: Make):
    deck = make().decks[0]

    class Scribbled(Torn):
        def __init__(self, header: Header) -> None:
            self.header = header

        def newest(self) -> tuple[Header, Picture]:
            return self.header, np.zeros((1, 1, 4), np.uint8)

        def intact(self) -> bool:
            return True

    assert not deck.poll(Scribbled(Header(1, 1, made_at=float("nan"))))
    assert not deck.poll(Scribbled(Header(1_000_000, 1, made_at=1.0)))
    assert deck.header is None
