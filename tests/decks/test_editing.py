"""Which edit the table asks for, and that it is seen in the picture."""

from pathlib import Path

import numpy as np
import pytest

from installation.decks.editing import Editing, prepared
from installation.decks.loading import load
from installation.errors import PlaceError
from installation.generators.protocol import Generator
from installation.generators.test_card import TestCard
from installation.latent import files
from installation.latent.places import Place
from installation.session import SHADERS
from installation.show.loader import load as load_show
from tests.small_models import write_model

SHOW = """
models: {small: small}
scenes: {one: {model: small, look: [], %s}}
"""


class Deck:
    def __init__(self, folder: Path, scene: str = "", mix: Place | None = None) -> None:
        write_model(folder / "small")
        (folder / "show.yaml").write_text(SHOW % scene)
        self.show, self.table = load_show(folder / "show.yaml", SHADERS)
        self.generator: Generator = load("small", folder, "torch", exact=True)
        self.given = self.show.scenes["one"], self.generator, self.table, folder, mix
        self.editing = prepared(*self.given)

    def picture(self, **controls: float) -> np.ndarray:
        values = np.array([row.default for row in self.table], dtype=np.float64)
        for name, value in controls.items():
            values[self.table.index("/" + name.replace("_", "/", 1))] = value
        out = np.zeros((16, 16, 4), np.uint8)
        place = Place(name="p", seed=1).position(12)
        edit = self.editing.edit(values)
        assert (edit is None) == (not controls and not self.show.scenes["one"].centre)
        assert self.generator.draw(place, values[self.table.index("/style/psi")], out, edit)
        return out.astype(int)


def moved(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).mean())


def test_a_direction_is_seen_grows_and_is_held_to_its_range(tmp_path: Path):
    deck = Deck(tmp_path)
    plain = deck.picture()
    assert moved(deck.picture(direction_sefa1=2.0), plain) > 1
    far, farther = (deck.picture(direction_sefa1=amount) for amount in (3.0, 50.0))
    assert (far == farther).all()
    values = {f"zone_{zone}": 0.0 for zone in ("coarse", "middle", "fine")}
    assert moved(deck.picture(direction_sefa1=2.0, **values), plain) < 0.5


def test_a_second_place_is_mixed_in(tmp_path: Path):
    seeded = Deck(tmp_path, "mix: 7")
    theirs = np.zeros((16, 16, 4), np.uint8)
    seeded.generator.draw(Place(name="p", seed=7).position(12), 1.0, theirs)
    assert moved(seeded.picture(style_mix=1.0), theirs.astype(int)) < 0.5
    files.write(tmp_path / "seven.place", Place(name="p", seed=7))
    from_file = Deck(tmp_path, "mix: seven.place")
    assert (from_file.picture(style_mix=0.4) == seeded.picture(style_mix=0.4)).all()
    ordered = Deck(tmp_path, "mix: 3", mix=Place(name="p", seed=7))
    assert (ordered.picture(style_mix=0.4) == seeded.picture(style_mix=0.4)).all()


def test_truncation_draws_towards_a_cluster(tmp_path: Path):
    deck = Deck(tmp_path, "centre: [7, 8]")
    middle = np.mean(
        [deck.generator.styles(Place(name="p", seed=s).position(12)) for s in (7, 8)], axis=0
    )
    wanted = np.zeros((16, 16, 4), np.uint8)
    deck.generator.draw(middle, 1.0, wanted)
    assert moved(deck.picture(style_psi=0.0), wanted.astype(int)) < 0.5


def test_a_place_that_cannot_be_had_is_told_and_left_out(tmp_path: Path, caplog):
    deck = Deck(tmp_path, "mix: gone.place, centre: [gone.place]")
    with pytest.raises(PlaceError, match="no such file"):
        Editing(*deck.given)
    assert "gone.place: no such file; the scene plays without it" in caplog.text


def test_the_test_card_has_nothing_to_edit(tmp_path: Path):
    deck = Deck(tmp_path, "mix: 7")
    scene, _, table, folder, _ = deck.given
    editing = Editing(scene, TestCard(16, 16), table, folder, None)
    assert editing.edit(np.array([row.default for row in table])) is None
