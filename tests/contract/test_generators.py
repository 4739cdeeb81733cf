"""What every generator must do, whatever runs it. A new backend joins GENERATORS and no test."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from installation.decks.backends import tensorrt_api
from installation.decks.backends.tensorrt import TensorRt
from installation.decks.loading import load
from installation.generators.architecture import Architecture
from installation.generators.card import load_card
from installation.generators.graph import FOR_GPU, synthesis_graph
from installation.generators.protocol import Generator
from installation.generators.test_card import TestCard
from installation.generators.weights import load_weights
from installation.latent.space import Space
from tests import fake_tensorrt
from tests.small_models import random_tensors, write_model

Make = Callable[[Path, bool], Generator]

ARCH = Architecture(
    z_dim=12, w_dim=10, resolution=32, channel_base=256, channel_max=8, mapping_layers=2
)
LATENT = {"used": 8, "tide": [{"pair": [1, 2], "wavelength": 3.5}], "axes": {"foam": 0}}


def card(folder: Path, junk: bool) -> Generator:
    return TestCard(48, 32, fault="nan" if junk else "none")


def network(backend: str) -> Make:
    def make(folder: Path, junk: bool) -> Generator:
        tensors = random_tensors(ARCH)
        if junk:
            tensors["synthesis.b8.conv1.bias"][0] = np.nan
        write_model(folder / "small", ARCH, tensors, LATENT)
        return load("small", folder, backend, exact=True)

    return make


def engine(folder: Path, junk: bool) -> Generator:
    """TensorRT's player on an engine of the fake library, on a card that is the processor."""
    plain = network("openvino")(folder, junk)
    plain.close()
    card = load_card(folder / "small")
    weights = load_weights(folder / "small", card)
    trt = fake_tensorrt.library()
    built = tensorrt_api.build(trt, synthesis_graph(weights, ARCH, FOR_GPU))
    device = fake_tensorrt.HostDevice()
    return TensorRt(card, weights, engine=built, library=trt, device=device)


PLAYERS = ("openvino", "onnxruntime", "torch")
NETWORKS = {name: network(name) for name in PLAYERS} | {"tensorrt, faked": engine}
GENERATORS = {"test card": card, **NETWORKS}
every = pytest.mark.parametrize("make", GENERATORS.values(), ids=GENERATORS.keys())
networks = pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS.keys())


def place(generator: Generator, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(generator.space.z_dim)


def blank(generator: Generator, level: int = 0) -> np.ndarray:
    return np.full((generator.height, generator.width, 4), level, np.uint8)


def painted(generator: Generator, seed: int, psi: float = 1.0, level: int = 0) -> np.ndarray:
    out = blank(generator, level)
    assert generator.draw(place(generator, seed), psi, out) is True
    return out


@every
def test_it_says_what_it_is(make: Make, tmp_path: Path):
    generator = make(tmp_path, False)
    assert generator.name
    assert generator.backend
    assert generator.width >= 4
    assert generator.height >= 4
    assert isinstance(generator.space, Space)
    assert generator.space.z_dim >= 1


@networks
def test_its_space_is_the_cards(make: Make, tmp_path: Path):
    space = make(tmp_path, False).space
    assert (space.z_dim, space.used, dict(space.axes)) == (12, 8, {"foam": 0})
    assert space.tide[0].pair == (1, 2)


@every
def test_the_same_place_is_the_same_picture(make: Make, tmp_path: Path):
    generator = make(tmp_path, False)
    first = painted(generator, 1)
    painted(generator, 2)
    assert (painted(generator, 1) == first).all()
    assert (painted(make(tmp_path, False), 1) == first).all()


@every
def test_another_place_is_another_picture(make: Make, tmp_path: Path):
    generator = make(tmp_path, False)
    assert (painted(generator, 1) != painted(generator, 2)).any()


@every
def test_the_whole_of_out_is_written_and_opaque(make: Make, tmp_path: Path):
    generator = make(tmp_path, False)
    assert (painted(generator, 1, level=0) == painted(generator, 1, level=255)).all()
    assert (painted(generator, 1)[..., 3] == 255).all()


@every
def test_it_draws_into_shared_memory_too(make: Make, tmp_path: Path):
    generator = make(tmp_path, False)
    memory = memoryview(bytearray(generator.width * generator.height * 4))
    out = np.frombuffer(memory, np.uint8).reshape(blank(generator).shape)
    assert generator.draw(place(generator, 1), 1.0, out)
    assert (out == painted(generator, 1)).all()


@every
def test_it_leaves_the_place_alone(make: Make, tmp_path: Path):
    generator = make(tmp_path, False)
    z = place(generator, 3)
    generator.draw(z, 0.7, blank(generator))
    assert (z == place(generator, 3)).all()


@every
def test_full_truncation_is_one_picture(make: Make, tmp_path: Path):
    generator = make(tmp_path, False)
    pictures = [painted(generator, seed, psi=0.0) for seed in range(4)]
    assert all((picture == pictures[0]).all() for picture in pictures)


@every
def test_junk_is_told(make: Make, tmp_path: Path):
    generator = make(tmp_path, True)
    assert generator.draw(place(generator, 1), 1.0, blank(generator)) is False


@every
def test_closing_twice_is_no_fault(make: Make, tmp_path: Path):
    generator = make(tmp_path, False)
    painted(generator, 1)
    generator.close()
    generator.close()
