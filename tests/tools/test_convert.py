"""Checkpoints of every public format become model folders, bit for bit."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from installation.decks.loading import load
from installation.errors import EXIT_BAD_INPUT, ModelError
from installation.generators.architecture import Architecture
from installation.generators.architecture3 import Architecture3
from installation.generators.card import load_card
from installation.generators.directions import load_directions
from installation.generators.mapping import Mapping
from installation.generators.weights import load_weights
from installation.session import ROOT
from tests.tools import pickles
from tools.conversion.files import read_bytes
from tools.convert import convert, main

ADA = Architecture(
    z_dim=6,
    w_dim=5,
    resolution=16,
    channel_base=64,
    channel_max=8,
    mapping_layers=2,
    mapping_lr_multiplier=0.03,
    conv_clamp=256.0,
)
CLASSES = replace(ADA, c_dim=3)
PLAIN = replace(ADA, mapping_lr_multiplier=0.01, conv_clamp=None)
PLAIN_CLASSES = replace(PLAIN, c_dim=3)
T = Architecture3(z_dim=6, w_dim=5, resolution=16, channel_base=48, channel_max=6)
R = replace(T, kernel=1, radial=True, conv_clamp=None)


@cache
def network(arch: Architecture | Architecture3) -> torch.nn.Module:
    if isinstance(arch, Architecture3):
        return pickles.generator3(arch)
    return pickles.generator2(arch)


def wanted(arch: Architecture | Architecture3) -> pickles.Tensors:
    return pickles.arrays(network(arch))


def three(arch: Architecture3) -> bytes:
    return pickles.nvidia(network(arch), **pickles.options3(arch))


@cache
def files() -> dict[str, tuple[bytes, Architecture | Architecture3]]:
    """Every format that is read, small, with the shape that has to come out."""
    plain = wanted(PLAIN)
    made: dict[str, tuple[bytes, Architecture | Architecture3]] = {
        "ada": (pickles.nvidia(network(ADA)), ADA),
        "ada protocol 3": (pickles.nvidia(network(ADA), 3), ADA),
        "ada classes": (pickles.nvidia(network(CLASSES)), CLASSES),
        "stylegan3 t": (three(T), T),
        "stylegan3 r": (three(R), R),
    }
    for protocol in (2, 3, 4):
        made[f"tensorflow {protocol}"] = (pickles.tensorflow(plain, protocol), PLAIN)
    classes = pickles.tensorflow(wanted(PLAIN_CLASSES), label_size=3)
    made["tensorflow classes"] = classes, PLAIN_CLASSES
    for zipped in (True, False):
        word = "zip" if zipped else "legacy"
        made[f"rosinality {word}"] = (pickles.rosinality(plain, zipped), PLAIN)
        made[f"rosinality training {word}"] = (pickles.rosinality(plain, zipped, True), PLAIN)
    return made


FORMATS = [
    *("ada", "ada protocol 3", "ada classes", "stylegan3 t", "stylegan3 r"),
    *("tensorflow 2", "tensorflow 3", "tensorflow 4", "tensorflow classes"),
    *("rosinality zip", "rosinality legacy"),
    *("rosinality training zip", "rosinality training legacy"),
]


@pytest.mark.parametrize("name", FORMATS)
def test_every_tensor_comes_out_bit_for_bit(name: str):
    data, arch = files()[name]
    tensors = read_bytes(data).tensors
    for key, value in wanted(arch).items():
        measured = key == "mapping.w_avg" and "training" in name
        if not measured and (key in tensors or not key.endswith("resample_filter")):
            assert tensors[key].dtype == value.dtype
            assert tensors[key].tobytes() == np.ascontiguousarray(value).tobytes(), key


def converted(folder: Path, name: str) -> Path:
    """A model folder made by the tool from one of FILES."""
    (folder / "theirs.pkl").write_bytes(files()[name][0])
    model = folder / "models" / "small"
    arguments = [str(folder / "theirs.pkl"), str(model), "--licence", "CC0", "--name", "Sea"]
    assert main(arguments) == 0
    return model


PLAYED = [
    *FORMATS[:1],
    *FORMATS[2:5],
    "tensorflow 4",
    "tensorflow classes",
    "rosinality zip",
    "rosinality training legacy",
]


@pytest.mark.parametrize("name", PLAYED)
def test_a_converted_model_loads_and_plays(tmp_path: Path, name: str):
    model = converted(tmp_path, name)
    card, arch = load_card(model), files()[name][1]
    assert card.architecture.built() == arch
    load_weights(model, card)
    generator = load(str(model), tmp_path, "auto", exact=True)
    out = np.zeros((16, 16, 4), np.uint8)
    assert generator.draw(np.random.default_rng(0).standard_normal(6), 0.7, out)
    assert generator.backend.startswith("openvino")
    assert np.abs(out[..., :3].astype(int) - painted(arch, model)).max() <= 1


def painted(arch: Architecture | Architecture3, model: Path) -> np.ndarray:
    """What the network that the file was made from paints there, with the folder's average."""
    generator = network(arch)
    average = load_file(model / "model.safetensors")["mapping.w_avg"]
    z = torch.from_numpy(np.random.default_rng(0).standard_normal(6)[None]).float()
    label = torch.eye(arch.c_dim)[:1] if arch.c_dim else None
    ws = generator.mapping(z, label=label)  # pyright: ignore[reportCallIssue]
    ws = torch.from_numpy(average) + 0.7 * (ws - torch.from_numpy(average))
    rgb = generator.synthesis(ws)  # pyright: ignore[reportCallIssue]
    return (rgb[0] * 127.5 + 128).clamp(0, 255).byte().permute(1, 2, 0).int().numpy()


def test_the_folder_says_where_it_comes_from_and_what_is_not_known(tmp_path: Path):
    model = converted(tmp_path, "ada")
    card = load_card(model)
    assert (card.name, card.licence) == ("Sea", "CC0")
    assert (card.depicts, card.consent, card.provenance) == ("unknown",) * 3
    assert card.source
    assert card.source.file == "theirs.pkl"
    assert card.source.sha256 == hashlib.sha256(files()["ada"][0]).hexdigest()
    assert hashlib.sha256(pickles.SOURCE.encode()).hexdigest() in card.source.note
    names = {path.name for path in model.iterdir()}
    assert names == {"model.safetensors", "card.yaml", "directions.safetensors", "sheet.png"}
    assert [path.name for path in model.parent.iterdir()] == ["small"]


def test_directions_are_one_deviation_of_w_long(tmp_path: Path):
    model = converted(tmp_path, "rosinality zip")
    card = load_card(model)
    found = load_directions(model, card, load_weights(model, card))
    names = [one.name for one in found]
    assert names == [f"{kind}{i}" for kind in ("pca", "sefa") for i in range(1, 6)]
    rows = np.stack([one.vector for one in found])
    assert rows.shape == (10, 5)
    rng = np.random.default_rng(5)
    mapping = Mapping(load_weights(model, card), card.architecture.built())
    ws = np.stack([mapping(rng.standard_normal(6)) for _ in range(4000)])
    lengths = np.linalg.norm(rows, axis=1)
    along = (ws @ (rows / lengths[:, None]).T).std(0)
    assert along == pytest.approx(lengths, rel=0.1, abs=1e-3)
    assert (np.diff(lengths[:5]) <= 0).all()  # PCA: the widest first
    sheet = (model / "sheet.png").read_bytes()
    assert sheet[:8] == b"\x89PNG\r\n\x1a\n"
    assert sheet[16:24] == (64).to_bytes(4, "big") + (32).to_bytes(4, "big")


def test_a_missing_average_is_measured(tmp_path: Path):
    model = converted(tmp_path, "rosinality training zip")
    card = load_card(model)
    mapping = Mapping(load_weights(model, card), card.architecture.built())
    rng = np.random.default_rng(3)
    ws = np.stack([mapping(rng.standard_normal(6)) for _ in range(4000)])
    assert np.abs(ws.mean(0) - mapping.average).max() < 0.1 * ws.std(0).mean()


def test_a_card_chooses_the_class(tmp_path: Path):
    model = converted(tmp_path, "ada classes")
    text = (model / "card.yaml").read_text()
    assert "label: 0" in text
    pictures = []
    for backend in ("openvino", "torch"):
        for label in (0, 2):
            (model / "card.yaml").write_text(text.replace("label: 0", f"label: {label}"))
            out = np.zeros((16, 16, 4), np.uint8)
            z = np.random.default_rng(0).standard_normal(6)
            assert load(str(model), tmp_path, backend, exact=True).draw(z, 1.0, out)
            pictures.append(out.astype(int))
    assert np.abs(pictures[0] - pictures[2]).max() <= 1
    assert np.abs(pictures[1] - pictures[3]).max() <= 1
    assert np.abs(pictures[0] - pictures[1]).max() > 5
    (model / "card.yaml").write_text(text.replace("label: 0", "label: 3"))
    with pytest.raises(ModelError, match=r"latent\.label: the model knows 3 classes"):
        load_card(model)


def test_half_precision_stays_half(tmp_path: Path):
    half = pickles.generator2(PLAIN).half()
    found = read_bytes(pickles.nvidia(half))
    assert {tensor.dtype for tensor in found.tensors.values()} == {np.dtype("f2")}


def test_bfloat16_and_double_are_widened_or_narrowed_to_float32():
    kept = pickles.generator2(PLAIN)
    for kind in (torch.bfloat16, torch.float64):
        tensors = read_bytes(pickles.nvidia(pickles.generator2(PLAIN).to(kind))).tensors
        for name, tensor in kept.state_dict().items():
            assert (tensors[name] == tensor.to(kind).float().numpy()).all()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"label_size": 5}, "class-conditional without saying how"),
        ({"architecture": "resnet"}, "only skip"),
        ({"resample_kernel": [1, 2, 1]}, "another filter"),
    ],
)
def test_tensorflow_variants_that_would_look_wrong_are_refused(options: dict, reason: str):
    with pytest.raises(ModelError, match=reason):
        read_bytes(pickles.tensorflow(wanted(PLAIN), **options))


def test_classes_of_before_ada_are_refused():
    tensors = {**wanted(PLAIN), "mapping.concat.weight": np.zeros((6, 3), np.float32)}
    with pytest.raises(ModelError, match=r"before ADA \(LabelConcat\)"):
        read_bytes(pickles.tensorflow(tensors, label_size=3))


def test_stylegan1_is_refused_with_the_reason():
    tensors = {**wanted(PLAIN), "mapping.4x4/Const/StyleMod.weight": np.zeros((6, 3), np.float32)}
    with pytest.raises(ModelError, match="is a StyleGAN1, which normalises"):
        read_bytes(pickles.tensorflow(tensors))


def test_lucidrains_is_refused_with_the_reason():
    for root in ({"GAN": {"S.net.0.weight": 1}, "version": "1"}, {"SE.net.0.weight": 1}):
        with pytest.raises(ModelError, match=r"lucidrains.*a different network"):
            read_bytes(pickles.dumped(root))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.convert", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)


def test_a_refusal_is_one_line_and_exit_code_2(tmp_path: Path):
    bad = tmp_path / "bad.pkl"
    bad.write_bytes(b"\x80\x04cos\nsystem\nX\x04\x00\x00\x00true\x85R.")
    done = run(str(bad), str(tmp_path / "model"))
    assert (done.returncode, done.stdout) == (EXIT_BAD_INPUT, "")
    reading, refusal = done.stderr.splitlines()
    assert reading.startswith("reading bad.pkl")
    assert "asks for os.system, which no checkpoint needs; nothing was run" in refusal
    assert refusal.startswith(str(bad))
    assert not (tmp_path / "model").exists()


def test_what_is_there_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(tmp_path / "x.pkl"), str(tmp_path)]) == EXIT_BAD_INPUT
    assert "is already there" in capsys.readouterr().err
    assert main([str(tmp_path / "x.pkl"), str(tmp_path / "new")]) == EXIT_BAD_INPUT
    assert "no such file" in capsys.readouterr().err


def test_the_sheet_can_be_left_out_and_the_name_is_the_folders(tmp_path: Path):
    (tmp_path / "theirs.pkl").write_bytes(files()["ada"][0])
    assert main([str(tmp_path / "theirs.pkl"), str(tmp_path / "sea"), "--pictures", "0"]) == 0
    assert load_card(tmp_path / "sea").name == "sea"
    assert not (tmp_path / "sea" / "sheet.png").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sea", "theirs.pkl"]


def test_tensors_of_another_shape_than_the_rest_are_named(tmp_path: Path):
    network = pickles.generator2(PLAIN)
    network.synthesis.get_submodule("b8.conv0").bias = torch.nn.Parameter(torch.zeros(3))
    (tmp_path / "theirs.pkl").write_bytes(pickles.nvidia(network))
    with pytest.raises(ModelError) as caught:
        convert(tmp_path / "theirs.pkl", tmp_path / "sea")
    assert "tensor synthesis.b8.conv0.bias is [3], expected [8]" in str(caught.value)
    assert not (tmp_path / "sea").exists()


def test_help_teaches():
    told = run("--help").stdout
    assert all(word in told for word in ("stylegan3", "rosinality", "models/ffhq", "sheet.png"))
