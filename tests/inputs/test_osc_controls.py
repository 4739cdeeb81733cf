"""What OSC messages do to the table's rows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.parameters import Kind, Parameter, Scope, Table
from installation.control.rows import house_rows
from installation.inputs.osc_controls import REARM, Controls, UnknownAddressError
from installation.inputs.osc_wire import Argument, Message, Refused
from installation.inputs.protocol import Update

TABLE = Table(house_rows(["sea", "sky"]))
RAW = "/wall/distance"
RAW_AND_ROW = "/walk/tide"


@pytest.fixture
def controls() -> Controls:
    return Controls(TABLE, {RAW, RAW_AND_ROW})


def read(controls: Controls, address: str, *args: Argument, at: float = 0.0) -> list[Update]:
    return controls.read(Message(address, args), at)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.address)
def test_every_row_takes_what_suits_it(row: Parameter) -> None:
    updates = lambda: read(Controls(TABLE, ()), row.address, 1)  # noqa: E731
    if row.scope is Scope.STATE:
        with pytest.raises(Refused, match="read-only"):
            updates()
    else:
        assert updates() == [Update(row.address, 1.0, 0.0, press=row.kind is Kind.TRIGGER)]


@pytest.mark.parametrize(("sent", "value"), [(True, 1), (False, 0), (1, 1), (0, 0), (1.0, 1)])
def test_a_switch_takes_truth_and_numbers(controls: Controls, sent: Argument, value: float) -> None:
    assert read(controls, "/master/blackout", sent) == [Update("/master/blackout", value, 0.0)]


@pytest.mark.parametrize(("sent", "value"), [("sky", 1), ("sea", 0), (1, 1), (1.0, 1)])
def test_a_choice_takes_its_name_or_its_place(
    controls: Controls, sent: Argument, value: float
) -> None:
    assert read(controls, "/scene", sent) == [Update("/scene", value, 0.0)]


def test_an_unknown_choice_is_refused_with_those_there_are(controls: Controls) -> None:
    with pytest.raises(Refused, match=r"/scene: no choice 'moon'; there are sea, sky"):
        read(controls, "/scene", "moon")


def test_a_pad_sends_both_axes_in_one_message(controls: Controls) -> None:
    updates = read(controls, "/steer", 0.5, -1)
    assert updates == [Update("/steer/x", 0.5, 0.0), Update("/steer/y", -1.0, 0.0)]


@pytest.mark.parametrize(
    ("address", "args"),
    [
        ("/walk/speed", ()),
        ("/walk/speed", (1.0, 2.0)),
        ("/walk/speed", ("fast",)),
        ("/walk/speed", (math.nan,)),
        ("/walk/speed", (math.inf,)),
        ("/steer", (1.0,)),
        ("/steer", (1.0, math.nan)),
        ("/scene/next", ("now",)),
        ("/scene/next", (math.nan,)),
        ("/state/crossfade", (1.0,)),
        ("/audio/level", (1.0,)),
        (RAW, (-math.inf,)),
        (RAW, ("near",)),
    ],
)
def test_what_does_not_suit_is_refused(
    controls: Controls, address: str, args: tuple[Argument, ...]
) -> None:
    with pytest.raises(Refused, match=f"^{address}: "):
        read(controls, address, *args)


@pytest.mark.parametrize("address", ["/", "/walk", "/walk/speed/", "/Walk/Speed", "/wall"])
def test_addresses_are_exact(controls: Controls, address: str) -> None:
    with pytest.raises(UnknownAddressError):
        read(controls, address, 1.0)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_raw_address_takes_any_finite_number(value: float) -> None:
    for address in (RAW, RAW_AND_ROW):
        controls = Controls(TABLE, {RAW, RAW_AND_ROW})
        assert read(controls, address, value) == [Update(address, value, 0.0)]


def test_a_button_held_by_touchdesigner_presses_once(controls: Controls) -> None:
    channel = [0, 0, 1, 1, 1, 1, 0, 0, 0.4, 1, 0]
    presses = [read(controls, "/scene/next", v, at=n / 60) for n, v in enumerate(channel)]
    assert [len(updates) for updates in presses] == [0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0]
    assert all(update.press and update.value == 1 for updates in presses for update in updates)


def test_every_bare_message_is_a_press(controls: Controls) -> None:
    assert all(len(read(controls, "/scene/next", at=n / 60)) == 1 for n in range(5))


def test_a_button_without_releases_presses_again_after_a_while(controls: Controls) -> None:
    times = [0.0, 0.5, 1.4, 1.4 + REARM, 5.0]
    presses = [len(read(controls, "/scene/next", 1, at=at)) for at in times]
    assert presses == [1, 0, 0, 1, 1]


def test_a_new_sender_that_starts_at_one_presses(controls: Controls) -> None:
    assert len(read(controls, "/scene/safe", 1.0)) == 1


@given(st.lists(st.floats(-1, 1)))
def test_presses_are_the_rising_edges(values: list[float]) -> None:
    controls = Controls(TABLE, ())
    presses = sum(len(read(controls, "/scene/next", v, at=n / 60)) for n, v in enumerate(values))
    before = [0.0, *values]
    assert presses == sum(a <= 0 < b for a, b in zip(before, values, strict=False))
