"""The preview: the newest whole picture, encoded once."""

import numpy as np
import simplejpeg

from installation.frames.header import Header
from installation.frames.ring import RingReader, RingWriter
from installation.panel.preview import Preview


def publish(writer: RingWriter, colour: tuple[int, int, int, int]) -> None:
    writer.frame(64, 32)[:] = colour
    writer.publish(Header(64, 32))


def test_it_shows_the_newest_picture_and_encodes_it_once():
    memory = memoryview(bytearray(1 << 20))
    writer, preview = RingWriter(memory), Preview(RingReader(memory))
    assert preview.jpeg() is None
    publish(writer, (200, 30, 30, 255))
    publish(writer, (20, 40, 220, 255))
    first = preview.jpeg()
    assert first is not None
    picture = simplejpeg.decode_jpeg(first)
    assert picture.shape == (32, 64, 3)
    assert np.abs(picture.astype(int) - (20, 40, 220)).max() < 6
    assert preview.jpeg() is first
    publish(writer, (0, 0, 0, 255))
    assert preview.jpeg() is not first


def test_a_scribbled_ring_keeps_the_last_good_picture():
    memory = memoryview(bytearray(1 << 20))
    writer, preview = RingWriter(memory), Preview(RingReader(memory))
    publish(writer, (9, 9, 9, 255))
    good = preview.jpeg()
    memory[:] = bytes(range(256)) * 4096
    assert preview.jpeg() is good
