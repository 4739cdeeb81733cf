import subprocess
import sys
from pathlib import Path

import pytest

from installation.cli import main
from installation.generators.card import WEIGHTS
from installation.latent.files import write
from installation.latent.places import ModelRef, Place
from installation.session import ROOT
from tests.small_models import write_model, write_stylegan3

SHOW = """title: Small
models: {small: small, card: {test_card: {}}}
scenes:
  one: {model: small, look: [], axes: {x: foam}}
  two: {model: card, look: []}
"""


@pytest.fixture
def show(tmp_path: Path) -> Path:
    write_model(tmp_path / "small", latent={"axes": {"foam": 0}})
    path = tmp_path / "show.yaml"
    path.write_text(SHOW)
    return path


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str], list[str]]:
    code = main(["check", str(path)])
    told = capsys.readouterr()
    return code, told.out.splitlines(), told.err.splitlines()


def test_a_whole_show_is_well(show: Path, capsys: pytest.CaptureFixture[str]):
    code, out, err = checked(show, capsys)
    assert (code, err) == (0, [])
    assert "2 scenes, 2 models" in out[0]


def test_the_shipped_show_is_well(capsys: pytest.CaptureFixture[str]):
    assert checked(ROOT / "show.yaml", capsys)[0] == 0


def test_a_broken_show_is_told_line_by_line(show: Path, capsys: pytest.CaptureFixture[str]):
    show.write_text(SHOW + "titel: x\nhouse_colour: blue\ntitle: again\n")
    code, out, err = checked(show, capsys)
    assert (code, out) == (2, [])
    assert [line.removeprefix(f"{show}:").split(":")[0] for line in err] == ["6", "7", "8"]


def test_a_missing_show_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    code, _, err = checked(tmp_path / "none.yaml", capsys)
    assert code == 2
    assert len(err) == 1
    assert "none.yaml" in err[0]
    assert "No such file" in err[0]


def test_an_altered_model_is_told(show: Path, capsys: pytest.CaptureFixture[str]):
    weights = show.parent / "small" / WEIGHTS
    raw = bytearray(weights.read_bytes())
    raw[-1] ^= 1
    weights.write_bytes(raw)
    code, _, err = checked(show, capsys)
    assert code == 2
    assert len(err) == 1
    assert err[0].startswith("models.small: ")
    assert "was altered" in err[0]


def test_every_fault_of_every_model_is_told(show: Path, capsys: pytest.CaptureFixture[str]):
    show.write_text(
        SHOW.replace("x: foam", "x: moon").replace("card: {test", "gone: nowhere, card: {test")
    )
    code, _, err = checked(show, capsys)
    assert code == 2
    assert [line.partition(":")[0] for line in err] == ["scenes.one.axes.x", "models.gone"]
    assert "no axis 'moon'; it has: foam" in err[0]


def test_a_mask_and_a_sound_that_are_not_there_are_told_with_what_to_do(
    show: Path, capsys: pytest.CaptureFixture[str]
):
    more = "outputs: [{window: {mask: wall.png}}]\ninputs: {audio: {file: rehearsal.wav}}\n"
    show.write_text(SHOW + more)
    code, _, err = checked(show, capsys)
    assert code == 2
    folder = show.parent
    assert err[0] == (
        f"window 0: mask {folder}/wall.png: No such file or directory; "
        "put a PNG there, or take mask out"
    )
    assert "inputs.audio.file: the sound file cannot be read" in err[1]
    assert "rehearsal.wav" in err[1]
    assert err[1].endswith("it must be a WAV or FLAC, or take file out")
    assert len(err) == 2
    (folder / "wall.png").write_bytes(b"no picture")
    assert "put a PNG there" in checked(show, capsys)[2][0]
    assert main(["doctor", str(show)]) == 1
    assert "BAD   file       window 0: mask" in capsys.readouterr().out


def test_it_says_so_by_its_exit_code_to_a_shell_too(show: Path):
    show.write_text("colour: red")
    command = [sys.executable, "-m", "installation.cli", "check", str(show)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 3


def test_a_place_of_another_version_is_remarked(show: Path, capsys: pytest.CaptureFixture[str]):
    place = Place(name="Anna", seed=1, model=ModelRef(name="small", sha256="a" * 64))
    write(show.parent / "anna.place", place)
    write(show.parent / "own.place", Place(name="Own", seed=2))
    show.write_text(
        SHOW.replace("look: [], axes", "look: [], centre: [anna.place, own.place], axes")
    )
    code, _, err = checked(show, capsys)
    assert code == 0
    assert err == [
        "note: scenes.one.centre: Anna was kept in another model, or another version of it"
    ]


def test_several_places_are_not_for_a_stylegan3(show: Path, capsys: pytest.CaptureFixture[str]):
    write_stylegan3(show.parent / "three")
    text = "models: {three: three}\nscenes: {one: {model: three, compose: {with: [9]}}}\n"
    show.write_text(text)
    code, _, err = checked(show, capsys)
    assert code == 2
    assert err == [
        "scenes.one.compose: model three: only a stylegan2 paints several places in one picture; "
        "take it out"
    ]
