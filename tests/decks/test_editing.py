"""Which edit the table asks for, and that it is seen in the picture."""

from pathlib import Path

import numpy as np
import pytest

from installation.decks.editing import STILL, Editing, prepared
from installation.decks.loading import load
from installation.decks.player import make_walk
from installation.errors import PlaceError
from installation.generators.protocol import Generator
from installation.generators.styles import Edit
from installation.generators.test_card import TestCard
from installation.latent import files
from installation.latent.places import Place
from installation.latent.walks import START, State
from installation.session import SHADERS
from installation.show import schema
from installation.show.loader import load as load_show
from tests.small_models import write_model, write_stylegan3

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

    def values(self, **controls: float) -> np.ndarray:
        values = np.array([row.default for row in self.table], dtype=np.float64)
        for name, value in controls.items():
            values[self.table.index("/" + name.replace("_", "/", 1))] = value
        return values

    def asked(self, at: State = START, /, **controls: float) -> Edit | None:
        return self.editing.edit(self.values(**controls), at, STILL)

    def picture(self, **controls: float) -> np.ndarray:
        values = self.values(**controls)
        out = np.zeros((16, 16, 4), np.uint8)
        place = Place(name="p", seed=1).position(12)
        edit = self.editing.edit(values)
        scene = self.show.scenes["one"]
        assert (edit is None) == (not controls and not scene.centre and not scene.bend)
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


BENT = "bend: [{kind: ablate, layer: 8, amount: 0.25, cluster: 0, channels: [0, 0.5]}]"


def test_bends_come_from_the_scene_and_from_the_table(tmp_path: Path):
    by_scene, by_hand = Deck(tmp_path, BENT), Deck(tmp_path)
    played = {"bend_1/kind": 2.0, "bend_1/layer": 1.0, "bend_1/amount": 0.25, "bend_1/to": 0.5}
    seen = by_scene.picture()
    assert (seen == by_hand.picture(**played)).all()
    assert moved(seen, by_hand.picture()) > 0.5
    assert (
        by_scene.picture(**{"bend_1/amount": 0.25})
        == by_hand.picture(**{**played, "bend_1/amount": 0.5})
    ).all()
    assert by_scene.asked(**{"bend_1/kind": 1.0}) is None  # off
    for left in (0.0, 1e-4, -1e-9):  # a glide's end
        assert by_scene.asked(**{"bend_1/amount": left - 0.25}) is None
    assert by_scene.asked(**{"bend_1/kind": 1.0, "xray_mix": 1e-5}) is None


def test_a_layer_that_the_network_lacks_is_its_last(tmp_path: Path):
    deck = Deck(tmp_path)
    turned = {"bend_2/kind": 8.0, "bend_2/amount": 0.5}
    last, beyond = (deck.picture(**turned, **{"bend_2/layer": n}) for n in (2.0, 8.0))
    assert (last == beyond).all()
    shown = [deck.picture(**{"xray_layer": n, "xray_mix": 1.0}) for n in (2.0, 8.0)]
    assert (shown[0] == shown[1]).all()


def test_other_places_go_the_same_walk_from_seeds_of_their_own(tmp_path: Path):
    deck = Deck(
        tmp_path, "walk: {kind: loop, seed: 3}, compose: {with: [4, stands.place], across: rows}"
    )
    files.write(tmp_path / "stands.place", Place(name="p", seed=9))
    deck.editing = prepared(*deck.given)
    begun, later = (deck.asked((turn, *START[1:])) for turn in (0.0, 0.3))
    assert begun
    assert begun.bands
    assert later
    assert later.bands
    assert begun.bands.rows
    other = deck.given[0].model_copy(update={"walk": schema.Walk(kind="loop", seed=4)})
    _, there = make_walk(other, deck.generator).step(START, STILL, 0.0)
    assert (begun.bands.places[0] == there).all()
    assert (begun.bands.places[0] != later.bands.places[0]).any()
    assert (begun.bands.places[1] == later.bands.places[1]).all()
    assert deck.asked(compose_mix=0.0) is None


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


def test_a_stylegan3_shows_its_layers_bends_and_holds_one_place(tmp_path: Path, caplog):
    write_stylegan3(tmp_path / "small")
    scene = "bend: [{kind: ablate, layer: 16, amount: 0.7}], compose: {with: [9]}"
    (tmp_path / "show.yaml").write_text(SHOW % scene)
    show, table = load_show(tmp_path / "show.yaml", SHADERS)
    values = np.array([row.default for row in table], dtype=np.float64)
    for address in ("/xray/mix", "/compose/mix"):
        values[table.index(address)] = 0.5
    pictures = []
    for backend in ("openvino", "torch"):
        generator = load("small", tmp_path, backend, exact=True, patient=True)
        edit = prepared(show.scenes["one"], generator, table, tmp_path, None).edit(values)
        assert edit
        assert edit.bands is None
        out, plain = np.zeros((2, 16, 16, 4), np.uint8)
        place = Place(name="p", seed=1).position(12)
        assert generator.draw(place, 1.0, plain)
        assert generator.draw(place, 1.0, out, edit)
        assert moved(out.astype(int), plain.astype(int)) > 5
        pictures.append(out.astype(int))
    assert np.abs(pictures[0] - pictures[1]).max() <= 1
    assert caplog.text.count("only a stylegan2 paints several places in one picture") == 2
