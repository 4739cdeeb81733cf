import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.parameters import Kind, Parameter, Scope, Table
from installation.control.rows import house_rows

TABLE = Table(house_rows(["sea", "sky"]))
ROWS = pytest.mark.parametrize("row", list(TABLE), ids=lambda row: row.address)


@ROWS
def test_a_row_is_fit_to_be_an_address_and_a_widget(row: Parameter):
    assert re.fullmatch(r"(/[a-z0-9_]+){1,3}", row.address)
    assert row.low <= row.default <= row.high
    assert row.low < row.high
    assert row.smooth >= 0
    assert row.curve > 0
    assert row.help
    assert not row.help.endswith(".")
    assert (row.kind is Kind.CHOICE) == bool(row.choices)
    assert row.kind is not Kind.BOOL or (row.low, row.high) == (0, 1)


@given(st.data(), st.sampled_from(list(TABLE)))
def test_a_clamped_value_is_in_range_and_stays_what_it_is(data: st.DataObject, row: Parameter):
    value = row.clamp(data.draw(st.floats(allow_nan=False)))
    assert row.low <= value <= row.high
    assert row.clamp(value) == value
    assert row.kind is Kind.FLOAT or value == round(value)


def test_a_table_survives_its_way_to_a_child():
    copy = Table.from_json(TABLE.to_json())
    assert copy.rows == TABLE.rows
    assert copy.fingerprint == TABLE.fingerprint


def test_another_table_has_another_fingerprint():
    tables = [Table(house_rows(scenes)) for scenes in (["a"], ["b"], ["a", "b"])]
    assert len({table.fingerprint for table in tables}) == 3


def test_a_row_is_found_by_its_address():
    for place, row in enumerate(TABLE):
        assert TABLE.index(row.address) == place
        assert TABLE[row.address] is row
        assert row.address in TABLE
    assert "/no/such" not in TABLE
    with pytest.raises(KeyError):
        TABLE.index("/no/such")


def test_two_rows_cannot_share_an_address():
    row = TABLE["/walk/speed"]
    with pytest.raises(ValueError, match="share an address"):
        Table([row, row])


def test_groups_and_scopes():
    assert TABLE["/master/blackout"].group == "master"
    assert TABLE["/scene"].group == "scene"
    read_only = {row.group for row in TABLE if row.scope is Scope.STATE}
    assert read_only == {"audio", "state"}
