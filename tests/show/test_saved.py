import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.parameters import Table
from installation.control.rows import house_rows
from installation.control.state import SOURCES, StateReader
from installation.desk.director import ASLEEP
from installation.frames.header import WALK_STATE
from installation.latent.walks import STATE
from installation.memory import Arena
from installation.session import SECTIONS
from installation.show.saved import NEVER, PLACE, Saved, first_state, kept, saved_cue, settings
from installation.show.schema import Show
from installation.show.shared import places, resume

SCENES = ["waves", "ember", "nocturne"]
TABLE = Table(house_rows(SCENES))
SHOW = Show.model_validate(
    {"models": {"m": {"test_card": {}}}, "scenes": {name: {"model": "m"} for name in SCENES}}
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
states = st.builds(
    Saved,
    st.text(max_size=20),
    st.dictionaries(st.text(max_size=9), st.tuples(*[numbers] * PLACE), max_size=3),
    st.dictionaries(st.sampled_from([row.address for row in TABLE] + ["/gone"]), numbers),
    st.fixed_dictionaries(
        {}, optional={"name": st.text(max_size=9), "seen": st.text(max_size=9), "time": numbers}
    ),
)


def test_a_place_is_a_walks_state():
    assert PLACE == WALK_STATE == STATE


@given(states)
def test_it_is_read_as_it_was_written(saved: Saved):
    assert Saved.from_bytes(saved.to_bytes()) == saved


@given(st.binary(max_size=200) | states.map(Saved.to_bytes).map(lambda body: body[:-3]))
def test_anything_else_is_a_value_error(body: bytes):
    with pytest.raises(ValueError, match=r"."):
        Saved.from_bytes(body)


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        None,
        {"scene": "waves", "places": {"waves": [0.0] * 3}, "values": {}},
        {"scene": "waves", "places": {"waves": [float("nan")] * PLACE}, "values": {}},
        {"scene": "waves", "places": {}, "values": {"/master/brightness": float("inf")}},
        {"scene": "waves", "places": {}, "values": {"/master/brightness": "on"}},
        {"scene": "waves", "places": {}, "values": {"/master/brightness": 10**400}},
        {"scene": "waves", "places": [], "values": {}},
        {"scene": "waves", "places": {}, "values": {}, "cue": []},
        {"scene": "waves", "places": {}, "values": {}, "cue": {"time": float("nan")}},
    ],
)
def test_what_is_no_saved_state_is_refused(data: object):
    with pytest.raises(ValueError, match=r"."):
        Saved.from_bytes(json.dumps(data).encode())


@given(states)
def test_a_show_never_begins_dark_frozen_or_out_of_range(saved: Saved):
    values = first_state(saved, TABLE, SCENES)
    for row, value in zip(TABLE, values, strict=True):
        assert row.low <= value <= row.high
        if row.address in NEVER:
            assert value == row.default


def test_the_machines_settings_and_the_scene_come_back_and_nothing_else():
    values = [row.default for row in TABLE]
    changed = {"/master/brightness": 0.4, "/scene/fade": 9.0, "/master/blackout": 1.0}
    changed |= {"/walk/speed": 3.0, "/scene/next": 7.0, "/hud/visible": 1.0, "/scene": 2.0}
    for address, value in changed.items():
        values[TABLE.index(address)] = value
    kept_values = settings(TABLE, values)
    assert kept_values == {"/master/brightness": 0.4, "/scene/fade": 9.0}
    begun = first_state(Saved("nocturne", {}, kept_values), TABLE, SCENES)
    told = {row.address: begun[place] for place, row in enumerate(TABLE)}
    assert told["/scene"] == told["/state/deck_a"] == 2
    assert told["/state/deck_b"] == ASLEEP
    assert told["/walk/speed"] == 1.0
    assert told["/master/brightness"] == 0.4
    assert not kept(TABLE["/master/freeze"])


def test_a_scene_that_is_gone_gives_the_first():
    assert first_state(Saved("removed"), TABLE, SCENES)[TABLE.index("/scene")] == 0


def test_the_children_find_it_as_if_a_former_run_had_left_it():
    arena, place = Arena.create(SECTIONS), tuple(float(i) for i in range(PLACE))
    assert places(arena) == {}
    gone = {f"removed {number}": place for number in range(10_000)}  # more than there is room for
    saved = Saved("ember", {**gone, "ember": place}, {"/master/brightness": 0.25})
    resume(arena, saved, SHOW, TABLE, now=12.5)
    state = StateReader(arena.section("control"), TABLE).refresh()
    assert state.written_at == 12.5
    assert state["/scene"] == state["/state/deck_a"] == 1
    assert state["/master/brightness"] == 0.25
    assert list(state.stamps) == [0.0] * 2 * len(SOURCES)
    assert places(arena) == {"ember": place}


def test_a_hold_is_not_remembered():
    state = {"name": "storm", "time": 3.5, "held": True, "following": True, "seen": ""}
    assert saved_cue(state) == {"name": "storm", "time": 3.5, "following": 1.0, "seen": ""}


def test_a_state_from_before_there_were_cues_is_read():
    old = b'{"scene": "waves", "places": {}, "values": {}}'
    assert Saved.from_bytes(old) == Saved("waves")
