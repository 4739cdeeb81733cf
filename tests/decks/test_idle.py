"""Idle films: made once, closed upon themselves, of bounded size."""

from pathlib import Path

import numpy as np
import pytest

from installation.decks import idle
from installation.errors import ConsentError
from installation.frames.film import Film
from installation.session import SHADERS
from installation.show.loader import loads
from installation.show.schema import Show
from tests.small_models import TINY, random_tensors, write_model

SHOW = """
models: {{card: {{test_card: {{size: 64x48, fault: crash}}}}, small: {model}}}
scenes:
  slow: {{model: card, walk: {{kind: drift, period: 300s, seed: 3}}}}
  swift: {{model: card, walk: {{kind: loop, period: 10s}}}}
  net: {{model: small}}
"""


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Show:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return loads(SHOW.format(model="nothing"), SHADERS)[0]


def pictures(film: Film) -> list[np.ndarray]:
    out = np.zeros((film.height, film.width, 4), np.uint8)
    found = []
    for number in range(film.count):
        film.decode(number, out)
        found.append(out.astype(np.float32))
    return found


@pytest.mark.parametrize("scene", ["slow", "swift"])
def test_a_film_closes_upon_itself_and_is_no_chase(show: Show, tmp_path: Path, scene: str):
    film = idle.make(show, tmp_path, scene)
    assert film.count / film.rate == idle.SECONDS
    shown = pictures(film)
    steps = [float(abs(a - b).mean()) for a, b in zip(shown, shown[1:] + shown[:1], strict=True)]
    print(f"{scene}: steps between pictures {np.median(steps):.2f}, over the seam {steps[-1]:.2f}")
    assert 0 < np.median(steps) < 6
    assert steps[-1] < 1.5 * max(steps[:-1]), "a cut at the seam"


def test_of_several_the_middle_one_is_shown_unless_somebody_refuses(tmp_path: Path):
    for name in ("ada", "bea", "cid"):
        write_model(tmp_path / name, TINY, random_tensors(TINY, len(name)))
    text = "models: {ada: ada, bea: bea, cid: cid}\nscenes: {all: {models: [ada, bea, cid]}}"
    show, _ = loads(text, SHADERS)
    taken = []
    for refused in ("", "bea", "cid"):
        if refused:
            card = tmp_path / refused / "card.yaml"
            card.write_text(card.read_text() + "consent: {who: B, withdrawn: true}\n")
        taken.append(idle._sitter(show, tmp_path, "all")[0])
    assert taken == ["bea", "cid", "ada"]
    card = tmp_path / "ada" / "card.yaml"
    card.write_text(card.read_text() + "consent: {who: A, withdrawn: true}\n")
    with pytest.raises(ConsentError, match="bea"):
        idle.place(show, tmp_path, "all")


def test_it_is_made_once_and_anew_for_another_walk(
    show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert idle.find(show, tmp_path, "slow") is None
    made = idle.make(show, tmp_path, "slow")
    monkeypatch.setattr(idle, "_generator", lambda *_: pytest.fail("it was there already"))
    assert idle.make(show, tmp_path, "slow") == made == idle.find(show, tmp_path, "slow")
    other = loads(SHOW.format(model="x").replace("seed: 3", "seed: 4"), SHADERS)[0]
    assert idle.find(other, tmp_path, "slow") is None


def test_a_network_paints_its_own_film_and_other_weights_are_another_film(
    tmp_path: Path, show: Show
):
    write_model(tmp_path / "small", TINY)
    net = loads(SHOW.format(model="small"), SHADERS)[0]
    film = idle.make(net, tmp_path, "net")
    assert (film.width, film.height) == (TINY.resolution, TINY.resolution)
    assert np.std(pictures(film)[0][..., :3]) > 1, "a picture, not a colour"
    write_model(tmp_path / "small", TINY, random_tensors(TINY, seed=5))
    assert idle.find(net, tmp_path, "net") is None


def test_a_model_that_is_gone_has_no_film_and_harms_nobody(show: Show, tmp_path: Path):
    assert idle.find(show, tmp_path, "net") is None


def test_the_oldest_films_make_room(show: Show, tmp_path: Path):
    old, new = (idle.make(show, tmp_path, scene) for scene in ("slow", "swift"))
    idle.prune(new.folder, most=idle._size(new.folder) + 10)
    assert not old.folder.exists()
    assert new.folder.exists()


def test_it_has_the_scenes_edits_and_axes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(idle, "SECONDS", 0.4)
    write_model(tmp_path / "net", latent={"axes": {"foam": 0}})
    plain = "{model: small, axes: {x: foam}, walk: {kind: loop}"
    text = "models: {small: net}\nscenes:\n  a: %s}\n  b: %s, bend: [{kind: invert, amount: 1}]}\n"
    made = loads(text % (plain, plain), SHADERS)[0]
    one, other = (pictures(idle.make(made, tmp_path, scene)) for scene in ("a", "b"))
    assert len(one) == len(other) == 4
    assert all(abs(a - b).mean() > 5 for a, b in zip(one, other, strict=True))
