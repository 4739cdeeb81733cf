"""What a new show.yaml asks of the running show."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.show.diff import GONE, compare, moved, network
from installation.show.loader import loads
from installation.show.schema import Show

SHOW = """
title: A
models:
  card: {test_card: {size: 64x64}}
  other: {test_card: {size: 96x96}}
scenes:
  one: {model: card, look: []}
  two: {model: other, look: []}
inputs: {osc: {port: 9000}, audio: null, keys: {b: master/blackout}}
panel: {port: 8080}
"""


def read(*changes: tuple[str, str]) -> Show:
    text = SHOW
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return loads(text, Path("nowhere"))[0]


@pytest.mark.parametrize(
    ("old", "new", "paths", "restart"),
    [
        ("title: A", "title: B", ("title",), set()),
        ("port: 9000", "port: 9001", ("inputs.osc.port",), {"desk"}),
        ("{port: 9000}", "{port: 9000, feedback: '127.0.0.1:7'}", ("inputs.osc.feedback",), set()),
        ("{port: 9000}", "null", ("inputs.osc",), {"desk"}),
        ("audio: null", "audio: {device: mic}", ("inputs.audio",), {"desk"}),
        ("port: 8080", "port: 8081", ("panel.port",), {"desk"}),
        ("b: master", "c: master", ("inputs.keys.b", "inputs.keys.c"), set()),
        ("title: A", "title: A\noutputs: [{window: {screen: 1}}]", ("outputs",), {"stage"}),
        ("card, look: []}", "card, look: [], walk: {seed: 3}}", ("scenes.one.walk.seed",), set()),
        ("card, look: []}", "other, look: []}", ("scenes.one.model",), set()),
        ("two:", "three:", ("scenes.two", "scenes.three"), set()),
    ],
)
def test_a_change_is_named_and_only_devices_start_again(old, new, paths, restart):
    change = compare(read(), read((old, new)))
    assert change.paths == paths
    assert change.restart == restart
    assert str(change).startswith(paths[0])
    assert ("starts again" in str(change)) is bool(restart)


def test_the_same_show_is_no_change():
    assert compare(read(), read()).paths == ()


def test_scenes_in_another_order():
    one, two = "  one: {model: card, look: []}\n", "  two: {model: other, look: []}\n"
    change = compare(read(), read((one + two, two + one)))
    assert change.paths == ("scenes.(order)",)
    assert moved(read(), read((one + two, two + one))) == [1, 0]


names = st.lists(st.sampled_from("abcdef"), min_size=1, unique=True)


@given(names, names)
def test_every_scene_is_found_again_by_its_name(before, after):
    def show(scenes: list[str]) -> Show:
        return Show.model_validate(
            {"models": {"m": {"test_card": {}}}, "scenes": {n: {"model": "m"} for n in scenes}}
        )

    for name, place in zip(before, moved(show(before), show(after)), strict=True):
        assert place == (after.index(name) if name in after else GONE)


def test_a_network_is_its_file_and_how_it_is_run_not_its_name():
    show = read(("other: {test_card: {size: 96x96}}", "other: {test_card: {size: 64x64}}"))
    one, two = show.scenes.values()
    assert network(show, one) == network(show, two)
    faster = read(("title: A", "title: A\ndecks: {backend: torch}"))
    assert network(show, one) != network(faster, next(iter(faster.scenes.values())))
