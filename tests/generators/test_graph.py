"""The graph every compiled backend plays, against the network in torch that was trained."""

import numpy as np
import onnx
import pytest

from installation.decks.backends.openvino import OpenVino
from installation.decks.backends.torch import Torch
from installation.generators.architecture import Architecture
from installation.generators.graph import synthesis_graph
from installation.generators.weights import Tensors
from tests.small_models import TINY, random_tensors, small_card

ARCHITECTURES = {
    "4 px": Architecture(z_dim=6, w_dim=5, resolution=4, channel_base=16, mapping_layers=1),
    "16 px": TINY,
    "32 px, narrow": Architecture(
        z_dim=9, w_dim=7, resolution=32, channel_base=512, channel_max=6, mapping_layers=3
    ),
    "64 px, clamped": Architecture(
        z_dim=8, w_dim=8, resolution=64, channel_base=512, channel_max=12, conv_clamp=0.8
    ),
}


def dimmed(arch: Architecture, seed: int) -> Tensors:
    """Random weights whose picture stays mostly between black and white."""
    tensors = random_tensors(arch, seed)
    for name, array in tensors.items():
        if name.endswith(("torgb.weight", "torgb.bias")):
            array *= 0.3
    return tensors


def picture(backend: type[OpenVino] | type[Torch], arch: Architecture, seed: int) -> np.ndarray:
    generator = backend(small_card(arch), dimmed(arch, seed), exact=True)
    out = np.zeros((generator.height, generator.width, 4), np.uint8)
    z = np.random.default_rng(seed).standard_normal(arch.z_dim)
    assert generator.draw(z, 0.8, out)
    return out


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("arch", ARCHITECTURES.values(), ids=ARCHITECTURES.keys())
def test_the_graph_paints_the_networks_picture_to_one_level(arch: Architecture, seed: int):
    compiled, reference = (picture(backend, arch, seed) for backend in (OpenVino, Torch))
    assert np.abs(compiled.astype(int) - reference.astype(int)).max() <= 1
    levels = reference[..., :3]
    assert levels.std() > 5
    assert np.isin(levels, (0, 255)).mean() < 0.5


def test_the_clamp_is_at_work_where_it_is_tested():
    free = Architecture(z_dim=8, w_dim=8, resolution=64, channel_base=512, channel_max=12)
    clamped = picture(Torch, ARCHITECTURES["64 px, clamped"], 0)
    assert (picture(Torch, free, 0) != clamped).any()


@pytest.mark.parametrize("backend", [OpenVino, Torch])
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_weights_that_are_no_numbers_give_no_picture(backend: type, number: float):
    tensors = random_tensors(TINY)
    tensors["synthesis.b16.torgb.bias"][:] = number
    generator = backend(small_card(TINY), tensors, exact=True)
    out = np.zeros((16, 16, 4), np.uint8)
    assert generator.draw(np.ones(TINY.z_dim), 1.0, out) is False


@pytest.mark.parametrize("arch", ARCHITECTURES.values(), ids=ARCHITECTURES.keys())
def test_the_graph_is_valid_onnx_with_the_promised_ends(arch: Architecture):
    model = onnx.load_from_string(synthesis_graph(random_tensors(arch), arch))
    onnx.checker.check_model(model, full_check=True)
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*model.graph.input, *model.graph.output)
    }
    side = arch.resolution
    sparse = -(-side // 16)
    assert shapes == {
        "ws": [1, arch.num_ws, arch.w_dim],
        "picture": [1, side, side, 4],
        "probe": [1, 3, sparse, sparse],
    }


def test_the_same_tensors_make_the_same_graph():
    graphs = {synthesis_graph(random_tensors(TINY), TINY) for _ in range(2)}
    assert len(graphs) == 1
