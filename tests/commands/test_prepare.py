"""Preparing a show: twice the same, nothing by a dry run, and one bad model does not spoil it."""

from pathlib import Path

import pytest
import yaml

from installation.cli import main
from installation.decks import idle
from installation.errors import EXIT_BAD_INPUT, EXIT_FAILED
from installation.generators.card import CARD
from installation.session import SHADERS
from installation.show.loader import load
from installation.studio import thumbnails
from installation.studio.easel import Easel
from installation.studio.painter import load as load_painter
from installation.studio.process import Studio
from tests.small_models import write_model

SHOW = """
models: {ada: ada, card: {test_card: {size: 32x32}}}
scenes:
  one: {model: ada, look: []}
  two: {model: card, look: [], walk: {kind: loop}}
decks: {backend: torch}
"""


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    write_model(tmp_path / "ada")
    path = tmp_path / "show.yaml"
    path.write_text(SHOW)
    return path


def test_a_dry_run_names_everything_and_makes_nothing(show: Path, capsys):
    assert main(["prepare", str(show), "--dry-run"]) == 0
    told = capsys.readouterr().out.splitlines()
    names = ["model ada", "model card", "idle film one", "idle film two", "thumbnails ada"]
    assert [line.split(":")[0] for line in told] == names
    assert all("would be" in line for line in told)
    assert not (show.parent / "cache").exists()


def test_films_are_made_once_and_found_by_the_stage(show: Path, capsys):
    assert main(["prepare", str(show)]) == 0
    assert capsys.readouterr().out.count("240 pictures") == 2
    read, _ = load(show, SHADERS)
    films = [idle.find(read, show.parent, scene) for scene in ("one", "two")]
    assert all(films)
    assert main(["prepare", str(show)]) == 0
    told = capsys.readouterr().out
    assert told.count("is there") == 2
    assert "thumbnails ada: are there" in told


def test_the_studio_finds_the_thumbnails_of_the_weights_that_it_has(show: Path, capsys):
    assert main(["prepare", str(show)]) == 0
    assert "187 painted" in capsys.readouterr().out
    painter = load_painter("ada", show.parent)
    middle = thumbnails.points()[0]
    kept = thumbnails.find(painter.sha256, middle, 128)
    assert kept
    easel = Easel(painter)
    assert kept == easel.jpeg(easel.styles(middle), 128)
    file = next(file for file in thumbnails.folder(painter.sha256).iterdir())
    for each in thumbnails.folder(painter.sha256).iterdir():
        each.write_bytes(b"kept")
    studio = Studio(show.parent, {"ada": "ada"})
    wish = {"id": 1, "do": "paint", "model": "ada", "side": 128}
    assert studio.answer(wish, middle.key().encode()) == ({"id": 1}, b"kept")
    file.unlink()
    assert len(thumbnails.missing(painter.sha256)) == 1
    assert thumbnails.find("0" * 64, middle, 128) is None


def test_a_model_that_cannot_be_played_is_said_and_the_rest_is_made(show: Path, capsys):
    (show.parent / "ada" / "model.safetensors").write_bytes(b"cut")
    assert main(["prepare", str(show)]) == EXIT_FAILED
    told = capsys.readouterr().out.splitlines()
    assert "cut off" in told[0]
    assert "240 pictures" in told[3]


def test_no_film_of_somebody_who_does_not_agree_is_made_or_shown(show: Path, capsys):
    assert main(["prepare", str(show)]) == 0
    path = show.parent / "ada" / CARD
    card = yaml.safe_load(path.read_text())
    card["consent"] = {"who": "Ada", "withdrawn": True}
    path.write_text(yaml.safe_dump(card))
    read, _ = load(show, SHADERS)
    assert idle.find(read, show.parent, "one") is None
    assert idle.find(read, show.parent, "two")
    capsys.readouterr()
    assert main(["prepare", str(show)]) == EXIT_FAILED
    assert capsys.readouterr().out.count("Ada has withdrawn consent") == 3


def test_a_show_that_cannot_be_read(tmp_path: Path):
    (tmp_path / "show.yaml").write_text("scenes: {}\n")
    assert main(["prepare", str(tmp_path / "show.yaml")]) == EXIT_BAD_INPUT
