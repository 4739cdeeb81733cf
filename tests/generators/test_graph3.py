"""StyleGAN3's graph against the plain numpy written from the paper, wherever it is run."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import onnx
import pytest
from reference_stylegan3 import synthesis
from test_graph import by_onnx, by_onnxruntime, by_openvino, by_torch
from test_stylegan3 import R, T, lively, settings, styles, tensors

from installation.generators.architecture3 import Architecture3
from installation.generators.graph import FOR_CPU, FOR_GPU, suited, synthesis_graph
from installation.generators.stylegan3 import placement
from installation.generators.weights import Tensors

KINDS = pytest.mark.parametrize("arch", [T, R], ids=["T", "R"])
FAST = (by_openvino, by_onnxruntime, by_torch)
# onnx's own reference takes eleven seconds for one picture.
RUNS = [*((run, clamp) for run in FAST for clamp in (None, 1.5)), (by_onnx, 1.5)]
Run = Callable[[bytes, np.ndarray], tuple[np.ndarray, np.ndarray]]


def weights(arch: Architecture3) -> Tensors:
    return {name: array.astype(np.float32) for name, array in tensors(lively(arch)).items()}


@KINDS
@pytest.mark.parametrize(("run", "clamp"), RUNS)
def test_the_graph_paints_the_papers_picture(arch: Architecture3, run: Run, clamp: float | None):
    arch, ws = replace(arch, conv_clamp=clamp), styles(arch).numpy()
    wanted = synthesis(tensors(lively(arch)), settings(arch), ws[0].astype(float))
    picture, probe = run(synthesis_graph(weights(arch), arch), ws)
    assert np.abs(probe[0] - wanted[:, ::16, ::16]).max() < 1e-4 * wanted.std((1, 2)).mean()
    levels = np.clip(wanted * 127.5 + 128, 0, 255).transpose(1, 2, 0)
    assert np.abs(picture[0, ..., :3].astype(float) - np.floor(levels)).max() <= 1
    assert (picture[..., 3] == 255).all()


@KINDS
def test_every_pixel_is_the_networks(arch: Architecture3):
    """The probe shows one pixel of so small a picture; here are all, before they are rounded."""
    ws = styles(arch)
    picture = lively(arch).synthesis(ws).numpy()
    graph = onnx.load_from_string(synthesis_graph(weights(arch), arch))
    rgb = next(node for node in graph.graph.node if node.output[0] == "probe").input[0]
    graph.graph.output.append(onnx.helper.make_tensor_value_info(rgb, onnx.TensorProto.FLOAT, None))
    found = by_onnxruntime_all(graph.SerializeToString(), ws.numpy(), rgb)[:, :3]
    assert np.abs(found - picture).max() < 1e-4 * picture.std((2, 3)).mean()


def by_onnxruntime_all(graph: bytes, ws: np.ndarray, output: str) -> np.ndarray:
    import onnxruntime as ort

    session = ort.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return session.run([output], {"ws": ws})[0]


@KINDS
def test_a_stored_transform_places_the_picture(arch: Architecture3):
    moved = weights(arch)
    move = placement(0.4, 0.1, -0.2)
    moved["synthesis.input.transform"] = move.numpy()
    ws = styles(arch)
    _, probe = by_openvino(synthesis_graph(moved, arch), ws.numpy())
    wanted = lively(arch).synthesis(ws, move)[..., ::16, ::16].numpy()
    assert np.abs(probe - wanted).max() < 1e-4 * lively(arch).synthesis(ws).std().item()


@pytest.mark.parametrize(
    "arch", [T, R, Architecture3(resolution=64, channel_base=512, channel_max=8, w_dim=8, z_dim=8)]
)
def test_the_graph_is_valid_onnx_with_the_promised_ends(arch: Architecture3):
    model = onnx.load_from_string(synthesis_graph(weights(arch), arch))
    onnx.checker.check_model(model, full_check=True)
    shapes = {
        value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*model.graph.input, *model.graph.output)
    }
    side = arch.resolution
    assert shapes == {
        "ws": [1, arch.num_ws, arch.w_dim],
        "picture": [1, side, side, 4],
        "probe": [1, 3, side // 16, side // 16],
    }


def test_its_only_form_is_f32():
    assert suited(FOR_GPU, T) == suited(FOR_CPU, T) == FOR_CPU
    graph = onnx.load_from_string(synthesis_graph(weights(T), T, FOR_GPU)).graph
    kinds = {constant.data_type for constant in graph.initializer}
    assert kinds == {onnx.TensorProto.FLOAT, onnx.TensorProto.INT64}


@pytest.mark.parametrize("side", [16, 64, 1024])
@pytest.mark.parametrize("kernel", [1, 3])
@pytest.mark.parametrize("margin", [0, 10, 30])
def test_filters_always_have_something_to_cut(side: int, kernel: int, margin: int):
    """What the graph's enlarging relies on: the taps reach further than the padding."""
    for plan in Architecture3(resolution=side, kernel=kernel, margin=margin).plan[:-1]:
        low, high = plan.padding
        assert plan.up_taps - 1 - low >= 0
        assert plan.up_taps - plan.up - high >= 0
