import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from installation.control.arbitration import HOLD, Arbiter, Hand
from installation.control.parameters import Kind, Table
from installation.control.rows import house_rows

TABLE = Table(house_rows(["sea", "sky", "card"]))
SPEED = TABLE.index("/walk/speed")
FREEZE = TABLE.index("/master/freeze")
NEXT = TABLE.index("/scene/next")
DT = 1 / 120
HANDS = [Hand.ROUTE, Hand.CUE, Hand.OSC, Hand.PANEL, Hand.KEY]
hands = st.sampled_from(HANDS)
TRIGGERS = [i for i, row in enumerate(TABLE) if row.kind is Kind.TRIGGER]
OTHERS = [i for i, row in enumerate(TABLE) if row.kind is not Kind.TRIGGER]


def settle(arbiter: Arbiter, now: float, seconds: float = 8.0) -> np.ndarray:
    for i in range(1, round(seconds / DT) + 1):
        arbiter.step(now + i * DT, DT)
    return arbiter.values


def test_it_starts_at_the_defaults():
    assert list(Arbiter(TABLE).step(0.0, DT)) == [row.default for row in TABLE]


@pytest.mark.parametrize(("weak", "strong"), list(itertools.combinations(HANDS, 2)))
def test_a_stronger_hand_wins_whoever_came_first(weak: Hand, strong: Hand):
    for order in ((weak, strong), (strong, weak)):
        arbiter = Arbiter(TABLE)
        for hand in order:
            arbiter.touch(hand, SPEED, 1.0 + hand / 10, 100.0)
        settle(arbiter, 100.0, 4.0)
        assert arbiter.holder[SPEED] == strong
        assert arbiter.values[SPEED] == pytest.approx(1.0 + strong / 10, abs=1e-2)


@given(hands, st.floats(0, HOLD - 0.01))
def test_a_hand_holds_for_five_seconds_against_those_below(hand: Hand, later: float):
    arbiter = Arbiter(TABLE)
    arbiter.touch(hand, SPEED, 3.0, 0.0)
    arbiter.touch(Hand(hand - 1) or Hand.ROUTE, SPEED, 0.5, later)
    arbiter.step(HOLD - 0.005, DT)
    assert arbiter.holder[SPEED] == hand


def test_then_the_living_route_takes_over_in_a_glide():
    arbiter = Arbiter(TABLE)
    arbiter.touch(Hand.KEY, SPEED, 4.0, 0.0)
    values = []
    for i in range(round(10 / DT)):
        arbiter.touch(Hand.ROUTE, SPEED, 0.5, i * DT)
        values.append(arbiter.step(i * DT, DT)[SPEED])
    held, after = values[round(4.9 / DT)], values[round(5.1 / DT) :]
    assert held == pytest.approx(4.0, abs=1e-2)
    assert np.abs(np.diff(values)).max() <= (4.0 - 0.5) * DT / 0.2
    assert (np.diff(after) <= 1e-12).all()
    assert after[-1] == pytest.approx(0.5, abs=1e-2)


def test_without_a_route_it_stays_where_the_last_hand_left_it():
    arbiter = Arbiter(TABLE)
    arbiter.touch(Hand.PANEL, SPEED, 2.0, 0.0)
    assert settle(arbiter, 0.0, 30.0)[SPEED] == pytest.approx(2.0)


touches = st.lists(
    st.tuples(hands, st.sampled_from(OTHERS), st.floats() | st.floats(-5, 5), st.floats(0, 4)),
    max_size=25,
)


@given(touches)
def test_values_are_finite_whole_and_within_their_ranges(played):
    arbiter, now = Arbiter(TABLE), 0.0
    for hand, index, value, wait in played:
        assert arbiter.touch(hand, index, value, now) == bool(np.isfinite(value))
        now += wait
        values = arbiter.step(now, wait)
        for row, got in zip(TABLE, values, strict=True):
            assert row.low - 1e-9 <= got <= row.high + 1e-9
            assert row.kind is Kind.FLOAT or got == round(got)


@given(st.lists(st.tuples(hands, st.sampled_from(TRIGGERS), st.booleans()), max_size=40))
def test_no_press_is_lost_whoever_presses_and_whenever_it_ticks(presses):
    arbiter, now = Arbiter(TABLE), 0.0
    for hand, index, tick in presses:
        arbiter.press(hand, index, now)
        if tick:
            now += DT
            arbiter.step(now, DT)
    values = arbiter.step(now + DT, DT)
    for index in TRIGGERS:
        assert values[index] == sum(pressed == index for _, pressed, _ in presses)


@given(touches)
def test_reset_brings_every_control_home_and_forgets_no_press(played):
    arbiter, now = Arbiter(TABLE), 0.0
    arbiter.press(Hand.KEY, NEXT, now)
    for hand, index, value, wait in played:
        arbiter.touch(hand, index, value, now)
        now += wait
        arbiter.step(now, wait)
    arbiter.reset(now)
    values = settle(arbiter, now, 8.0)
    home = [row.default for row in TABLE]
    home[NEXT] = 1.0
    for index, row in enumerate(TABLE):
        if not row.resets:  # the doors stay as somebody left them
            home[index] = values[index]
    assert values == pytest.approx(home, abs=1e-3)


def test_a_released_hand_glides_back_to_who_held_before():
    arbiter = Arbiter(TABLE)
    arbiter.touch(Hand.PANEL, SPEED, 2.0, 0.0)
    settle(arbiter, 0.0, 6.0)
    arbiter.touch(Hand.ROUTE, SPEED, 3.0, 6.0)
    settle(arbiter, 6.0, 4.0)
    arbiter.release(Hand.ROUTE, SPEED)
    before = arbiter.values[SPEED]
    assert arbiter.step(10.01, 0.01)[SPEED] == pytest.approx(before, abs=0.05)
    assert settle(arbiter, 10.01)[SPEED] == pytest.approx(2.0, abs=1e-3)


@given(st.data())
def test_a_restarted_desk_goes_on_with_the_values_and_counts_it_finds(data: st.DataObject):
    left = np.array([data.draw(st.floats(row.low, min(row.high, 1e6))) for row in TABLE])
    left = np.array([row.clamp(value) for row, value in zip(TABLE, left, strict=True)])
    arbiter = Arbiter(TABLE)
    arbiter.restore(left, 1000.0)
    assert arbiter.values == pytest.approx(left)
    assert arbiter.step(1000.0 + DT, DT) == pytest.approx(left)
    arbiter.press(Hand.OSC, NEXT, 1000.0 + DT)
    assert arbiter.step(1000.0 + 2 * DT, DT)[NEXT] == left[NEXT] + 1


def test_restored_values_do_not_hold_off_a_route():
    arbiter = Arbiter(TABLE)
    arbiter.restore(np.array([row.default for row in TABLE]), 1000.0)
    arbiter.touch(Hand.ROUTE, SPEED, 3.0, 1000.0)
    assert arbiter.step(1000.0, DT)[SPEED] < 3.0
    assert arbiter.holder[SPEED] == Hand.ROUTE


def test_a_switch_jumps():
    arbiter = Arbiter(TABLE)
    arbiter.touch(Hand.KEY, FREEZE, 1.0, 0.0)
    assert arbiter.step(0.0, DT)[FREEZE] == 1.0
