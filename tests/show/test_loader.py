import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.parameters import Kind
from installation.errors import Problem, ShowError
from installation.memory import Arena
from installation.session import ROOT, SECTIONS, SHADERS
from installation.show.diff import network
from installation.show.loader import load, loads
from installation.show.looks import pass_rows
from installation.show.outputs import only
from installation.show.shared import FIRST, newest, publish, receive

SHIPPED = (ROOT / "show.yaml").read_text(encoding="utf-8")
PASS = """
uniform sampler2D picture;
uniform float grain;   // 0.03 [0, 0.2] film grain
uniform float shift; // -1 [-2,2]
uniform float hidden;
"""
GOOD = """
models: {card: {test_card: {}}}
scenes:
  one: {model: card, look: [film]}
"""


@pytest.fixture
def shaders(tmp_path: Path) -> Path:
    (tmp_path / "film.frag").write_text(PASS)
    return tmp_path


def mistakes_in(text: str) -> list[Problem] | None:
    """What the loader says of a text; None when it loads."""
    try:
        loads(text, SHADERS)
    except ShowError as error:
        return error.problems
    return None


def problems(text: str, shaders: Path) -> list[str]:
    with pytest.raises(ShowError) as caught:
        loads(text, shaders)
    return [str(problem).removeprefix("show.yaml:") for problem in caught.value.problems]


def test_the_shipped_show_loads():
    show, table = load(ROOT / "show.yaml", SHADERS)
    assert show.scenes
    assert "/walk/speed" in table
    assert {row.address for row in table if row.group == "look"}


def test_a_small_show_is_filled_with_defaults(shaders: Path):
    show, table = loads(GOOD, shaders)
    assert [window.size for window in only(show.outputs)] == [(1280, 720)]
    assert show.inputs.osc
    assert show.inputs.osc.listen == "127.0.0.1"
    assert show.panel
    assert show.panel.listen == "127.0.0.1"
    assert table["/scene"].choices == ("one",)
    grain = table["/look/film/grain"]
    assert (grain.default, grain.low, grain.high, grain.help) == (0.03, 0.0, 0.2, "film grain")


def test_only_annotated_uniforms_become_controls():
    rows = pass_rows("film", PASS)
    assert [row.address for row in rows] == ["/look/film/grain", "/look/film/shift"]
    assert (rows[1].default, rows[1].low, rows[1].high) == (-1, -2, 2)
    assert {row.kind for row in rows} == {Kind.FLOAT}


SCHEMA_FAULTS = """title: 3
models:
  sea: {test_card: {size: 1x1, falt: none}}
  Big One: models/x
scenes:
  waves:
    model: sea
    walk: {kind: wave, period: soon}
    stear: {}
  empty: {}
inputs:
  osc:
    port: 99999
  keys:
    b: [1]
house_colour: blue
colour: red
"""


def test_every_fault_of_the_schema_is_told_with_its_line(shaders: Path):
    found = problems(SCHEMA_FAULTS, shaders)
    starts = [
        "1: title: ",
        "3: models.sea.test_card.size: 1x1 is no size",
        "3: models.sea.test_card.falt: unknown key; did you mean fault?",
        "4: models.Big One: ",
        "8: scenes.waves.walk.kind: ",
        "8: scenes.waves.walk.period: 'soon' is no duration",
        "9: scenes.waves.stear: unknown key; did you mean steer?",
        "10: scenes.empty: a scene has a model, or several as models: [",
        "13: inputs.osc.port: ",
        "15: inputs.keys.b: ",
        "16: house_colour: ",
        "17: colour: unknown key",
    ]
    assert len(found) == len(starts), found
    for problem, start in zip(found, starts, strict=True):
        assert problem.startswith(start)


REFERENCE_FAULTS = """models: {sea: models/waves, sky: models/sky}
scenes:
  waves:
    model: see
    look: [film, flim]
    axes: {x: foam, z: foam}
    steer:
      walk/sped: {from: osc/a}
      walk/speed: {from: audio/treble}
      state/crossfade: {from: audio/bass}
      scene/next: {from: audio/onset}
      walk/tide: {from: [osc/a, audio/bas], range: [0, 1]}
      walk/spread: {from: audio/bass, mode: step, range: [0, 1]}
inputs:
  keys:
    b: master/blackuot
    q: quit
"""


def test_every_name_that_leads_nowhere_is_told_with_its_line(shaders: Path):
    found = problems(REFERENCE_FAULTS, shaders)
    starts = [
        "4: scenes.waves.model: no model 'see'; did you mean sea?",
        "5: scenes.waves.look[1]: no pass 'flim'; did you mean film?",
        "6: scenes.waves.axes.z: allowed: ",
        "8: scenes.waves.steer.walk/sped: no control 'walk/sped'; did you mean walk/speed?",
        "9: scenes.waves.steer.walk/speed.from: no 'audio/treble'",
        "10: scenes.waves.steer.state/crossfade: no control",
        "11: scenes.waves.steer.scene/next: scene/next is pressed",
        "12: scenes.waves.steer.walk/tide.from: no 'audio/bas'; did you mean audio/bass?",
        "13: scenes.waves.steer.walk/spread.mode: sound has no steps",
        "16: inputs.keys.b: no control 'master/blackuot'; did you mean master/blackout?",
    ]
    assert len(found) == len(starts), found
    for problem, start in zip(found, starts, strict=True):
        assert problem.startswith(start)


def test_faults_of_the_text_and_of_the_schema_are_told_together(shaders: Path):
    found = problems(GOOD + "title: a\ntitle: b\ncolour: !red 1\n", shaders)
    assert [problem.partition(":")[0] for problem in found] == ["6", "7", "7"]


@pytest.mark.parametrize("text", ["", "# nothing", "~", "[]", "3", "models", "- a\n- b"])
def test_what_is_no_show_at_all_is_an_error_with_words(text: str, shaders: Path):
    found = problems(text, shaders)
    assert found
    assert all(len(problem) > len("1: is missing") for problem in found)


def test_names_that_look_like_types_hide_no_fault(shaders: Path):
    text = GOOD.replace("one:", "str:").replace("model: card,", "model: card, foo: {a: 1},")
    assert problems(text, shaders)[0].startswith("4: scenes.str.foo: unknown key")


@pytest.mark.parametrize("name", ["model", "scenes", "str"])
def test_a_scene_may_have_any_name(name: str, shaders: Path):
    text = GOOD.replace("one:", f"{name}:").replace("model: card, ", "")
    (found,) = problems(text, shaders)
    assert found.startswith(f"4: scenes.{name}: a scene has a model, or several as models: [")


def test_a_scene_of_several_models_names_each_as_it_plays(shaders: Path):
    several = GOOD.replace("model: card,", "models: [card, card/03], passing: {each: 5s},")
    show, _ = loads(several, shaders)
    scene = next(iter(show.scenes.values()))
    assert [scene.played(n).model for n in range(2)] == scene.cast == ["card", "card/03"]
    assert network(show, scene, 1) == network(show, scene, 0)  # a test card has no moments
    assert type(show).model_validate_json(show.model_dump_json(by_alias=True)) == show
    wrong = GOOD.replace("model: card,", "models: [card, cart],")
    assert problems(wrong, shaders) == [
        "4: scenes.one.models[1]: no model 'cart'; did you mean card?"
    ]
    both = GOOD.replace("model: card,", "model: card, models: [card],")
    assert "a scene has a model, or several" in problems(both, shaders)[0]


def test_a_bad_name_is_told_by_its_own_name(shaders: Path):
    assert problems(GOOD.replace("one:", "One:"), shaders)[0].startswith("4: scenes.One: ")


LINES = SHIPPED.splitlines()
WORDS = [
    "",
    "{",
    "]",
    ": ",
    "- ",
    "null",
    "-1",
    "1e400",
    ".nan",
    "str",
    "!x",
    "*a",
    "&a",
    "\t",
    "é",
]


@given(st.integers(0, 2**32), st.integers(1, 4))
def test_a_show_with_random_mistakes_loads_or_is_explained(seed: int, mistakes: int):
    dice = random.Random(seed)
    lines = list(LINES)
    for _ in range(mistakes):
        at = dice.randrange(len(lines))
        line = lines[at]
        cut, end = sorted(dice.choices(range(len(line) + 1), k=2))
        lines[at] = dice.choice(
            [
                line[:cut] + line[end:],
                line[:cut] + dice.choice(WORDS) + line[end:],
                line + "\n" + dice.choice(lines),
                " " * dice.randrange(6) + line.strip(),
                "",
            ]
        )
    text = "\n".join(lines)
    found = mistakes_in(text)
    assert found != []
    for problem in found or ():
        assert "\n" not in str(problem)
        assert 1 <= problem.line <= len(text.splitlines()) + 1


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["model", "from", "str", "size", "osc", "a"]), inner)
    ),
    max_leaves=6,
)
TOP = ["title", "models", "scenes", "inputs", "outputs", "panel", "house_colour", "decks"]


@given(st.dictionaries(st.sampled_from(TOP), ANY))
def test_any_data_loads_or_is_explained(data: dict[str, object]):
    assert mistakes_in(json.dumps(data)) != []


def test_a_show_reaches_the_children_unchanged():
    show, table = load(ROOT / "show.yaml", SHADERS)
    arena = Arena.create(SECTIONS)
    with pytest.raises(LookupError):
        receive(arena)
    publish(arena, show, table)
    edition = receive(arena)
    received, rows = edition.show, edition.table
    assert edition.number == FIRST == newest(arena)
    assert received == show
    assert rows.fingerprint == table.fingerprint


def test_wrong_keys_do_not_hide_wrong_names(tmp_path: Path):
    (tmp_path / "finish.frag").write_text("")
    text = """
models: {sea: models/waves}
scenes:
  a:
    model: see
    loook: [finish]
    walk: {period: 90x}
    steer: {walk/sped: {from: audio/level, in: [0, yes]}}
"""
    with pytest.raises(ShowError) as caught:
        loads(text, tmp_path)
    said = "\n".join(map(str, caught.value.problems))
    for words in (
        "no model 'see'",
        "unknown key",
        "no duration",
        "no control 'walk/sped'",
        "in[1]",
    ):
        assert words in said, words


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ("{crop: [0.5, 0, 0.6, 1]}", "leaves the canvas"),
        ("{corners: [[0, 0], [1, 1], [1, 0], [0, 1]]}", "no plain quad"),
        ("{rotate: 45}", "90"),
        ("{mesh: 1x4}", "greater than or equal to 2"),
        ("{mesh: many}", "write points across x down"),
        ("{screen: -1}", "greater than or equal to 0"),
    ],
)
def test_a_window_that_cannot_be_is_explained(shaders: Path, window: str, words: str):
    with pytest.raises(ShowError) as caught:
        loads(f"{GOOD}\noutputs: [{{window: {window}}}]\n", shaders)
    said = "\n".join(map(str, caught.value.problems))
    assert words in said
    assert "outputs[0].window" in said


def test_an_output_is_one_thing(shaders: Path):
    with pytest.raises(ShowError, match="write one of"):
        loads(f"{GOOD}\noutputs: [{{}}]\n", shaders)


def test_a_wrong_model_is_not_blamed_on_its_scenes(tmp_path: Path):
    (tmp_path / "finish.frag").write_text("")
    with pytest.raises(ShowError) as caught:
        loads("models: {sea: 5}\nscenes: {a: {model: sea}}\n", tmp_path)
    assert all(problem.path.startswith("models") for problem in caught.value.problems)
