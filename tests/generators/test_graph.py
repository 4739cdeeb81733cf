"""The graph every compiled backend plays, against the network in torch that was trained."""

import subprocess
import sys
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime as ort
import openvino as ov
import pytest
import torch
from onnx.reference import ReferenceEvaluator

from installation.decks.backends.openvino import OpenVino
from installation.decks.backends.torch import Torch
from installation.decks.backends.torch_graph import TorchGraph
from installation.generators.architecture import Architecture
from installation.generators.graph import FOR_GPU, Form, in_pairs, synthesis_graph
from installation.generators.taps import Taps
from installation.generators.weights import Tensors
from installation.session import ROOT
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


Given = np.ndarray | dict[str, np.ndarray]  # styles, or all inputs by name
Run = Callable[[bytes, Given], tuple[np.ndarray, np.ndarray]]


def given(ws: Given) -> dict[str, np.ndarray]:
    return ws if isinstance(ws, dict) else {"ws": ws}


def by_openvino(graph: bytes, ws: Given) -> tuple[np.ndarray, np.ndarray]:
    core = ov.Core()
    hints = {"INFERENCE_PRECISION_HINT": "f32"}
    done = core.compile_model(core.read_model(graph), "CPU", hints)(given(ws))
    return done["picture"], done["probe"]


def by_onnxruntime(graph: bytes, ws: Given) -> tuple[np.ndarray, np.ndarray]:
    picture, probe = ort.InferenceSession(graph, providers=["CPUExecutionProvider"]).run(
        ["picture", "probe"], given(ws)
    )
    return np.asarray(picture), np.asarray(probe)


def by_onnx(graph: bytes, ws: Given) -> tuple[np.ndarray, np.ndarray]:
    picture, probe = ReferenceEvaluator(onnx.load_from_string(graph)).run(None, given(ws))
    return np.asarray(picture), np.asarray(probe)


def by_torch(graph: bytes, ws: Given) -> tuple[np.ndarray, np.ndarray]:
    picture, probe = TorchGraph(graph, torch.device("cpu"))(
        *(torch.from_numpy(array) for array in given(ws).values())
    )
    return picture.numpy(), probe.numpy()


def styles(arch: Architecture) -> np.ndarray:
    shape = (1, arch.num_ws, arch.w_dim)
    return np.random.default_rng(5).standard_normal(shape).astype(np.float32)


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


FORMS = [Form(half, subpixel) for half in (False, True) for subpixel in (False, True)]
forms = pytest.mark.parametrize("form", FORMS, ids=str)
runners = pytest.mark.parametrize("run", [by_openvino, by_onnxruntime, by_onnx, by_torch])
# Of the picture's standard deviation. onnx's own reference and torch sum up in fp16 too, as no
# card does; OpenVINO and ONNX Runtime compute between fp16 tensors in fp32, as every card does.
TOLERANCE = {False: 1e-4, True: 1e-2}


@runners
@forms
def test_every_form_of_the_graph_paints_the_same(run: Run, form: Form):
    arch = ARCHITECTURES["32 px, narrow"]
    ws = styles(arch)
    tensors = dimmed(arch, 0)
    _, expected = by_onnxruntime(synthesis_graph(tensors, arch), ws)
    _, probe = run(synthesis_graph(tensors, arch, form), ws)
    assert probe.shape == expected.shape
    assert np.abs(probe - expected).max() < TOLERANCE[form.half] * expected.std()


def test_several_narrow_pictures_at_once_are_those_one_by_one():
    arch = ARCHITECTURES["32 px, narrow"]
    tensors, form = dimmed(arch, 0), Form(batch=2)
    assert in_pairs(arch, form)
    ws = np.concatenate([styles(arch), -styles(arch)])
    together = by_onnxruntime(synthesis_graph(tensors, arch, form), ws)
    alone = [by_onnxruntime(synthesis_graph(tensors, arch), one[None]) for one in ws]
    for found, wanted in zip(together, zip(*alone, strict=True), strict=True):
        np.testing.assert_allclose(found, np.concatenate(wanted), atol=1e-4 * alone[0][1].std())


def test_pairs_are_for_narrow_last_layers_that_nothing_is_done_to():
    arch = ARCHITECTURES["32 px, narrow"]
    assert in_pairs(arch, Form(wide=2))
    assert in_pairs(arch, Form(taps=Taps(bends=(("affine", 16),))))
    assert not in_pairs(arch, Form(taps=Taps(bends=(("affine", 32),))))
    assert not in_pairs(arch, Form(taps=Taps(xray=8)))
    assert not in_pairs(arch, Form(taps=Taps(regions=2)))
    assert not in_pairs(arch, FOR_GPU)
    assert not in_pairs(Architecture(resolution=32, channel_base=512), Form())
    assert not in_pairs(ARCHITECTURES["4 px"], Form())


@forms
def test_every_form_holds_the_clamp(form: Form):
    arch = ARCHITECTURES["64 px, clamped"]
    ws = styles(arch)
    _, expected = by_onnxruntime(synthesis_graph(dimmed(arch, 0), arch), ws)
    _, probe = by_onnxruntime(synthesis_graph(dimmed(arch, 0), arch, form), ws)
    assert np.abs(probe - expected).max() < TOLERANCE[form.half] * expected.std()


def test_half_precision_survives_weights_and_styles_that_would_overflow_it():
    arch = ARCHITECTURES["32 px, narrow"]
    tensors = dimmed(arch, 0)
    for name, array in tensors.items():
        if "torgb" not in name and name.endswith((".weight", "affine.bias")) and "fc" not in name:
            array *= 3e4
    ws = styles(arch)
    _, expected = by_onnxruntime(synthesis_graph(tensors, arch), ws)
    _, probe = by_onnx(synthesis_graph(tensors, arch, Form(half=True)), ws)
    assert np.abs(probe - expected).max() < TOLERANCE[True] * expected.std()


def test_half_precision_computes_in_it():
    graph = onnx.load_from_string(synthesis_graph(dimmed(TINY, 0), TINY, FOR_GPU)).graph
    kernels = {c.name: c.data_type for c in graph.initializer if c.name.endswith("conv1.weight")}
    assert set(kernels.values()) == {onnx.TensorProto.FLOAT16}


@forms
@pytest.mark.parametrize("arch", ARCHITECTURES.values(), ids=ARCHITECTURES.keys())
def test_the_graph_is_valid_onnx_with_the_promised_ends(arch: Architecture, form: Form):
    model = onnx.load_from_string(synthesis_graph(random_tensors(arch), arch, form))
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


def test_the_same_tensors_and_form_make_the_same_graph():
    graphs = [{synthesis_graph(random_tensors(TINY), TINY, f) for _ in range(2)} for f in FORMS]
    assert [len(same) for same in graphs] == [1] * len(FORMS)
    assert len(set.union(*graphs)) == len(FORMS)


def test_reading_a_graph_tells_nobody():
    """OpenVINO's telemetry forks a process that calls home; without the package it cannot."""
    code = (
        "import sys\n"
        "from installation.decks.backends.openvino import OpenVino\n"
        ""
        "from tests.small_models import TINY, random_tensors, small_card\n"
        "forks = []\n"
        "sys.addaudithook(lambda name, _: forks.append(name) if 'fork' in name else None)\n"
        "OpenVino(small_card(TINY), random_tensors(TINY))\n"
        "assert sys.modules['openvino_telemetry'] is None and not forks, forks\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
