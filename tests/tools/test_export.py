import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import yaml
from safetensors import safe_open
from safetensors.torch import load_file

from installation.generators.architecture import Architecture
from installation.generators.stylegan2 import Generator
from tools.directions import main as directions
from tools.export import card_with, main, public_tensors, restore
from tools.paint.dataset import Description, grow
from tools.snapshots import main as snapshots
from tools.training import checkpoints
from tools.training.data import Pairs
from tools.training.distil import architecture
from tools.training.evaluate import embed
from tools.training.origin import begin_from
from tools.training.schedule import progressive
from tools.training.trainer import Trainer

SMALL = Architecture(28, 32, 32, 512, 32, 2, 0.3)


def trained() -> Generator:
    torch.manual_seed(0)
    generator = Generator(SMALL)
    with torch.no_grad():
        for name, p in generator.named_parameters():
            if name.endswith(("bias", "noise_strength")):
                p.add_(0.1 * torch.randn_like(p))
    return generator.eval()


def test_short_latents_keep_their_picture_among_512() -> None:
    ours = trained()
    tensors = public_tensors(ours)
    theirs = restore(tensors, replace(SMALL, z_dim=512))
    z = torch.randn(4, 28)
    with torch.no_grad():
        wanted = ours.synthesis(ours.mapping(z, normalise=False))
        got = theirs(embed(z, 512))
    # Half precision keeps eleven bits; over six layers that is well below one grey level.
    assert (got - wanted).abs().max() < 2e-2 * wanted.std()
    assert {t.dtype for t in tensors.values()} == {torch.float16}
    assert set(tensors) == set(ours.state_dict())


def test_padding_alone_is_exact() -> None:
    ours = trained()
    wide = restore(public_tensors(ours), replace(SMALL, z_dim=512))
    tensors = ours.state_dict() | {
        "mapping.fc0.weight": torch.nn.functional.pad(
            ours.state_dict()["mapping.fc0.weight"] * (512 / 28) ** 0.5, (0, 484)
        )
    }
    wide.load_state_dict(tensors)
    z = torch.randn(4, 28)
    torch.testing.assert_close(
        wide.mapping(embed(z, 512)), ours.mapping(z, normalise=False), atol=1e-4, rtol=1e-4
    )


def test_the_average_style_is_the_middle_of_the_space() -> None:
    ours = trained()
    wide = restore(public_tensors(ours), replace(SMALL, z_dim=512))
    ws = wide.mapping(embed(torch.randn(4000, 28), 512))[:, 0]
    spread = ws.std(0).mean()
    assert (ws.mean(0) - wide.mapping.w_avg).abs().max() < 0.15 * spread
    at_zero = wide.mapping(torch.randn(2, 512), psi=0.0)
    assert torch.equal(at_zero[0, 0], wide.mapping.w_avg)


def test_embedding_has_unit_mean_square_and_refuses_what_does_not_fit() -> None:
    z = torch.randn(3, 28)
    assert torch.allclose(embed(z, 512).square().mean(1), torch.ones(3))
    assert torch.equal(embed(z, 512)[:, :28], z)
    with pytest.raises(ValueError, match="shorten"):
        embed(10 * z, 512)
    with pytest.raises(ValueError, match="do not fit"):
        embed(z, 28)


def test_card_keeps_what_a_person_wrote() -> None:
    card = {"name": "x", "training": {"command": "c", "images": 1}, "latent": {"used": 28}}
    new = card_with(card, SMALL, "ab", {"images": 2, "painter": "waves"})
    assert new["training"] == {"command": "c", "images": 2, "painter": "waves"}
    assert new["latent"] == {"used": 28}
    assert new["architecture"]["kind"] == "stylegan2"
    assert new["architecture"]["w_dim"] == 32


@pytest.mark.train
def test_a_run_becomes_a_model_folder(tmp_path: Path) -> None:
    data, run, model = tmp_path / "data", tmp_path / "run", tmp_path / "model"
    list(grow(data, 140, Description(size=32, seed=0), threads=2))
    trainer = Trainer(architecture(Pairs(data)), progressive(32))
    trainer.step(Pairs(data), 0.1)
    checkpoints.save(run, trainer)
    model.mkdir()
    (model / "card.yaml").write_text("name: test\ndepicts: a sea\n")
    main([str(run), str(model), "--data", str(data)])
    card = yaml.safe_load((model / "card.yaml").read_text())
    raw = (model / "model.safetensors").read_bytes()
    assert card["sha256"] == hashlib.sha256(raw).hexdigest()
    assert card["depicts"] == "a sea"
    assert card["training"]["images"] == 16
    grown = Trainer(replace(trainer.arch, resolution=64), progressive(64))
    begin_from(grown, run)
    grown.progress.step = 2
    later = checkpoints.save(tmp_path / "grown", grown)
    snapshots([str(model), *map(str, [*checkpoints.checkpoints(run), later])])
    moments = [load_file(model / "snapshots" / f"{n:02}.safetensors") for n in (0, 1, 2)]
    assert not moments[1]["synthesis.b64.torgb.weight"].any()  # before it grew: an enlargement
    shapes = [{name: t.shape for name, t in moment.items()} for moment in moments]
    assert shapes[0] == shapes[1] == shapes[2]
    assert shapes[0].keys() > load_file(model / "model.safetensors").keys()
    assert not torch.equal(moments[0]["mapping.fc0.weight"], moments[1]["mapping.fc0.weight"])
    assert (model / "snapshots" / "strip.jpg").stat().st_size > 1000
    directions([str(model), "--no-strips"])
    with safe_open(model / "directions.safetensors", "np") as file:
        told = json.loads(file.metadata()["directions"])
        assert set(told) == set(file.keys())
        assert file.get_tensor("storm").argmax() == 6
    assert told["storm"]["space"] == "z"
    assert {one["origin"] for one in told.values()} == {"painter", "pca", "sefa"}
    assert card["training"]["metrics"]["hold_l1"] > 0
    assert card["latent"]["axes"]["storm"] == 6
    assert load_file(model / "model.safetensors")["mapping.fc0.weight"].shape == (256, 512)
