"""Bends and the x-ray in a StyleGAN3: the graph against torch, whose layers have a margin."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from test_graph import Run, by_onnx, by_onnxruntime, by_openvino, by_torch
from test_stylegan3 import R, T, lively, styles, tensors

from installation.generators.anatomy import Anatomy
from installation.generators.architecture3 import Architecture3
from installation.generators.bends import OPERATIONS, Bend
from installation.generators.graph import Form, inputs, synthesis_graph
from installation.generators.styles import Edit
from installation.generators.taps import Inputs, Variant
from installation.generators.torch_taps import TorchTaps
from installation.generators.weights import Tensors
from installation.generators.xray import XRay

T32, R32 = replace(T, resolution=32), replace(R, resolution=32)
KINDS = pytest.mark.parametrize("arch", [T32, R32], ids=["T", "R"])
EDITS = {
    **{kind: Edit(bends=(Bend(kind, 16, 0.4, low=0.3),)) for kind in OPERATIONS},
    "many": Edit(bends=(Bend("rotate", 16, 0.2), Bend("ablate", 32, 0.5), Bend("scale", 32, 0.3))),
    "x-ray with a margin": Edit(xray=XRay(16, 0.7), bends=(Bend("invert", 16, 1.0),)),
    "x-ray of the last": Edit(xray=XRay(32, 1.0)),
}
edits = pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())


def weights(arch: Architecture3) -> Tensors:
    return {name: array.astype(np.float32) for name, array in tensors(lively(arch)).items()}


def prepared(arch: Architecture3, edit: Edit) -> tuple[Form, Inputs]:
    """The graph that an edit needs, and what it is given."""
    anatomy = Anatomy(arch, Variant())
    form = Form(taps=anatomy.taps(edit))
    given = {name: np.zeros(shape, np.float32) for name, shape in inputs(arch, form).items()}
    given["ws"][:] = styles(arch).numpy()
    anatomy.fill(edit, given)
    return form, given


def by_definition(arch: Architecture3, form: Form, given: Inputs) -> np.ndarray:
    """The picture (3, R, R), by the network in torch."""
    rest = {name: array for name, array in given.items() if name != "ws"}
    taps = TorchTaps(form.taps, rest, arch)
    return lively(arch).synthesis(torch.from_numpy(given["ws"]), taps=taps)[0].numpy()


def away(probe: np.ndarray, rgb: np.ndarray) -> float:
    """The largest difference, in standard deviations of the picture."""
    return float(np.abs(probe[0] - rgb[:, ::16, ::16]).max() / rgb.std())


@KINDS
@edits
def test_the_graph_paints_what_the_definition_paints(arch: Architecture3, edit: Edit):
    form, given = prepared(arch, edit)
    rgb = by_definition(arch, form, given)
    plain = lively(arch).synthesis(styles(arch))[0].numpy()
    assert np.abs(rgb - plain).max() > 0.05 * plain.std(), "an edit that nobody sees"
    picture, probe = by_openvino(synthesis_graph(weights(arch), arch, form), given)
    assert away(probe, rgb) < 1e-4
    levels = np.clip(rgb.transpose(1, 2, 0) * 127.5 + 128, 0, 255)
    assert np.abs(picture[0, ..., :3].astype(int) - levels.astype(int)).max() <= 1


@pytest.mark.parametrize(
    ("run", "name"),
    [
        *((run, "many") for run in (by_onnxruntime, by_torch)),
        *((run, "x-ray with a margin") for run in (by_onnxruntime, by_onnx, by_torch)),
    ],
)
def test_every_player_of_the_graph_paints_the_same(run: Run, name: str):
    form, given = prepared(T32, EDITS[name])
    rgb = by_definition(T32, form, given)
    assert away(run(synthesis_graph(weights(T32), T32, form), given)[1], rgb) < 1e-4


@edits
def test_at_rest_a_graph_with_taps_paints_the_plain_picture(edit: Edit):
    form, given = prepared(T32, edit)
    Anatomy(T32, Variant()).rest(form.taps, given)
    expected = by_openvino(synthesis_graph(weights(T32), T32), {"ws": given["ws"]})
    found = by_openvino(synthesis_graph(weights(T32), T32, form), given)
    assert np.abs(found[1] - expected[1]).max() < 1e-4 * expected[1].std()


def test_a_move_is_by_the_picture_and_not_by_what_lies_around_it():
    """A quarter of 16 samples is four, in features of 36."""
    size = T32.size(16)
    assert size == 36
    x = torch.zeros(1, T32.channels(16), size, size)
    x[0, :, 17, 15] = 1.0
    edit = Edit(bends=(Bend("translate_x", 16, 0.25),))
    form, given = prepared(T32, edit)
    y = TorchTaps(form.taps, given, T32).after(x, 16)[0, 0]
    assert np.unravel_index(int(y.argmax()), y.shape) == (17, 19)


@pytest.mark.parametrize(
    ("asked", "meant"), [(4, 16), (16, 16), (24, 16), (32, 32), (64, 64), (1024, 64)]
)
def test_a_layer_that_is_not_there_is_the_next_below_or_the_first(asked: int, meant: int):
    arch = replace(T, resolution=64)
    assert arch.resolutions == (16, 32, 64)
    assert Anatomy(arch, Variant()).taps(Edit(xray=XRay(asked, 1.0))).xray == meant
