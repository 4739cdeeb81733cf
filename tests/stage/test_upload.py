"""What every way of a picture up to the card must do. The plain one is what llvmpipe plays with."""

from collections.abc import Callable, Iterator

import moderngl
import numpy as np
import pytest

from installation.stage.framing import STILL
from installation.stage.gl import Target, headless_context
from installation.stage.pictures import DeckPictures
from installation.stage.upload import BUFFERS, BufferedUpload, PlainUpload, Upload, upload_for
from tests.stage.conftest import Make

Ways = Callable[[moderngl.Context], Upload]
WAYS: list[Ways] = [lambda context: PlainUpload(), BufferedUpload]


def noise(seed: int, width: int, height: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)


def shown(texture: moderngl.Texture) -> np.ndarray:
    width, height = texture.size
    return np.frombuffer(texture.read(), np.uint8).reshape(height, width, 4)


@pytest.fixture(params=WAYS, ids=["plain", "buffered"])
def way(request: pytest.FixtureRequest, context: moderngl.Context) -> Iterator[Upload]:
    made = request.param(context)
    yield made
    made.release()


def test_the_picture_arrives_whatever_is_written_over_it_afterwards(
    way: Upload, context: moderngl.Context
):
    """The deck may come round to the slot as soon as `write` returns."""
    textures = [context.texture((64, 48), 4) for _ in range(2 * BUFFERS + 1)]
    slot = np.empty((48, 64, 4), np.uint8)
    for seed, texture in enumerate(textures):
        slot[:] = noise(seed, 64, 48)
        way.write(texture, slot)
        slot[:] = 0
    for seed, texture in enumerate(textures):
        assert np.array_equal(shown(texture), noise(seed, 64, 48))
        texture.release()


def test_pictures_may_change_their_size(way: Upload, context: moderngl.Context):
    for seed, size in enumerate([(16, 16), (33, 17), (256, 128), (1, 1), (16, 16)]):
        texture = context.texture(size, 4)
        way.write(texture, noise(seed, *size))
        assert np.array_equal(shown(texture), noise(seed, *size))
        texture.release()


def test_it_goes_on_after_a_release(way: Upload, context: moderngl.Context):
    texture = context.texture((16, 16), 4)
    way.write(texture, noise(0, 16, 16))
    way.release()
    way.write(texture, noise(1, 16, 16))
    assert np.array_equal(shown(texture), noise(1, 16, 16))
    texture.release()


def test_the_wall_is_the_same_either_way(make: Make, context: moderngl.Context):
    core, pictures = make().core, []
    for way in (PlainUpload(), BufferedUpload(context)):
        deck, wall = DeckPictures(core, way), Target(context, (96, 54))
        for seed in range(4):
            deck.show(noise(seed, 32, 32), float(seed))
        deck.blend(0.5)
        deck.enlarge(wall, STILL, 1.0, add=False)
        pictures.append(wall.framebuffer.read(components=4, dtype="f2"))
        deck.release()
        wall.release()
    assert pictures[0] == pictures[1]


def test_a_lost_context_takes_its_buffers_with_it_and_the_next_has_its_own(
    context: moderngl.Context,
):
    for seed in range(2):
        other = headless_context()
        way, texture = BufferedUpload(other), other.texture((16, 16), 4)
        way.write(texture, noise(seed, 16, 16))
        assert np.array_equal(shown(texture), noise(seed, 16, 16))
        other.release()  # with its buffers still out
    context.__enter__()  # current again, for the tests that follow
    assert context.buffer(b"here").read() == b"here"


def test_a_processor_that_draws_writes_plainly_and_a_card_gets_buffers(context: moderngl.Context):
    class Card:
        info = {"GL_RENDERER": "NVIDIA GeForce RTX 4090/PCIe/SSE2"}

    assert upload_for(context).name == "plain"
    assert upload_for(Card()).name == "pixel buffers"  # pyright: ignore[reportArgumentType]
