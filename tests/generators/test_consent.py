"""Consent terms: what a card may say, on which days a model may be shown, and what then happens."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from installation.commands.check import model_problems
from installation.decks.loading import load as load_model
from installation.desk.consents import Consents
from installation.errors import ConsentError, ModelError
from installation.generators.card import CARD, load_card
from installation.generators.consent import Consent, refusal
from installation.show.loader import loads
from installation.show.schema import Show
from tests.small_models import write_model

TODAY = date(2026, 6, 1)
SHOW = """
models: {ada: ada, bea: bea, card: {test_card: {}}}
scenes:
  one: {model: ada, look: []}
  two: {model: bea, look: []}
  three: {model: card, look: []}
"""


def model(folder: Path, **consent: object) -> Path:
    """A small model whose card carries these terms."""
    path = write_model(folder)
    card = yaml.safe_load((path / CARD).read_text())
    card["consent"] = {"who": folder.name.title(), "for": "this show", **consent}
    (path / CARD).write_text(yaml.safe_dump(card))
    return path


def show(folder: Path) -> Show:
    return loads(SHOW, folder)[0]


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({}, None),
        ({"until": TODAY}, None),
        ({"until": "2026-05-31"}, "the consent of Ada lapsed on 2026-05-31"),
        ({"withdrawn": True}, "Ada has withdrawn consent"),
        ({"withdrawn": "2026-06-01"}, "Ada has withdrawn consent on 2026-06-01"),
        ({"withdrawn": "2026-06-02"}, None),
        ({"until": "2027-01-01", "withdrawn": True}, "Ada has withdrawn consent"),
    ],
)
def test_who_agreed_until_when(terms: dict[str, object], says: str | None):
    assert Consent.model_validate({"who": "Ada", "for": "art", **terms}).refusal(TODAY) == says


@given(st.dates(), st.dates())
def test_the_last_day_is_included_and_none_after_it(until: date, day: date):
    consent = Consent(who="Ada", until=until)
    assert (consent.refusal(day) is None) is (day <= until)


def test_a_sentence_sets_no_terms(tmp_path: Path):
    card = load_card(write_model(tmp_path / "m"))
    assert isinstance(card.consent, str)
    assert refusal(card.consent, TODAY) is None


@pytest.mark.parametrize("bad", [{"until": "soon"}, {"who": ""}, {"withdrawn": "no idea"}])
def test_terms_that_cannot_be_understood_are_no_terms_to_show_by(tmp_path: Path, bad):
    with pytest.raises(ModelError) as told:
        load_card(model(tmp_path / "ada", **bad))
    assert "consent" in str(told.value)
    assert "\n" not in str(told.value)


def test_a_lapsed_model_is_not_loaded(tmp_path: Path):
    model(tmp_path / "ada", until=str(TODAY))
    assert load_model("ada", tmp_path, "torch", today=lambda: TODAY)
    with pytest.raises(ConsentError, match="Ada lapsed on 2026-06-01"):
        load_model("ada", tmp_path, "torch", today=lambda: TODAY + timedelta(1))


def test_its_scene_is_skipped_from_midnight_on_and_said_once(tmp_path: Path, caplog):
    model(tmp_path / "ada", until=str(TODAY))
    model(tmp_path / "bea")
    days = [TODAY]
    consents = Consents(show(tmp_path), tmp_path, lambda: days[0])
    assert [consents.instead(scene) for scene in range(3)] == [0, 1, 2]
    days[0] += timedelta(1)
    consents.look()
    consents.look()
    assert [consents.instead(scene) for scene in range(3)] == [1, 1, 2]
    assert dict(consents.barred) == {"one": "the consent of Ada lapsed on 2026-06-01"}
    assert len([r for r in caplog.records if "one is skipped" in r.getMessage()]) == 1
    model(tmp_path / "bea", withdrawn=True)  # in the card, while the show runs
    consents.look()
    assert [consents.instead(scene) for scene in range(3)] == [2, 2, 2]
    assert model_problems(show(tmp_path), tmp_path, days[0]) == [
        "models.ada: the consent of Ada lapsed on 2026-06-01; its scenes are skipped",
        "models.bea: Bea has withdrawn consent; its scenes are skipped",
    ]


def test_when_none_may_be_shown_there_is_none(tmp_path: Path):
    model(tmp_path / "ada", withdrawn=True)
    text = "models: {ada: ada}\nscenes: {one: {model: ada, look: []}}\n"
    consents = Consents(loads(text, tmp_path)[0], tmp_path, lambda: TODAY)
    assert consents.instead(0) is None
