from pathlib import Path

import pytest
import yaml

from installation.errors import ModelError
from installation.generators.card import CARD, load_card
from installation.session import ROOT
from tests.small_models import TINY, card_of, write_model

LATENT = {
    "used": 8,
    "tide": [{"pair": [1, 2], "wavelength": 3.5}],
    "axes": {"foam": 0, "sun": 7},
}


def changed(folder: Path, **changes: object) -> Path:
    """A model folder whose card has other top-level keys; None takes one away."""
    contents = {**card_of(TINY, b"", LATENT), **changes}
    text = yaml.safe_dump({k: v for k, v in contents.items() if v is not None}, sort_keys=False)
    (folder / CARD).write_text(text)
    return folder


def complaint(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        load_card(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_card_tells_the_shape_and_the_space(tmp_path: Path):
    card = load_card(write_model(tmp_path, latent=LATENT))
    assert card.architecture.built() == TINY
    space = card.space()
    assert (space.z_dim, space.used, dict(space.axes)) == (12, 8, {"foam": 0, "sun": 7})
    assert (space.tide[0].pair, space.tide[0].wavelength) == ((1, 2), 3.5)


def test_the_shipped_models_cards_are_whole():
    cards = [load_card(path.parent) for path in (ROOT / "models").glob(f"*/{CARD}")]
    assert cards
    for card in cards:
        assert card.provenance
        assert card.consent
        assert card.licence != "unknown"


def test_a_missing_folder_and_a_missing_card_are_told_apart(tmp_path: Path):
    assert "no such folder" in complaint(tmp_path / "gone")
    assert "cannot be read: No such file" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sha256": "abc"}, ":12: sha256: "),
        ({"sha256": None}, "sha256: Field required"),
        ({"colour": "blue"}, "colour: Extra inputs"),
        ({"architecture": {"kind": "stylegan9", "resolution": 16}}, ":3: architecture.kind: "),
        ({"architecture": {"kind": "stylegan2"}}, ":2: architecture.resolution: "),
        ({"latent": {"used": -1}}, ":14: latent.used: "),
        ({"latent": {"used": 13}}, ":14: latent.used: z has 12 dimensions"),
        ({"latent": {"tide": [{"pair": [0, 12], "wavelength": 1}]}}, "latent.tide[0].pair: "),
        ({"latent": {"tide": [{"pair": [0, 1], "wavelength": 0}]}}, "latent.tide[0].wavelength: "),
        ({"latent": {"axes": {"foam": 12}}}, ":15: latent.axes.foam: the first is 0, the last 11"),
        ({"latent": {"used": 4, "axes": {"foam": 4}}}, "latent.axes.foam: "),
        ({"latent": {"axes": {"foam": -1}}}, "latent.axes.foam: "),
    ],
)
def test_a_wrong_card_is_told_with_its_line(tmp_path: Path, changes: dict, expected: str):
    message = complaint(changed(tmp_path, **changes))
    assert expected in message
    assert str(tmp_path / CARD) in message


def test_every_fault_of_a_card_is_told_at_once(tmp_path: Path):
    message = complaint(changed(tmp_path, sha256="no", name=None, depicts=3))
    assert all(word in message for word in ("sha256", "name", "depicts"))


@pytest.mark.parametrize("text", ["", "a: [", "- 1", "name: !x y", "\x00"])
def test_a_card_that_is_no_card_is_told(tmp_path: Path, text: str):
    (tmp_path / CARD).write_text(text)
    assert CARD in complaint(tmp_path)
