import numpy as np
import onnx
import pytest
from onnx import shape_inference

from installation.bench import subjects
from installation.bench.cost import gflop
from installation.errors import InstallationError, ModelError
from installation.generators.architecture import Architecture
from installation.generators.architecture3 import Architecture3
from installation.generators.graph import Form, synthesis_graph
from installation.generators.weights import check_shapes
from tests.small_models import TINY, random_tensors, write_model

SHOW = "models: {sea: small, card: {test_card: {}}}\nscenes: {a: {model: sea}}\n"


def counted(arch: Architecture) -> float:
    """The multiply-adds of a graph's ordinary convolutions, from its nodes, their shapes and the
    weights that are not zero; of a form that takes one pixel at a time."""
    graph = synthesis_graph(random_tensors(arch), arch, Form(noise=True))
    model = shape_inference.infer_shapes(onnx.load_from_string(graph), strict_mode=True)
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in model.graph.value_info
    }
    weights = {
        constant.name: np.count_nonzero(onnx.numpy_helper.to_array(constant))
        for constant in model.graph.initializer
    }
    total = 0
    for node in model.graph.node:
        grouped = any(a.name == "group" for a in node.attribute)
        if node.op_type in ("Conv", "ConvTranspose") and not grouped:
            at = node.input[0] if node.op_type == "ConvTranspose" else node.output[0]
            total += weights[node.input[1]] * int(np.prod(shapes[at][2:]))
    return 2 * total / 1e9


@pytest.mark.parametrize(
    "arch",
    [TINY, Architecture(z_dim=8, w_dim=8, resolution=64, channel_base=1024, channel_max=24)],
    ids=str,
)
def test_the_cost_is_that_of_the_graphs_convolutions(arch: Architecture):
    assert gflop(arch) == pytest.approx(counted(arch))


def test_the_cost_of_the_public_1024_px_network_is_the_known_one():
    assert gflop(Architecture(resolution=1024)) == pytest.approx(148.5, abs=0.05)


@pytest.mark.parametrize(
    ("arch", "gigaflop"),
    [
        (Architecture3(channel_base=16384), 210.1),
        (Architecture3(channel_max=1024, kernel=1, radial=True), 89.0),
        (Architecture3(resolution=1024), 570.4),
    ],
)
def test_the_cost_of_a_stylegan3_is_that_of_the_published_shapes(arch, gigaflop: float):
    assert gflop(arch) == pytest.approx(gigaflop, abs=0.05)


@pytest.mark.parametrize("kind", ["t", "r"])
def test_a_random_stylegan3_is_one(kind: str):
    one, same = (subjects.random(16, 64, 8, kind) for _ in range(2))
    arch = one.card.architecture.built()
    check_shapes(one.weights, arch, "here")
    assert (arch.radial, one.name) == (kind == "r", f"random 16,64,8,{kind}")
    assert all((one.weights[name] == same.weights[name]).all() for name in one.weights)


def test_random_weights_have_the_public_layout_and_come_back_by_seed():
    one, same, other = (subjects.random(16, 128, 8, seed=seed) for seed in (1, 1, 2))
    arch = one.card.architecture.built()
    check_shapes(one.weights, arch, "here")
    assert all((one.weights[name] == same.weights[name]).all() for name in one.weights)
    assert (one.weights["synthesis.b4.const"] != other.weights["synthesis.b4.const"]).any()
    assert (one.name, one.resolution) == ("random 16,128,8", 16)


def test_a_shape_that_is_none_is_told():
    with pytest.raises(ModelError, match="resolution 500 is not a power of two"):
        subjects.random(500, 4096, 128)


def test_models_are_found_by_name_and_by_folder(tmp_path):
    write_model(tmp_path / "small")
    show = tmp_path / "show.yaml"
    show.write_text(SHOW)
    every = subjects.chosen([], show)
    assert [subject.name for subject in every] == ["sea"]
    assert subjects.chosen(["sea"], show)[0].card == every[0].card
    folder = subjects.chosen([str(tmp_path / "small")], tmp_path / "no such show.yaml")
    assert [subject.name for subject in folder] == ["small"]
    with pytest.raises(InstallationError, match=r"lake: no folder, and no model of .*: sea"):
        subjects.chosen(["lake"], show)
