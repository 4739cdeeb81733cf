"""Of which model a journey is, when it is sent to the wall."""

import pytest

from installation.errors import PlaceError
from installation.latent.journeys import Journey, Stop
from installation.latent.places import ModelRef, Place
from installation.panel.explorer.origins import Origin, origin_of

SEA, FACE, OLD = "a" * 64, "b" * 64, "c" * 64
SUMS = {"sea": SEA, "anna": FACE, "card": ""}


def of(*models: ModelRef) -> Journey:
    places = [Place(name="Dawn", seed=1, model=model) for model in models]
    return Journey(name="Day", stops=[Stop(place=place) for place in places])


@pytest.mark.parametrize(
    "model",
    [
        ModelRef(name="anna", sha256=FACE),
        ModelRef(name="anna"),
        ModelRef(name="renamed", sha256=FACE),
        ModelRef(sha256=FACE),
    ],
)
def test_name_and_checksum_find_the_model(model: ModelRef):
    assert origin_of(of(model), SUMS, "sea") == Origin("anna")


def test_a_model_that_was_trained_again_is_told():
    origin = origin_of(of(ModelRef(name="anna", sha256=OLD)), SUMS, "sea")
    assert origin.model == "anna"
    assert "another version of anna" in origin.warning


def test_a_model_that_the_show_has_not_is_told():
    origin = origin_of(of(ModelRef(name="bob", sha256=OLD)), SUMS, "sea")
    assert origin.model == "sea"
    assert "bob, which this show does not have" in origin.warning
    assert origin_of(of(ModelRef()), SUMS, "sea") == Origin("sea")


def test_one_journey_is_of_one_model():
    with pytest.raises(PlaceError, match="of anna and sea"):
        origin_of(of(ModelRef(name="sea"), ModelRef(name="anna")), SUMS, "sea")
