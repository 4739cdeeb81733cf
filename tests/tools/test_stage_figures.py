"""The tool that measures the stage, on presents that are known."""

from pathlib import Path

import pytest

from installation.presents import Present
from installation.session import ROOT, SHADERS
from installation.show.loader import load
from installation.show.outputs import recorder
from tools.soak.play import Play
from tools.stage_figures import SETTLE, apart, first_picture, recording, row, watched


class Wall:
    """Presents handed out in two looks."""

    def __init__(self, looks: list[list[Present]]) -> None:
        self._looks = looks
        self.log = "the show runs\nfirst picture after 1.25 s\n"

    def look(self) -> list[Present]:
        return self._looks.pop(0) if self._looks else []


def present(at: float) -> Present:
    return Present(1, at, 1, 0.5, "live", False)


def test_the_beginning_of_a_stretch_does_not_count(monkeypatch: pytest.MonkeyPatch):
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr("time.sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    early = [present(100.0 + 0.1 * i) for i in range(int(10 * SETTLE))]
    late = [present(100.0 + SETTLE + at) for at in (0.03, 0.06, 0.16)]
    wall: Play = Wall([early, late])  # type: ignore[assignment]
    assert apart(watched(wall, 3.0)) == pytest.approx([30.0, 100.0])
    assert first_picture(wall) == 1.25


def test_a_row_of_the_table():
    assert row([25.0] * 99 + [75.0]) == "39.2 | 25 / 25 / 25.5 / 75"


def test_the_shipped_show_can_be_filmed(tmp_path: Path):
    show, _ = load(recording(ROOT / "show.yaml", tmp_path), SHADERS)
    film = recorder(show.outputs)
    assert film is not None
    assert film.folder == str(tmp_path / "films")
