"""The table as OSCQuery describes it: the proposal's rules, node by node."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.parameters import Kind, Parameter, Scope, Table
from installation.control.rows import house_rows
from installation.inputs.osc_controls import Controls
from installation.inputs.osc_wire import Message, decode
from installation.panel.oscquery import ATTRIBUTES, Node, Query, Space, host_info

BEAT = Parameter("/walk/beat", Kind.INT, 4, 1, 16, "pictures a bar", "s")
TABLE = Table([*house_rows(["sea", "sky"]), BEAT])
VALUES = [row.default for row in TABLE]
SPACE = Space(TABLE)


def ask(path: str, attribute: str = "") -> tuple[int, Node | None]:
    return SPACE.answer(Query(path, attribute), VALUES, "all is well")


def node(path: str) -> Node:
    status, body = ask(path)
    assert status == 200
    assert body is not None
    return body


def leaves(tree: Node) -> list[Node]:
    inner = [leaf for child in tree.get("CONTENTS", {}).values() for leaf in leaves(child)]
    return ([tree] if "TYPE" in tree else []) + inner


def test_the_tree_holds_every_row_once_under_its_own_name():
    tree = node("/")
    found = leaves(tree)
    rows = [row.address for row in TABLE]
    others = ["/scene/value", "/state/status"]
    assert sorted(leaf["FULL_PATH"] for leaf in found) == sorted([*rows, *others])
    assert set(tree["CONTENTS"]) == {row.group for row in TABLE}
    assert tree["CONTENTS"]["walk"]["CONTENTS"]["speed"] == node("/walk/speed")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.address)
def test_every_node_says_what_the_row_is(row: Parameter):
    one = node(row.address)
    assert one["DESCRIPTION"] == row.help
    assert len(one["TYPE"]) == 1
    assert one["ACCESS"] == (
        1 if row.scope is Scope.STATE else 2 if row.kind is Kind.TRIGGER else 3
    )
    for attribute in ("VALUE", "RANGE", "CLIPMODE", "UNIT"):
        assert attribute not in one or len(one[attribute]) == len(one["TYPE"])
    assert ("VALUE" in one) == (row.kind is not Kind.TRIGGER)


def test_a_control_that_is_a_folder_too_is_inside_it_a_second_time():
    outer, inner = node("/scene"), node("/scene/value")
    assert inner == {key: value for key, value in outer.items() if key != "CONTENTS"} | {
        "FULL_PATH": "/scene/value"
    }
    assert outer["CONTENTS"]["value"] == inner
    assert "CONTENTS" not in inner
    (update,) = Controls(TABLE, ()).read(Message("/scene/value", ("sky",)), 0.0)
    assert (update.address, update.value) == ("/scene", 1.0)
    (message,) = decode(SPACE.packet(SPACE.place("/scene/value") or 0, 1.0, "/scene/value"))
    assert message == Message("/scene/value", ("sky",))


def test_how_the_show_is_can_be_read_as_text():
    one = node("/state/status")
    assert (one["TYPE"], one["ACCESS"], one["VALUE"]) == ("s", 1, ["all is well"])
    assert ask("/state/status", "VALUE") == (200, {"VALUE": ["all is well"]})


def test_a_number():
    assert node("/walk/speed") == {
        "FULL_PATH": "/walk/speed",
        "TYPE": "f",
        "ACCESS": 3,
        "DESCRIPTION": TABLE["/walk/speed"].help,
        "RANGE": [{"MIN": 0.0, "MAX": 4.0}],
        "CLIPMODE": ["both"],
        "UNIT": ["x"],
        "VALUE": [1.0],
    }


def test_a_whole_number_is_whole():
    one = node("/walk/beat")
    assert (one["TYPE"], one["VALUE"], one["RANGE"]) == ("i", [4], [{"MIN": 1, "MAX": 16}])
    assert all(type(number) is int for number in (*one["VALUE"], *one["RANGE"][0].values()))
    assert one["UNIT"] == ["time.second"]


def test_a_switch_a_choice_and_a_trigger():
    switch, choice, press = map(node, ("/master/freeze", "/scene", "/scene/next"))
    assert (switch["TYPE"], switch["VALUE"]) == ("T", [False])
    assert (choice["TYPE"], choice["VALUE"]) == ("s", ["sea"])
    assert choice["RANGE"] == [{"VALS": ["sea", "sky"]}]
    assert "CONTENTS" in choice
    assert (press["TYPE"], press["ACCESS"]) == ("I", 2)


@pytest.mark.parametrize(
    ("path", "attribute", "status", "body"),
    [
        ("/walk/speed", "VALUE", 200, {"VALUE": [1.0]}),
        ("/walk/speed", "TYPE", 200, {"TYPE": "f"}),
        ("/state/crossfade", "ACCESS", 200, {"ACCESS": 1}),
        ("/walk", "ACCESS", 200, {"ACCESS": 0}),
        ("/walk", "VALUE", 200, {}),
        ("/walk/speed", "CONTENTS", 200, {}),
        ("/scene/next", "VALUE", 204, None),
        ("/scene/next", "RANGE", 200, {}),
    ],
)
def test_single_attributes(path: str, attribute: str, status: int, body: Node | None):
    assert ask(path, attribute) == (status, body)


@pytest.mark.parametrize("attribute", ["value", "OVERLOADS", "x" * 5000, "\0", "../etc"])
def test_an_unknown_attribute_is_a_bad_request(attribute: str):
    status, body = ask("/walk/speed", attribute)
    assert status == 400
    assert body is not None
    assert len(body["ERROR"]) < 200


@pytest.mark.parametrize("path", ["/nobody", "/walk/speed/x", "/Walk", "//", "/walk/*", "x" * 9000])
def test_an_unknown_path_is_not_found(path: str):
    for attribute in ("", "VALUE", "nonsense"):
        status, body = ask(path, attribute)
        assert status == 404
        assert body is not None
        assert len(body["ERROR"]) < 200


@given(st.text(), st.text() | st.sampled_from(ATTRIBUTES))
def test_nothing_that_is_asked_can_raise(path: str, attribute: str):
    assert ask(path, attribute)[0] in (200, 204, 400, 404)


def test_the_host_names_the_udp_port_and_claims_only_what_there_is():
    info = host_info("Tides", 9000, 8080)
    assert (info["NAME"], info["OSC_PORT"], info["OSC_TRANSPORT"]) == ("Tides", 9000, "UDP")
    claimed = {name for name, there in info["EXTENSIONS"].items() if there}
    assert claimed - {"LISTEN"} <= set(ATTRIBUTES)
    assert "OSC_PORT" not in host_info("Tides", None, 8080)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.address)
def test_what_is_told_can_be_sent_back_unchanged(row: Parameter):
    """A client that returns a packet it got asks for the value there is."""
    place = TABLE.index(row.address)
    for value in (row.low, min(row.high, 100.0)):
        (message,) = decode(SPACE.packet(place, value))
        assert message.address == row.address
        if row.scope is not Scope.STATE:
            (update,) = Controls(TABLE, ()).read(message, 0.0)
            assert update.press or update.value == pytest.approx(value, rel=1e-6)


@pytest.mark.parametrize("path", [None, 3, ["/walk/speed"], {}, "/walk", "/nobody", ""])
def test_only_rows_have_a_place(path: object):
    assert SPACE.place(path) is None
