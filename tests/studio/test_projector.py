"""The search for a picture: one that the network made leads back to its place."""

from pathlib import Path

import numpy as np
import pytest

from installation.errors import ModelError
from installation.generators.architecture import Architecture
from installation.studio.atlas import Atlas
from installation.studio.painter import load
from installation.studio.projector import STEPS, project
from installation.studio.recipe import point
from tests.small_models import random_tensors, write_model

ARCH = Architecture(
    z_dim=8, w_dim=8, resolution=16, channel_base=128, channel_max=8, mapping_layers=2
)


def test_it_comes_near_and_tells_how_far_it_is(tmp_path: Path):
    tensors = random_tensors(ARCH)
    for name in tensors:
        if "torgb.weight" in name:
            tensors[name] *= 0.3  # else most of it is beyond black and white
    write_model(tmp_path / "small", ARCH, tensors)
    painter = load("small", tmp_path)
    atlas = Atlas(painter)
    goal = painter.paint(atlas.find(point('{"start": {"seed": 99}}')).ws, 16)
    way = list(project(painter, atlas, goal))
    assert len(way) == STEPS
    assert [step.done for step in way] == sorted(step.done for step in way)
    assert way[-1].l1 < 0.25 * way[0].l1
    reached = painter.paint(way[-1].ws, 16).astype(float)
    assert np.abs(reached - goal).mean() / 255 == pytest.approx(way[-1].l1, abs=0.01)
    first, last = way[0].ws, way[-1].ws
    assert np.ptp(first, axis=0).max() == 0  # one style for all layers …
    assert np.ptp(last, axis=0).max() > 0  # … until the last third


def test_what_has_no_gradients_or_too_few_pixels_is_refused(tmp_path: Path):
    write_model(tmp_path / "small", ARCH)
    painter = load("small", tmp_path)
    with pytest.raises(ModelError, match="smaller than the 16 pixels"):
        next(project(painter, Atlas(painter), np.zeros((8, 8, 3), np.uint8)))
    from installation.show.models import TestCardModel

    card = load(TestCardModel.model_validate({"test_card": {}}), tmp_path)
    with pytest.raises(ModelError, match="StyleGAN2"):
        next(project(card, Atlas(card), np.zeros((64, 64, 3), np.uint8)))
