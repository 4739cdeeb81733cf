import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.generators.card import WEIGHTS, load_card
from installation.generators.weights import Tensors, expected_shapes, load_moment, load_weights
from installation.session import ROOT
from tests.small_models import TINY, random_tensors, write_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_model(tmp_path)


def complaint(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_weights(folder, load_card(folder))
    assert "\n" not in str(caught.value)
    assert str(folder / WEIGHTS) in str(caught.value)
    return str(caught.value)


def test_tensors_come_back_as_they_were_saved(folder: Path):
    tensors = load_weights(folder, load_card(folder))
    for name, array in random_tensors(TINY).items():
        assert tensors[name].dtype == np.float32
        assert (tensors[name] == array).all()


def test_half_precision_is_widened(tmp_path: Path):
    halves = {name: array.astype(np.float16) for name, array in random_tensors(TINY).items()}
    folder = write_model(tmp_path, tensors=halves)  # pyright: ignore[reportArgumentType]
    assert {a.dtype for a in load_weights(folder, load_card(folder)).values()} == {np.dtype("f4")}


def test_the_shipped_models_are_whole():
    for path in (ROOT / "models").glob(f"*/{WEIGHTS}"):
        assert load_weights(path.parent, load_card(path.parent))


def test_the_shipped_moments_are_those_that_their_cards_know():
    folders = [path.parent for path in (ROOT / "models").rglob("snapshots")]
    assert folders
    for folder in folders:
        card, files = load_card(folder), sorted((folder / "snapshots").glob("*.safetensors"))
        assert list(card.snapshots) in ([], [file.stem for file in files])
        assert all(load_moment(file, card) for file in files)


def test_a_moment_that_is_not_the_cards_is_refused(folder: Path):
    moment = folder / "00.safetensors"
    moment.write_bytes(save(random_tensors(TINY, 3)))
    assert load_moment(moment, load_card(folder))  # of which nothing is known
    card = load_card(folder).model_copy(update={"snapshots": {"00": "0" * 64}})
    with pytest.raises(ModelError, match=r"00.safetensors: its sha256 .* is not the card's 0000"):
        load_moment(moment, card)


def test_a_missing_file_is_told(folder: Path):
    (folder / WEIGHTS).unlink()
    assert "cannot be read: No such file" in complaint(folder)


@pytest.mark.parametrize("size", [0, 4, 8, 50, 2000, 0.5, -1])
def test_a_file_that_ends_early_says_how_early(folder: Path, size: float):
    raw = (folder / WEIGHTS).read_bytes()
    kept = raw[: int(len(raw) * size) if size == 0.5 else int(size)]
    (folder / WEIGHTS).write_bytes(kept)
    message = complaint(folder)
    assert "is cut off" in message
    assert str(len(kept)) in message
    assert "copy it again" in message


@given(st.integers(0, 2**32))
def test_any_flipped_bit_is_found(tmp_path_factory: pytest.TempPathFactory, seed: int):
    folder = tmp_path_factory.getbasetemp() / "flipped"
    write_model(folder)
    raw = bytearray((folder / WEIGHTS).read_bytes())
    dice = random.Random(seed)
    at = dice.randrange(dice.choice([8, 200, len(raw)]))
    raw[at] ^= 1 << dice.randrange(8)
    (folder / WEIGHTS).write_bytes(raw)
    complaint(folder)


def test_altered_weights_are_told_from_broken_ones(folder: Path):
    tensors = random_tensors(TINY, seed=1)
    (folder / WEIGHTS).write_bytes(save(tensors))
    assert "the file was altered or the card is of another model" in complaint(folder)


JUNK = {"pickle": b"\x80\x04pickle", "zip": b"PK\x03\x04" + bytes(99), "ones": b"\xff" * 99}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_a_file_of_another_kind_is_refused(folder: Path, junk: bytes):
    (folder / WEIGHTS).write_bytes(junk)
    complaint(folder)


def reshaped(name: str, shape: tuple[int, ...] | None) -> Tensors:
    tensors = random_tensors(TINY)
    if shape is None:
        del tensors[name]
    else:
        tensors[name] = np.zeros(shape, np.float32)
    return tensors


@pytest.mark.parametrize("name", ["synthesis.b8.conv0.weight", "mapping.w_avg"])
def test_a_tensor_of_another_shape_or_none_is_named(tmp_path: Path, name: str):
    write_model(tmp_path, tensors=reshaped(name, (3, 5)))
    expected = list(expected_shapes(TINY)[name])
    assert f"tensor {name} is [3, 5], the card says {expected}" in complaint(tmp_path)
    write_model(tmp_path, tensors=reshaped(name, None))
    assert f"tensor {name} is missing" in complaint(tmp_path)


def test_an_impossible_architecture_is_a_model_error_that_names_the_model(tmp_path: Path):
    folder = write_model(tmp_path)
    card = folder / "card.yaml"
    card.write_text(card.read_text().replace("resolution: 16", "resolution: 100"))
    with pytest.raises(ModelError, match=r"card\.yaml.*resolution 100 is not a power of two"):
        load_weights(folder, load_card(folder))


ARCHITECTURES = [
    TINY,
    Architecture(z_dim=6, w_dim=5, resolution=4, channel_base=16, mapping_layers=1),
    Architecture(z_dim=6, w_dim=5, resolution=32, channel_base=128, channel_max=9),
]


@pytest.mark.parametrize("arch", ARCHITECTURES)
def test_the_expected_tensors_are_those_of_the_network(arch: Architecture):
    from installation.generators.stylegan2 import Generator

    state = Generator(arch).state_dict()
    network = {name: tuple(t.shape) for name, t in state.items() if "filter" not in name}
    assert expected_shapes(arch) == network
