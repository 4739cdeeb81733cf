"""clusters.json: which channels light up together, found and read back."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from installation.control.edit_rows import CLUSTERS
from installation.decks.models import opened
from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.generators.card import load_card
from installation.generators.clusters import FILE, load_clusters
from installation.session import ROOT
from tests.small_models import TINY, write_model
from tools.clusters import k_means, main

HOUSE = sorted(card.parent for card in (ROOT / "models").rglob("card.yaml"))


def test_channels_that_light_up_together_are_one_cluster():
    rng = np.random.default_rng(3)
    things = rng.standard_normal((3, 40))
    of = np.array([2] * 9 + [0] * 5 + [1] * 3)
    rows = things[of] + 0.1 * rng.standard_normal((17, 40))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    order = rng.permutation(17)
    found = k_means(rows[order], 3, np.random.default_rng(0))
    names = np.array([1, 2, 0])[of[order]]  # by size: the first has nine
    assert (found == names).all()


def test_what_the_tool_writes_is_what_the_runtime_reads(tmp_path: Path):
    folder = write_model(tmp_path / "small")
    card = load_card(folder)
    assert load_clusters(folder, card.sha256, TINY) == {}
    main([str(folder)])
    found = load_clusters(folder, card.sha256, TINY)
    assert set(found) == {4, 8, 16}
    for side, of in found.items():
        assert of.shape == (TINY.channels(side),)
        assert 0 <= of.min() <= of.max() < CLUSTERS
    before = (folder / FILE).read_bytes()
    main([str(folder)])
    assert (folder / FILE).read_bytes() == before


@pytest.mark.parametrize("folder", HOUSE, ids=lambda folder: folder.name)
def test_the_house_models_have_clusters_of_their_own_weights(folder: Path):
    card = load_card(folder)
    arch = card.architecture.built()
    assert isinstance(arch, Architecture)
    assert set(load_clusters(folder, card.sha256, arch)) == set(arch.resolutions)


def test_clusters_of_other_weights_stop_no_show(tmp_path: Path, caplog):
    folder = write_model(tmp_path / "small")
    (folder / FILE).write_text(json.dumps({"model": "0" * 64, "layers": {}}))
    assert opened("small", tmp_path, date.min).variant.clusters == {}
    assert "is of other weights" in caplog.text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "0" * 64}, "is of other weights"),
        ({"layers": {"5": [0]}}, "layer 5"),
        ({"layers": {"4": [0]}}, "layer 4 has 1 channels"),
        ({"layers": {"4": [9] * 8}}, "from 0 to 5"),
        ({"layers": {"4": 3}}, "delete it"),
        ({"layers": []}, "delete it"),
    ],
)
def test_a_file_that_cannot_be_is_told(tmp_path: Path, change: dict, said: str):
    folder = write_model(tmp_path / "small")
    digest = load_card(folder).sha256
    (folder / FILE).write_text(json.dumps({"model": digest, "layers": {}} | change))
    with pytest.raises(ModelError, match=said):
        load_clusters(folder, digest, TINY)
