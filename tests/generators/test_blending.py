"""Two networks become one, layer by layer and number by number."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from installation.decks.loading import load
from installation.errors import ConsentError, ModelError
from installation.generators.architecture import Architecture
from installation.generators.blending import blended, share
from installation.generators.card import CARD
from installation.show.models import MadeModel
from tests.small_models import TINY, random_tensors, write_model

HERE = Path("second")
A, B = random_tensors(TINY, 0), random_tensors(TINY, 1)
Z = np.random.default_rng(0).standard_normal(TINY.z_dim)


@given(st.sampled_from([4, 8, 16, 32]), st.floats(0, 1))
def test_every_tensor_is_where_it_should_be_between_the_two(at: int, amount: float):
    mixed = blended(A, B, at, amount, HERE)
    assert mixed.keys() == A.keys()
    for name, tensor in mixed.items():
        assert tensor.dtype == np.float32
        part = share(name, at, amount)
        assert np.allclose(tensor, (1 - part) * A[name] + part * B[name], atol=1e-4)


def test_layers_are_swapped_from_one_on_and_the_mapping_goes_with_the_first():
    mixed = blended(A, B, 8, 1.0, HERE)
    second = {name for name, tensor in mixed.items() if tensor is B[name]}
    assert second == {name for name in A if name.startswith(("synthesis.b8", "synthesis.b16"))}
    assert all(tensor is A[name] for name, tensor in mixed.items() if name not in second)


def test_the_ends_are_the_networks_themselves():
    assert all(tensor is A[name] for name, tensor in blended(A, B, 4, 0.0, HERE).items())
    assert all(tensor is B[name] for name, tensor in blended(A, B, 4, 1.0, HERE).items())


def test_only_networks_of_one_shape_are_blended():
    wider = Architecture(z_dim=12, w_dim=11, resolution=16, channel_base=128, mapping_layers=2)
    with pytest.raises(ModelError, match=r"second: tensor mapping.w_avg is .11., the other"):
        blended({"mapping.w_avg": A["mapping.w_avg"]}, random_tensors(wider), 4, 0.5, HERE)


def painted(folder: Path, **made: object) -> np.ndarray:
    generator = load(MadeModel.model_validate(made), folder, "torch", exact=True)
    out = np.zeros((generator.height, generator.width, 4), np.uint8)
    assert generator.draw(Z, 1.0, out)
    return out.astype(int)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_model(tmp_path / "a", tensors=A)
    write_model(tmp_path / "b", tensors=B)
    (tmp_path / "a" / "snapshots").mkdir()
    (tmp_path / "a" / "snapshots" / "00.safetensors").write_bytes(save(B))
    return tmp_path


def test_a_model_of_two_lies_between_them(folder: Path):
    a, b = painted(folder, of=["a"]), painted(folder, of=["b"])
    half = painted(folder, of=["a", "b"])
    assert np.abs(half - a).mean() > 1
    assert np.abs(half - b).mean() > 1
    assert (painted(folder, of=["a", "b"], amount=1) == b).all()
    assert (painted(folder, of=["a", "b"], at=8, amount=0) == a).all()


def test_a_moment_of_a_training_is_a_model(folder: Path):
    moment = "a/snapshots/00.safetensors"
    assert (painted(folder, of=[moment]) == painted(folder, of=["b"])).all()
    assert (painted(folder, of=["a", moment]) == painted(folder, of=["a", "b"])).all()


def test_a_moment_with_numbers_that_are_none_is_refused(folder: Path):
    spoilt = {name: array.copy() for name, array in B.items()}
    spoilt["mapping.w_avg"][0] = np.nan
    (folder / "a" / "snapshots" / "00.safetensors").write_bytes(save(spoilt))
    with pytest.raises(ModelError, match=r"mapping.w_avg is not finite"):
        painted(folder, of=["a/snapshots/00.safetensors"])


def test_everybody_in_a_blend_must_agree(folder: Path):
    card = folder / "b" / CARD
    card.write_text(card.read_text() + "consent: {who: Ada Example, withdrawn: true}\n")
    painted(folder, of=["a"])
    with pytest.raises(ConsentError, match="Ada Example has withdrawn consent"):
        painted(folder, of=["a", "b"])


def test_a_wide_model_is_as_wide_as_it_says(folder: Path):
    assert painted(folder, of=["a"], wide=3).shape == (16, 48, 4)
