import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.show import yaml12

NULLS = ["~", "null", "Null", "NULL", ""]
SCALARS = {
    "true": True,
    "False": False,
    "TRUE": True,
    "0": 0,
    "010": 10,
    "-7": -7,
    "+12": 12,
    "0o17": 15,
    "0x1F": 31,
    "1e3": 1000.0,
    "-1.5E-2": -0.015,
    ".5": 0.5,
    "1.": 1.0,
    ".inf": math.inf,
    "-.INF": -math.inf,
    "+.Inf": math.inf,
}
# What YAML 1.1 takes for something else.
TEXTS = ["on", "off", "yes", "No", "y", "n", "20:30", "2026-11-21", "1_000", "0b1", "08h", "-0x1F"]


def parse(text: str) -> yaml12.Document:
    return yaml12.parse(text)


def only(text: str) -> str:
    """The one problem of a text."""
    problems = parse(text).problems
    assert len(problems) == 1, problems
    return str(problems[0])


@pytest.mark.parametrize(("text", "value"), SCALARS.items())
def test_plain_scalars_follow_the_core_schema(text: str, value: object):
    got = parse(f"a: {text}").data["a"]
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize("text", NULLS)
def test_nothing_is_null(text: str):
    assert parse(f"a: {text}").data == {"a": None}


@pytest.mark.parametrize("text", TEXTS)
def test_the_traps_of_the_old_standard_are_text(text: str):
    assert parse(f"a: {text}").data == {"a": text}


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number(text: str):
    assert math.isnan(parse(f"a: {text}").data["a"])


@given(st.sampled_from([*SCALARS, *TEXTS, *NULLS]))
def test_quoted_scalars_are_text(text: str):
    assert parse(f"a: '{text}'").data == {"a": text}
    assert parse(f'a: "{text}"').data == {"a": text}


def test_keys_are_text_whatever_they_look_like():
    assert parse("1: a\ntrue: b\non: c\n~: d").data == {"1": "a", "true": "b", "on": "c", "~": "d"}


def test_every_path_knows_its_line():
    document = parse("# first\na:\n  - 1\n\n  - b: 2\n    c: {d: 3,\n         e: 4}\n")
    assert document.data == {"a": [1, {"b": 2, "c": {"d": 3, "e": 4}}]}
    lines = {("a",): 2, ("a", 0): 3, ("a", 1, "b"): 5, ("a", 1, "c", "e"): 7, ("a", 1, "no"): 5}
    assert {path: document.line(path) for path in lines} == lines


def test_a_key_given_twice_is_named_with_both_lines():
    assert only("a: 1\nb:\n  c: 1\n  c: 2") == (
        "show.yaml:4: b.c: given twice; the first is on line 3"
    )


TAGGED = [
    "!thing 3",
    "! 3",
    "!!str 3",
    "!!binary aGVsbG8=",
    "!!set {a}",
    "!!python/name:os.system x",
    "!!python/object/apply:os.system ['true']",
    "!<tag:yaml.org,2002:int> 3",
    "[1, {b: !x y}]",
]


@pytest.mark.parametrize("tagged", TAGGED)
def test_tags_are_refused_with_their_line(tagged: str):
    assert only(f"a: 1\nb: {tagged}").startswith("show.yaml:2: ")
    assert "tags" in only(f"a: 1\nb: {tagged}")


BAD = {
    "unclosed": "a: [1, 2",
    "tabs": "a:\n\t- 1",
    "two documents": "a: 1\n---\nb: 2",
    "unknown alias": "a: *b",
    "indentation": "a: 1\n  b: 2",
    "bad escape": r'a: "\q"',
    "escape beyond Unicode": r'a: "\U00110000"',
    "escape beyond an integer": r'a: "\UFFFFFFFF"',
    "control character": "a: \x00",
    "lone surrogate": "a: \ud800",
    "an alias of itself": "a: &a [*a]",
    "a mapping in itself": "a: &a {b: *a}",
    "too deep": "[" * 40 + "]" * 40,
    "deep by aliases": "a0: &a0 [1]\n"
    + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 500)),
    "wide by aliases": "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
    + "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 10)),
    "too large": "# " + "x" * yaml12.MAX_BYTES,
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_what_is_no_yaml_or_no_good_is_said_in_one_line(text: str):
    assert "\n" not in only(text)
    assert len(only(text)) < 300


def test_a_key_with_a_line_break_keeps_its_problem_on_one_line():
    assert "\n" not in only('"a\\nb": 1\n"a\\nb": 2')


YAMLISH = st.text("ab:-[]{}&*!|>%@'\"#,? \n\t\\x0U~.e1\ud800\x07é", max_size=60)


@given(YAMLISH | st.text(max_size=40))
def test_no_text_raises(text: str):
    for problem in parse(text).problems:
        assert "\n" not in str(problem)
        assert problem.line >= 1


@given(st.binary(max_size=60))
def test_no_file_raises(tmp_path_factory: pytest.TempPathFactory, raw: bytes):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    document = yaml12.read(path)
    assert document.file == str(path)


def test_files_that_cannot_be_read_say_why(tmp_path: Path):
    (tmp_path / "latin").write_bytes(b"title: Mar\xe9e")
    (tmp_path / "large").write_bytes(b"#" * (yaml12.MAX_BYTES + 1))
    for name, word in {
        "latin": "UTF-8",
        "large": "larger than 256 kB",
        "missing": "cannot be read: No such file",
        ".": "cannot be read: Is a directory",
    }.items():
        (problem,) = yaml12.read(tmp_path / name).problems
        assert word in problem.message


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text("abc é'\"\n:#", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner),
    max_leaves=10,
)


@given(PLAIN)
def test_data_written_as_json_comes_back(data: object):
    document = parse(json.dumps(data))
    assert document.problems == []
    assert document.data == data


def test_paths_are_written_as_people_write_them():
    assert yaml12.dotted(("scenes", "waves", "look", 0)) == "scenes.waves.look[0]"
    assert yaml12.dotted(()) == ""
