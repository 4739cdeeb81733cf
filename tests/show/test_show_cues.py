from datetime import time
from pathlib import Path

import pytest

from installation.errors import ShowError
from installation.show.cues import numbers, steps
from installation.show.loader import loads

PASS = "uniform float grain;   // 0.03 [0, 0.2] film grain\n"
SHOW = """
models: {card: {test_card: {}}}
scenes: {one: {model: card, look: []}, two: {model: card, look: []}}
cues:
  - {name: doors, scene: one}
"""
GOOD = (
    SHOW
    + """
  - {name: storm, look: [film], set: {look/film/grain: 0.1, hud/visible: true}, fade: 2min}
  - {name: dinner, scene: two, at: "20:30", wait: 2s, follow: 1h, then: doors, easing: in}
"""
)


@pytest.fixture
def shaders(tmp_path: Path) -> Path:
    (tmp_path / "film.frag").write_text(PASS)
    return tmp_path


def test_a_list_means_what_it_says(shaders: Path):
    show, table = loads(GOOD, shaders)
    storm, dinner = steps(show)[1:]
    assert (storm.fade, storm.follow, storm.then) == (120.0, None, None)
    assert (dinner.at, dinner.wait, dinner.follow) == (time(20, 30), 2.0, 3600.0)
    assert (dinner.then, dinner.easing) == (0, "in")
    assert numbers(show.cues[1], table) == {
        table.index("/look/film/grain"): 0.1,
        table.index("/hud/visible"): 1.0,
    }
    assert show.looks == [[], [], ["film"]]
    assert table["/cue/jump"].choices == ("doors", "storm", "dinner")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{name: doors}", "cues[1].name: there is a cue 'doors' above"),
        ("{name: a, scene: tow}", "cues[1].scene: no scene 'tow'; did you mean two?"),
        ("{name: a, then: dors}", "cues[1].then: no cue 'dors'; did you mean doors?"),
        ("{name: a, look: [flim]}", "cues[1].look[0]: no pass 'flim'; did you mean film?"),
        ("{name: a, set: {walk/sped: 1}}", "no control 'walk/sped'; did you mean walk/speed?"),
        ("{name: a, set: {walk/speed: 9}}", "cues[1].set.walk/speed: 9 is outside 0 … 4"),
        ("{name: a, set: {walk/speed: fast}}", "'fast' is no value of it"),
        ("{name: a, set: {scene: two}}", "no control 'scene'"),
        ("{name: a, set: {cue/go: 1}}", "no control 'cue/go'"),
        ("{name: a, set: {state/held: 1}}", "no control 'state/held'"),
        ("{name: a, at: noon}", "cues[1].at: 'noon' is no time of day; write 20:30 or 20:30:15"),
        ("{name: a, at: '24:00'}", "'24:00' is no time of day"),
        ("{name: a, fade: -1s}", "'-1s' is no duration"),
        ("{name: a, easing: soft}", "cues[1].easing:"),
        ("{name: a, fads: 1s}", "unknown key; did you mean fade?"),
    ],
)
def test_every_mistake_is_named(line: str, complaint: str, shaders: Path):
    with pytest.raises(ShowError) as caught:
        loads(f"{SHOW}  - {line}\n", shaders)
    assert len(caught.value.problems) == 1
    assert complaint in str(caught.value.problems[0])
    assert str(caught.value.problems[0]).startswith("show.yaml:6:")
