"""Places of other weights, remarked by a desk while the show plays."""

import logging
import time
from pathlib import Path

import pytest

from installation.desk.strangers import Strangers
from installation.latent.files import write
from installation.latent.journeys import Journey, Stop
from installation.latent.places import ModelRef, Place
from installation.session import SHADERS
from installation.show.loader import loads
from tests.small_models import write_model

SHOW = """
models: {tiny: tiny, card: {test_card: {}}}
scenes:
  one: {model: tiny, mix: anna.place, centre: [own.place]}
  two: {model: tiny, walk: {kind: journey, path: evening.journey}}
  lost: {model: tiny, mix: lost.place}
  card: {model: card, mix: anna.place}
"""
ANNA = Place(name="Anna", seed=1, model=ModelRef(name="tiny", sha256="a" * 64))


def test_places_of_other_weights_are_named_once_and_those_that_cannot_be_read_are_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.WARNING)
    write_model(tmp_path / "tiny")
    own = Place(name="Own", seed=2)
    write(tmp_path / "anna.place", ANNA)
    write(tmp_path / "own.place", own)
    stops = [Stop(place=own), Stop(place=ANNA.model_copy(update={"name": "Ben"}))]
    write(tmp_path / "evening.journey", Journey(name="Evening", stops=stops))
    show, _ = loads(SHOW, SHADERS)
    strangers = Strangers(show, tmp_path)
    deadline = time.monotonic() + 20
    while len(strangers.words) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert strangers.words == [
        "scenes.one.mix: Anna was kept in another model, or another version of it",
        "scenes.two.walk.path: Ben was kept in another model, or another version of it",
    ]
    strangers.look(show)
    assert len(caplog.messages) == 2
    assert caplog.messages[0].endswith("; the wall shows another picture there")
