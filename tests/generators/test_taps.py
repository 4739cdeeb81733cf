"""Bends, bands and the x-ray: the graph against torch, and torch against the papers in numpy."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_stylegan2 import bent, synthesis
from test_graph import Run, by_onnx, by_onnxruntime, by_openvino, by_torch, dimmed

from installation.generators.anatomy import Anatomy, parts, without
from installation.generators.architecture import Architecture
from installation.generators.bands import Bands, masks
from installation.generators.bends import OPERATIONS, Bend, base_grid, gathered, warp
from installation.generators.graph import Form, inputs, noisy_layers, synthesis_graph
from installation.generators.stylegan2 import Generator
from installation.generators.styles import Edit
from installation.generators.taps import Inputs, Variant, kind
from installation.generators.torch_taps import TorchTaps
from installation.generators.xray import Sheet, XRay

ARCH = Architecture(
    z_dim=9, w_dim=7, resolution=32, channel_base=512, channel_max=6, mapping_layers=1
)
CLUSTERS = {side: np.arange(ARCH.channels(side)) % 3 for side in ARCH.resolutions}
OPENVINO = Form(gathered=True)  # what it plays
TENSORS = dimmed(ARCH, 0)
NETWORK = Generator(ARCH).eval().requires_grad_(False)
NETWORK.load_state_dict({k: torch.from_numpy(v) for k, v in TENSORS.items()}, strict=False)
HALF = Bend("ablate", 16, 0.5)
EDITS = {
    **{name: Edit(bends=(Bend(name, 16, 0.4, low=0.3),)) for name in OPERATIONS},
    "all channels": Edit(bends=(Bend("rotate", 16, 0.4),)),
    "many": Edit(
        bends=(HALF, Bend("rotate", 8, -0.3, 2), Bend("scale", 16, 0.5), Bend("noise", 32, -0.2))
    ),
    "last layer": Edit(bends=(Bend("noise", 32, 0.5), Bend("rotate", 32, 0.2))),
    "last layer, in turn": Edit(bends=(Bend("rotate", 32, 0.2), Bend("ablate", 32, 0.5, 1))),
    "last layer, seen": Edit(bends=(Bend("scale", 32, 0.2),), xray=XRay(32, 0.5)),
    "xray": Edit(xray=XRay(8, 0.7), bends=(Bend("invert", 8, 1.0),)),
    "columns": Edit(bands=Bands([np.zeros(9)] * 2, 0.8, 0.4, 0.2)),
    "rows": Edit(bands=Bands([np.zeros(9)], rows=True), bends=(HALF,), xray=XRay(32, 0.5)),
}
edits = pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
wides = pytest.mark.parametrize("wide", [1, 2])


def styles(count: int, seed: int = 5) -> np.ndarray:
    shape = (count, ARCH.num_ws, ARCH.w_dim)
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def prepared(edit: Edit, wide: int = 1, form: Form = Form()) -> tuple[Form, Inputs]:  # noqa: B008
    """The graph that an edit needs, and what it is given."""
    anatomy = Anatomy(ARCH, Variant(wide=wide, clusters=CLUSTERS))
    form = replace(form, wide=wide, taps=anatomy.taps(edit))
    given = {name: np.zeros(shape, kind(name)) for name, shape in inputs(ARCH, form).items()}
    given["ws"][:] = styles(form.taps.regions)
    anatomy.fill(edit, given)
    return form, given


def by_definition(form: Form, given: Inputs) -> np.ndarray:
    """The RGB sum, (3, H, W), by the network that is trained."""
    rest = {name: array for name, array in given.items() if name != "ws"}
    taps = TorchTaps(form.taps, rest, ARCH, form.wide)
    return NETWORK.synthesis(torch.from_numpy(given["ws"]), taps=taps)[0].numpy()


def away(probe: np.ndarray, rgb: np.ndarray) -> float:
    """The largest difference, in standard deviations of the picture."""
    return float(np.abs(probe[0] - rgb[:, ::16, ::16]).max() / rgb.std())


@edits
@wides
def test_the_graph_paints_what_the_definition_paints(edit: Edit, wide: int):
    rgb = by_definition(*prepared(edit, wide))
    form, given = prepared(edit, wide, OPENVINO)
    picture, probe = by_openvino(synthesis_graph(TENSORS, ARCH, form), given)
    assert away(probe, rgb) < 1e-4
    levels = np.clip(rgb.transpose(1, 2, 0) * 127.5 + 128, 0, 255)
    assert picture.shape == (1, 32, 32 * wide, 4)
    assert np.abs(picture[0, ..., :3].astype(int) - levels.astype(int)).max() <= 1


@pytest.mark.parametrize(
    ("run", "name"),
    [
        *((run, name) for run in (by_onnxruntime, by_torch) for name in ("many", "columns")),
        *((run, "rows") for run in (by_onnxruntime, by_onnx, by_torch)),
    ],
)
def test_every_player_of_the_graph_paints_the_same(run: Run, name: str):
    form, given = prepared(EDITS[name])
    rgb = by_definition(form, given)
    assert away(run(synthesis_graph(TENSORS, ARCH, form), given)[1], rgb) < 1e-4


@pytest.mark.parametrize("name", ["many", "rows"])
def test_half_precision_bends_as_well(name: str):
    form, given = prepared(EDITS[name], form=Form(half=True, subpixel=True))
    rgb = by_definition(form, given)
    assert away(by_onnxruntime(synthesis_graph(TENSORS, ARCH, form), given)[1], rgb) < 2e-2


@edits
def test_the_definition_is_the_papers(edit: Edit):
    """Against loops in numpy that share nothing with it but the reading of the paper."""
    if edit.xray or edit.bands:
        return
    form, given = prepared(edit)
    wanted = synthesis(
        TENSORS,
        given["ws"][0],
        ARCH.resolutions,
        after=lambda x, side: bent(x, side, edit, CLUSTERS),
    )
    assert np.abs(by_definition(form, given) - wanted).max() < 1e-4 * wanted.std()


@edits
@wides
def test_at_rest_a_graph_with_taps_paints_the_plain_picture(edit: Edit, wide: int):
    form, given = prepared(edit, wide, OPENVINO)
    Anatomy(ARCH, Variant(wide=wide)).rest(form.taps, given)
    plain = synthesis_graph(TENSORS, ARCH, Form(wide=wide))
    expected = by_openvino(plain, {"ws": given["ws"][:1]})
    found = by_openvino(synthesis_graph(TENSORS, ARCH, form), given)
    assert np.abs(found[1] - expected[1]).max() < 1e-4 * expected[1].std()


@given(
    st.sampled_from(sorted(OPERATIONS)),
    st.sampled_from(ARCH.resolutions),
    st.floats(-1, 1),
    st.integers(0, 3),
)
@settings(max_examples=60, deadline=None)
def test_a_bend_touches_the_channels_it_takes_and_no_other(doing, side, amount, cluster):
    edit = Edit(bends=(Bend(doing, side, amount, cluster),))
    anatomy = Anatomy(ARCH, Variant(clusters=CLUSTERS))
    taps = anatomy.taps(edit)
    given = {k: np.zeros(s, np.float32) for k, s in taps.inputs(ARCH, 1).items()}
    anatomy.fill(edit, given)
    x = torch.from_numpy(np.random.default_rng(1).standard_normal((1, 6, side, side))).float()
    x = x[:, : ARCH.channels(side)]
    y = TorchTaps(taps, given, ARCH).after(x, side)
    taken = CLUSTERS[side] == cluster - 1 if cluster else np.ones(x.shape[1], bool)
    assert torch.equal(y[:, ~taken], x[:, ~taken])
    assert torch.isfinite(y).all()
    if amount == 0:
        assert torch.allclose(y, x, atol=1e-5)


@given(
    st.sampled_from(sorted(name for name, doing in OPERATIONS.items() if doing == "warp")),
    st.floats(-1, 1),
    st.sampled_from([4, 8, 32]),
    st.integers(1, 3),
)
def test_four_neighbours_mixed_are_what_a_grid_samples(doing, amount, side, wide):
    by, width = warp(doing, amount, wide), side * wide
    x = np.random.default_rng(side).standard_normal((2, side, width)).astype(np.float32)
    grid = torch.from_numpy(base_grid(side, width) @ by)[None]
    options = {"padding_mode": "reflection", "align_corners": False}
    wanted = torch.nn.functional.grid_sample(torch.from_numpy(x)[None], grid, **options)
    places, beside = np.zeros(side * width, np.int32), np.zeros((2, side * width, 1), np.float32)
    gathered(by, side, width, places, beside)
    rows, (across, down) = x.reshape(2, -1), beside[..., 0]
    above = rows[:, places] * (1 - across) + rows[:, places + 1] * across
    below = rows[:, places + width] * (1 - across) + rows[:, places + width + 1] * across
    found = above * (1 - down) + below * down
    assert np.abs(found.reshape(x.shape) - wanted[0].numpy()).max() < 1e-3


def test_a_warp_that_stands_is_not_computed_again():
    """What lies in the inputs shows it; another amount, or other inputs, are written."""
    anatomy = Anatomy(ARCH, Variant())
    edits = [Edit(bends=(Bend("rotate", 8, amount),)) for amount in (0.2, 0.4)]
    shapes = anatomy.taps(edits[0]).inputs(ARCH, 1, gathered=True)
    one, other = ({k: np.zeros(s, kind(k)) for k, s in shapes.items()} for _ in range(2))
    anatomy.fill(edits[0], one)
    marked = one["bend0_places"]
    marked[:] = -1
    anatomy.fill(edits[0], one)
    assert (marked == -1).all()
    anatomy.fill(edits[1], one)
    assert (marked >= 0).all()
    anatomy.fill(edits[1], other)
    assert (other["bend0_places"] == marked).all()


def test_what_is_asked_is_what_is_seen():
    """One bright pixel left of the middle, moved as the words say."""
    x = torch.zeros(1, 6, 8, 8)
    x[0, :, 3, 2] = 1.0

    def peak(doing: str, amount: float) -> list[int]:
        edit = Edit(bends=(Bend(doing, 8, amount),))
        anatomy = Anatomy(ARCH, Variant())
        given = {k: np.zeros(s, np.float32) for k, s in anatomy.taps(edit).inputs(ARCH, 1).items()}
        anatomy.fill(edit, given)
        y = TorchTaps(anatomy.taps(edit), given, ARCH).after(x, 8)[0, 0]
        return [int(n) for n in np.unravel_index(int(y.argmax()), y.shape)]

    assert peak("translate_x", 0.25) == [3, 4]
    assert peak("translate_y", 0.25) == [1, 2]
    assert peak("rotate", 0.5) == [5, 3]  # a quarter turn against the clock: the left goes down
    row, column = peak("scale", 0.5)  # twice as large, and twice as far from the middle
    assert row in (2, 3)
    assert column in (0, 1)


@given(
    st.integers(1, 4),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(-1, 1),
    st.sampled_from([4, 8, 64, 256]),
)
def test_bands_share_every_pixel_out(others, mix, soft, shift, length):
    shares = masks(Bands([np.zeros(2)] * others, mix, soft, shift), length)
    assert shares.shape == (others + 1, length)
    assert (shares >= -1e-6).all()
    assert np.allclose(shares.sum(0), 1, atol=1e-5)
    if mix == 0:
        assert (shares[0] == 1).all()


def test_each_band_is_the_picture_of_its_own_place():
    """Far from a border nothing tells that there is one."""
    form, given = prepared(Edit(bands=Bands([np.zeros(9)], soft=0.01)), wide=8)
    rgb = by_definition(form, given)
    for number, part in ((0, np.s_[..., :32]), (1, np.s_[..., -32:])):
        alone, one = prepared(Edit(), wide=8)
        one["ws"][0] = given["ws"][number]
        assert np.abs(by_definition(alone, one)[part] - rgb[part]).max() < 1e-3 * rgb.std()


def test_a_batch_is_its_pictures_one_by_one_and_noise_is_what_is_given():
    form = Form(batch=3, noise=True)
    ws, rng = styles(3), np.random.default_rng(1)
    noise = {
        f"noise.{at}": rng.standard_normal((1, 1, side, side)).astype(np.float32)
        for at, side in noisy_layers(ARCH)
    }
    picture, probe = by_openvino(synthesis_graph(TENSORS, ARCH, form), {"ws": ws, **noise})
    maps = [torch.from_numpy(noise[f"noise.{at}"]) for at, _ in noisy_layers(ARCH)]
    rgb = NETWORK.synthesis(torch.from_numpy(ws), maps).numpy()
    assert picture.shape == (3, 32, 32, 4)
    assert np.abs(probe - rgb[..., ::16, ::16]).max() < 1e-4 * rgb.std()
    with pytest.raises(ValueError, match="one picture at a time"):
        Form(batch=2, taps=Anatomy(ARCH, Variant()).taps(EDITS["many"]))


@pytest.mark.parametrize(
    ("channels", "side", "resolution"), [(64, 32, 128), (64, 128, 128), (3, 4, 16), (512, 4, 64)]
)
def test_an_xrays_tiles_fill_the_picture(channels: int, side: int, resolution: int):
    """Every tile holds the whole of its own map, each number of it equally often."""
    sheet = Sheet(channels, side, resolution, 2)
    maps, tile = sheet.tiles**2, resolution // sheet.tiles
    at, shown = np.divmod(sheet.taken.reshape(resolution, 2 * resolution), channels)
    assert maps <= channels
    assert (shown[::tile, :: 2 * tile].ravel() == np.arange(maps)).all()
    whole = at[:tile, : 2 * tile]
    assert (np.diff(whole, axis=0) >= 0).all()
    assert (np.diff(whole, axis=1) >= 0).all()
    found, often = np.unique(sheet.taken, return_counts=True)
    assert len(found) == maps * 2 * (side // sheet.pooled) ** 2
    assert len(set(often)) == 1
    assert sheet.frames.shape == (1, 1, resolution, 2 * resolution)


def test_an_xray_shows_each_map_in_its_tile():
    """Only one map of the first four is not empty: only its tile leaves the ground's colour."""
    edit = Edit(xray=XRay(8, 1.0))
    anatomy = Anatomy(ARCH, Variant())
    taps = TorchTaps(anatomy.taps(edit), {"xray": np.ones((1, 1), np.float32)}, ARCH)
    x = torch.zeros(1, 6, 8, 8)
    x[0, 2] = 1.0
    taps.after(x, 8)
    shown = taps.over(torch.zeros(1, 3, 32, 32))[0]
    bright = shown.mean(0) > 0
    assert bright[16:31, :15].all()
    assert not bright[:16].any()
    assert not bright[:, 16:].any()


def test_an_edit_is_its_parts():
    edit = Edit(bends=(HALF, HALF), xray=XRay(8, 1.0), bands=Bands([np.zeros(9)]))
    assert parts(None) == parts(Edit(mix=1.0)) == 0
    assert parts(edit).bit_count() == 4
    assert parts(without(edit, parts(edit))) == 0
    assert without(edit, 1).bends == (HALF,)
