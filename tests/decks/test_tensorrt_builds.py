"""NVIDIA's own parser and builder, without a card: every graph that is exported here becomes an
engine. `make test-trt` installs TensorRT for RTX apart from everything else and runs this."""

import pytest

from installation.bench.subjects import random
from installation.decks.backends.tensorrt_api import build, version
from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.generators.architecture3 import Architecture3
from installation.generators.bends import CHANNEL_ROWS
from installation.generators.graph import Form, synthesis_graph
from installation.generators.onnx_writer import OnnxWriter
from installation.generators.taps import Taps
from tests.small_models import TINY, random_tensors

trt = pytest.importorskip("tensorrt_rtx", reason="make test-trt installs TensorRT for RTX")

FORMS = [Form(half, subpixel) for half in (False, True) for subpixel in (False, True)]
TAPS = {
    **{operation: Taps(bends=((operation, 16),)) for operation in CHANNEL_ROWS},
    "xray": Taps(xray=16),
    "columns": Taps(regions=3),
    "rows": Taps(regions=2, rows=True),
    "many": Taps((("affine", 8), ("warp_some", 16), ("noise", 32)), xray=64, regions=2),
}
MORE = {
    "batch": Form(batch=3),
    "noise maps": Form(noise=True),
    "both, for cards": Form(True, True, batch=2, noise=True),
    "twice as wide": Form(wide=2),
    **{f"{name}, plain": Form(taps=taps) for name, taps in TAPS.items()},
    **{f"{name}, for cards": Form(True, True, taps=taps) for name, taps in TAPS.items()},
}
SHAPES = {
    "64 px, clamped": Architecture(32, 32, 64, 1024, 24, 2, conv_clamp=256.0),
    "256 px, the house's": random(256, 4096, 128).card.architecture.built(),
}
THREE = Architecture3(z_dim=32, w_dim=32, resolution=64, channel_base=1024, channel_max=24)
KINDS = {"T": THREE, "R": Architecture3(32, 32, 64, 1024, 24, kernel=1, radial=True)}


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("arch", SHAPES.values(), ids=SHAPES.keys())
def test_a_stylegan2_becomes_an_engine(arch: Architecture, form: Form):
    assert len(build(trt, synthesis_graph(random_tensors(arch), arch, form))) > 10_000


@pytest.mark.parametrize("form", MORE.values(), ids=MORE.keys())
def test_what_the_graph_can_do_beside_painting_becomes_an_engine(form: Form):
    arch = SHAPES["64 px, clamped"]
    assert len(build(trt, synthesis_graph(random_tensors(arch), arch, form))) > 10_000


@pytest.mark.parametrize("arch", KINDS.values(), ids=KINDS.keys())
def test_a_stylegan3_becomes_an_engine(arch: Architecture3):
    assert len(build(trt, synthesis_graph(random_tensors(arch), arch))) > 10_000


@pytest.mark.parametrize("capability", ["8.6", "8.9", "12.0"])
def test_an_engine_may_be_aimed_at_one_card(capability: str):
    arch = SHAPES["64 px, clamped"]
    assert build(trt, synthesis_graph(random_tensors(arch), arch, FORMS[-1]), capability)


def test_turing_cannot_compute_the_styles_and_says_so():
    graph = synthesis_graph(random_tensors(TINY), TINY, FORMS[-1])
    with pytest.raises(ModelError, match=r"SM75.*FP32 GEMM is not supported"):
        build(trt, graph, "7.5")


def test_a_card_that_it_does_not_know_is_told():
    with pytest.raises(ModelError, match=r"no card of compute capability 9\.0"):
        build(trt, b"", "9.0")


def test_the_reason_of_a_graph_that_is_none_comes_back():
    graph = OnnxWriter()
    x = graph.takes("ws", [1, 2, 3])
    graph.op("Frobnicate", x, output=graph.gives("picture", [1, 2, 3]))
    with pytest.raises(ModelError, match=r"cannot read the graph: .*Plugin not found"):
        build(trt, graph.model("nonsense"))
    assert version(trt).startswith("tensorrt_rtx ")
